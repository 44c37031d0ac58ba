"""Google's keys are fetched when they are needed, kept while they hold, and never asked for more often than that."""

import asyncio

import pytest

from bot.registries import guarded_sessions
from bot.web.google_keys import AFTER_A_FAILURE, GOOGLE_KEYS, ONCE_A_MINUTE, GoogleKeys, KeysUnavailable
from tests.web.hooks.conftest import Clock
from tests.web.hooks.google import Google, private_key, published


async def test_a_key_is_found_by_its_id(google: Google, keys: GoogleKeys) -> None:
    google.names = ["one", "two"]
    found = await keys.key("two")
    assert found is not None
    assert found.public_numbers() == private_key("two").public_key().public_numbers()


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("public, max-age=20000, must-revalidate, no-transform", None, 20000),
        ("max-age=20000", "5000", 15000),
        ("max-age=20000", "x", 20000),
        ("s-maxage=5", None, 3600),
        ("max-age=1", None, 60),
        ("max-age=100", "99999", 60),
        ("max-age=999999999", None, 86400),
        ("max-age=99999999999999999999", None, 3600),
        ("no-store", None, 3600),
        ("", None, 3600),
    ],
)
async def test_keys_are_kept_as_long_as_google_says_within_reason(
    *, google: Google, keys: GoogleKeys, clock: Clock, cache_control: str, age: str | None, seconds: int
) -> None:
    google.headers_sent = {"Cache-Control": cache_control, **({} if age is None else {"Age": age})}
    await keys.key("one")
    clock.forward(seconds - 1)
    await keys.key("one")
    assert google.asked == 1
    clock.forward(1)
    await keys.key("one")
    assert google.asked == 2


async def test_a_key_that_google_took_back_holds_no_longer(google: Google, keys: GoogleKeys, clock: Clock) -> None:
    await keys.key("one")
    google.names = ["two"]
    clock.forward(20000)
    assert await keys.key("one") is None


async def test_an_unknown_id_makes_it_ask_again_once_a_minute(google: Google, keys: GoogleKeys, clock: Clock) -> None:
    await keys.key("one")
    assert [await keys.key("new") for _ in range(10)] == [None] * 10
    assert google.asked == 1
    google.names = ["one", "new"]
    clock.forward(ONCE_A_MINUTE)
    assert await keys.key("new") is not None
    assert google.asked == 2


async def test_those_who_come_together_share_one_request(google: Google, keys: GoogleKeys) -> None:
    google.open.clear()
    waiting = [asyncio.create_task(keys.key("one")) for _ in range(20)]
    await google.came.wait()
    google.open.set()
    assert all(await asyncio.gather(*waiting))
    assert google.asked == 1


async def test_one_that_goes_away_does_not_take_the_answer_from_another(google: Google, keys: GoogleKeys) -> None:
    google.open.clear()
    first, second = (asyncio.create_task(keys.key("one")) for _ in range(2))
    await google.came.wait()
    first.cancel()
    google.open.set()
    assert await second is not None
    assert google.asked == 1


async def test_a_request_that_is_under_way_can_be_given_up(google: Google, keys: GoogleKeys) -> None:
    google.open.clear()
    waiting = asyncio.create_task(keys.key("one"))
    await google.came.wait()
    await keys.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    google.open.set()


ODD = {
    "an error": {"status": 500},
    "not found": {"status": 404},
    "a redirect": {"status": 302, "headers_sent": {"Location": "/elsewhere"}},
    "HTML": {"body": b"<html>"},
    "a list": {"body": b"[]"},
    "no keys": {"body": b'{"keys": []}'},
    "keys that are a text": {"body": b'{"keys": "one"}'},
    "keys that are nothing": {"body": b'{"keys": [null, 5, {}, {"kid": "one"}, {"kid": 1, "kty": "RSA"}]}'},
    "a key of another kind": {"body": b'{"keys": [{"kid": "one", "kty": "oct", "k": "c2VjcmV0"}]}'},
    "half a key": {"body": b'{"keys": [{"kid": "one", "kty": "RSA", "n": "!", "e": 5}]}'},
    "a number for keys": {"body": b'{"keys": 5}'},
    "deep nesting": {"body": b"[" * 60_000},
    "too much": {"body": b" " * 65_537},
}


@pytest.mark.parametrize("case", ODD)
async def test_an_odd_answer_is_no_key(google: Google, keys: GoogleKeys, case: str) -> None:
    for name, value in ODD[case].items():
        setattr(google, name, value)
    with pytest.raises(KeysUnavailable):
        await keys.key("one")
    assert google.asked == 1


@pytest.mark.parametrize("change", [{"use": "enc"}, {"alg": "RS512"}, {"kty": "EC"}])
async def test_a_key_for_something_else_is_left_out(
    google: Google, keys: GoogleKeys, monkeypatch: pytest.MonkeyPatch, change: dict[str, str]
) -> None:
    google.names = ["one"]
    monkeypatch.setattr("tests.web.hooks.google.published", lambda name: {**published(name), **change})
    with pytest.raises(KeysUnavailable):
        await keys.key("one")


async def test_after_a_failure_google_is_left_alone_for_a_moment(
    google: Google, keys: GoogleKeys, clock: Clock
) -> None:
    google.status = 500
    for _ in range(10):
        with pytest.raises(KeysUnavailable):
            await keys.key("one")
    assert google.asked == 1
    google.status = 200
    clock.forward(AFTER_A_FAILURE)
    assert await keys.key("one") is not None


async def test_keys_that_hold_outlive_a_failure(google: Google, keys: GoogleKeys, clock: Clock) -> None:
    await keys.key("one")
    google.status = 500
    clock.forward(ONCE_A_MINUTE)
    with pytest.raises(KeysUnavailable):
        await keys.key("new")
    assert await keys.key("one") is not None


async def test_what_does_not_listen_is_no_key(clock: Clock) -> None:
    keys = GoogleKeys(lambda: guarded_sessions(("127.0.0.0/8",)), clock=clock, address="http://127.0.0.1:1/")
    with pytest.raises(KeysUnavailable, match="ClientConnectorError"):
        await keys.key("one")


async def test_an_address_inside_is_not_spoken_to(google: Google, clock: Clock) -> None:
    keys = GoogleKeys(clock=clock, address=google.address)
    with pytest.raises(KeysUnavailable):
        await keys.key("one")
    assert google.asked == 0


def test_the_address_is_googles() -> None:
    assert GOOGLE_KEYS == "https://www.googleapis.com/oauth2/v3/certs"
    assert GoogleKeys()._address == GOOGLE_KEYS
