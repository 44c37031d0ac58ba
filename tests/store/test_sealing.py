"""Sealing: what was sealed opens for the same purpose and place under the same key, and in no other way."""

import base64
import contextlib
import string
import traceback

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.store import EMPTY, CannotOpen, InvalidKeys, Keyring, NoKey, new_key

RING = Keyring.parse(new_key("first"))
PLACE = ("credential", "1", "c-1", "registry.example")
KEY = "+yBFao/02f4jSG2St9wBJktwlbrfBClOc5i94gcsUXY="
OTHER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

texts = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)
places = st.lists(texts, min_size=1, max_size=4).map(tuple)


@given(texts, places)
def test_what_was_sealed_opens_in_its_place(secret, place):
    assume(_is_text(place[0]))
    assert RING.open(RING.seal(SecretStr(secret), *place), *place).get_secret_value() == secret


@given(texts, places, places)
def test_in_another_place_or_for_another_purpose_nothing_opens(secret, place, other):
    assume(place != other and _is_text(place[0]) and _is_text(other[0]))
    sealed = RING.seal(SecretStr(secret), *place)
    with pytest.raises(CannotOpen):
        RING.open(sealed, *other)


def _is_text(purpose):
    """Purposes are words of the code; the place beside them may be any text."""
    return not any("\ud800" <= character <= "\udfff" for character in purpose)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(("hook", "1", "c-1", "registry.example"), id="purpose"),
        pytest.param(("credential", "2", "c-1", "registry.example"), id="installation"),
        pytest.param(("credential", "1", "c-2", "registry.example"), id="id"),
        pytest.param(("credential", "1", "c-1", "evil.example"), id="host"),
        pytest.param(("credential", "1", "c-1registry", ".example"), id="cut elsewhere"),
        pytest.param(("credential", "1", "c-1", "registry.example", ""), id="one more"),
        pytest.param(("credential", "1", 'c-1", "registry.example'), id="quotes"),
    ],
)
def test_a_text_that_was_put_into_another_row_does_not_open(other):
    sealed = RING.seal(SecretStr("hunter2"), *PLACE)
    with pytest.raises(CannotOpen, match="changed, or belongs to another row"):
        RING.open(sealed, *other)


def test_no_character_can_be_changed():
    sealed = RING.seal(SecretStr("hunter2"), *PLACE)
    for position in range(len(sealed)):
        for character in {*string.ascii_letters, *string.digits, *"-_.= \né"} - {sealed[position]}:
            with pytest.raises(CannotOpen):
                RING.open(sealed[:position] + character + sealed[position + 1 :], *PLACE)


@given(st.data())
def test_no_bit_of_nonce_or_ciphertext_can_be_changed(data):
    form, key_id, *parts = RING.seal(SecretStr("hunter2"), *PLACE).split(".")
    which = data.draw(st.integers(0, 1))
    content = bytearray(base64.urlsafe_b64decode(parts[which] + "=="))
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    parts[which] = base64.urlsafe_b64encode(content).rstrip(b"=").decode()
    with pytest.raises(CannotOpen):
        RING.open(".".join([form, key_id, *parts]), *PLACE)


@given(st.one_of(texts, st.from_regex(r"niro1\.first\.[A-Za-z0-9_=-]*\.[A-Za-z0-9_=-]*")))
def test_any_other_text_is_refused_in_the_same_way(text):
    with pytest.raises(CannotOpen):
        RING.open(text, *PLACE)


@given(texts)
def test_two_seals_of_one_text_differ(secret):
    first, second = (RING.seal(SecretStr(secret), *PLACE) for _ in range(2))
    assert set(first.split(".")) & set(second.split(".")) == {"niro1", "first"}


def test_the_form_is_the_documented_one():
    form, key_id, nonce, text = RING.seal(SecretStr("hunter2"), *PLACE).split(".")
    assert (form, key_id) == ("niro1", "first")
    assert [len(base64.urlsafe_b64decode(part + "==")) for part in (nonce, text)] == [12, len("hunter2") + 16]


def test_the_first_key_seals_and_every_key_opens():
    old, new = new_key("old"), new_key("new")
    sealed = Keyring.parse(old).seal(SecretStr("hunter2"), *PLACE)
    ring = Keyring.parse(f"{new}, {old}")
    assert ring.open(sealed, *PLACE).get_secret_value() == "hunter2"
    assert ring.seal(SecretStr("hunter2"), *PLACE).startswith("niro1.new.")
    assert ring.ids == ("new", "old")


