"""`niro keys` makes keys, seals anew with the first one, and says which are still needed."""

import re

import pytest
from click.testing import Result

from bot.store import Keyring, new_key
from tests.cli.conftest import at_terminal, run

FIRST, SECOND = new_key("k1"), new_key("k2")


def keys(*words: str, ring: str = "") -> Result:
    return run("keys", *words, NIRO_KEYS=ring)


def rotate(ring: str) -> Result:
    return keys("rotate", "--yes", ring=ring)


def add_hook(ring: str, kind: str = "harbor") -> None:
    """Make a hook whose signing secret is sealed."""
    added = run("hooks", "add", kind, "--installation", "7", "--host", "harbor.corp.example", NIRO_KEYS=ring)
    assert added.exit_code == 0, added.output


def test_a_new_key_is_one_line_that_the_setting_takes() -> None:
    made = keys("new")
    assert made.exit_code == 0
    assert len(made.stdout.splitlines()) == 1
    assert len(Keyring.parse(made.stdout.strip()).ids) == 1
    assert "NIRO_KEYS" in made.stderr


def test_two_new_keys_may_stand_side_by_side() -> None:
    ring = ",".join(keys("new").stdout.strip() for _ in range(3))
    assert len(Keyring.parse(ring).ids) == 3
    assert keys("list", ring=ring).exit_code == 0


def test_a_key_is_not_repeated_where_it_is_wrong() -> None:
    half = FIRST[:-9]
    ended = keys("list", ring=half)
    assert ended.exit_code == 2
    assert half.partition(":")[2] not in ended.output


def test_without_keys_it_is_told_how_to_make_one() -> None:
    assert keys("list").stdout == "There are no keys: `niro keys new` makes one.\n"
    assert (rotate("").exit_code, rotate("").stderr) == (
        2,
        "there is no key to seal secrets with: `niro keys new` makes one, NIRO_KEYS takes it\n",
    )


def test_rotating_moves_everything_to_the_first_key_once() -> None:
    add_hook(FIRST)
    add_hook(FIRST)
    both = f"{SECOND},{FIRST}"
    assert keys("list", ring=both).stdout.splitlines() == [
        "k2  seals 0 secrets, and every new one",
        "k1  seals 2 secrets: `niro keys rotate` seals them with the first key",
    ]
    assert rotate(both).stdout == "Sealed anew with k2: 0 credentials, 2 hooks.\n"
    assert rotate(both).stdout == "Every secret is sealed with k2 already.\n"
    assert keys("list", ring=both).stdout.splitlines() == [
        "k2  seals 2 secrets, and every new one",
        "k1  is no longer needed",
    ]


WARNING = (
    "Every process of the bot must already have been started with all of these keys: k2, k1.\n"
    "One that does not have k2 could read no private image until it is started with it.\n"
)


def test_rotating_says_first_what_must_have_been_done() -> None:
    assert rotate(f"{SECOND},{FIRST}").stderr == WARNING


def test_where_nobody_can_be_asked_nothing_is_rotated() -> None:
    add_hook(FIRST)
    both = f"{SECOND},{FIRST}"
    rotated = run("keys", "rotate", entered="y\n", NIRO_KEYS=both)
    assert (rotated.exit_code, rotated.stdout) == (2, "")
    assert rotated.stderr == f"{WARNING}this is asked at a terminal; elsewhere give --yes\n"
    assert keys("list", ring=both).stdout.startswith("k2  seals 0 secrets")


@pytest.mark.parametrize(("answer", "sealed"), [("n", 0), ("y", 1)])
def test_at_a_terminal_rotating_is_asked_for(answer: str, sealed: int) -> None:
    add_hook(FIRST)
    both = f"{SECOND},{FIRST}"
    code, shown = at_terminal("keys", "rotate", asked="now? [y/N]: ", answer=answer, NIRO_KEYS=both)
    assert (code, "must already have been started with all of these keys: k2, k1" in shown) == (1 - sealed, True)
    counted = keys("list", ring=both).stdout
    assert counted.startswith(f"k2  seals {sealed} secret")


def test_a_key_that_is_missing_is_named() -> None:
    add_hook(FIRST)
    assert keys("list", ring=SECOND).stdout.splitlines() == [
        "k2  seals 0 secrets, and every new one",
        "k1  is not in NIRO_KEYS: 1 secret cannot be opened",
    ]
    rotated = rotate(SECOND)
    assert rotated.exit_code == 1
    assert "the key k1" in rotated.stderr


@pytest.mark.parametrize("kind", ["harbor", "generic"])
def test_nothing_is_sealed_beside_what_cannot_be_opened(kind: str) -> None:
    """A running bot has other keys than this command: what it sealed would be lost to the bot."""
    add_hook(FIRST)
    added = run("hooks", "add", kind, "--installation", "7", "--host", "harbor.corp.example", NIRO_KEYS=SECOND)
    assert added.exit_code == 1
    assert re.search(r"sealed by keys that are not set: k1", added.stderr)