def test_a_key_that_is_not_in_the_ring_is_named():
    sealed = Keyring.parse(new_key("gone")).seal(SecretStr("hunter2"), *PLACE)
    with pytest.raises(CannotOpen, match="sealed by the key gone, which is not set; add it to NIRO_KEYS") as refused:
        RING.open(sealed, *PLACE)
    assert (refused.value.key_id, refused.value.missing) == ("gone", True)


def test_another_key_of_the_same_id_opens_nothing():
    sealed = Keyring.parse(f"a:{KEY}").seal(SecretStr("hunter2"), *PLACE)
    with pytest.raises(CannotOpen):
        Keyring.parse(f"a:{OTHER_KEY}").open(sealed, *PLACE)


def test_an_empty_ring_can_do_neither():
    with pytest.raises(NoKey, match="NIRO_KEYS"):
        EMPTY.seal(SecretStr("hunter2"), *PLACE)
    with pytest.raises(NoKey, match="NIRO_KEYS"):
        EMPTY.open(RING.seal(SecretStr("hunter2"), *PLACE), *PLACE)


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_no_keys_make_an_empty_ring(text):
    assert Keyring.parse(text).ids == ()


@pytest.mark.parametrize(
    "written", [KEY, KEY.rstrip("="), KEY.replace("+", "-").replace("/", "_"), f" {KEY}"], ids=range(4)
)
def test_a_key_may_be_written_in_each_usual_way(written):
    sealed = Keyring.parse(f"a:{KEY}").seal(SecretStr("hunter2"), *PLACE)
    assert Keyring.parse(f"a:{written}\n").open(sealed, *PLACE).get_secret_value() == "hunter2"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param(KEY, "key 1 has no id", id="no id"),
        pytest.param(f":{KEY}", "id of key 1", id="empty id"),
        pytest.param(f"{'a' * 33}:{KEY}", "id of key 1", id="long id"),
        pytest.param(f"a.b:{KEY}", "id of key 1", id="id with a dot"),
        pytest.param(f"é:{KEY}", "id of key 1", id="id that is not ASCII"),
        pytest.param(f"a:{KEY},", "key 2 has no id", id="nothing after the comma"),
        pytest.param(f"a:{KEY}!", "key 1 is not written as base64", id="not base64"),
        pytest.param(f"a:{KEY[:-4]}", "key 1 has 30 bytes, it needs 32", id="short"),
        pytest.param(f"a:{base64.b64encode(bytes(range(33))).decode()}", "key 1 has 33 bytes", id="long"),
        pytest.param("a:", "key 1 has 0 bytes", id="empty"),
        pytest.param(f"a:{base64.b64encode(bytes(32)).decode()}", "repeats one byte", id="zeros"),
        pytest.param(f"a:{base64.b64encode(b'a' * 32).decode()}", "repeats one byte", id="all alike"),
        pytest.param(f"a:{KEY},a:{OTHER_KEY}", "two keys have the id a", id="one id twice"),
        pytest.param(f"a:{KEY},b:{KEY}", "key 2 stands in the list twice", id="one key twice"),
    ],
)
def test_keys_that_protect_nothing_are_refused_without_being_shown(text, complaint):
    with pytest.raises(InvalidKeys, match=complaint) as refused:
        Keyring.parse(text)
    shown = "".join(traceback.format_exception(refused.value)[-1:]) + repr(refused.value.__cause__)
    assert not any(entry.rpartition(":")[2][:8] in shown for entry in text.split(",") if len(entry) > 10)


@given(st.text(max_size=60))
def test_odd_keys_are_refused_in_one_way(text):
    with contextlib.suppress(InvalidKeys):
        assert all(key_id in text for key_id in Keyring.parse(text).ids)


def test_a_new_key_can_be_used_and_is_another_each_time():
    first, second = new_key("first"), new_key("first")
    assert first != second
    assert Keyring.parse(first).ids == ("first",)


@pytest.mark.parametrize("key_id", ["", "a b", "a:b", "a,b", "x" * 33, "é"])
def test_a_new_key_has_an_id_that_can_be_read_again(key_id):
    with pytest.raises(InvalidKeys):
        new_key(key_id)


def test_nothing_shows_the_keys_of_a_ring():
    assert repr(Keyring.parse(f"a:{KEY},b:{OTHER_KEY}")) == "Keyring(a, b)"
