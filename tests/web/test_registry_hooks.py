"""A registry's door opens for its own address; a guess learns nothing, and is not read."""

import hashlib
from datetime import timedelta

import pytest
from aiohttp import ClientSession

from bot.store import Hook
from tests.web.conftest import NOW, Public
from tests.web.raw import connected, head

MEBIBYTE = 1024 * 1024
BODY = b'{"repository": {"repo_name": "acme/api"}}'

GUESSES = [
    "/hooks/dockerhub/hook_1/wrong",
    "/hooks/dockerhub/hook_1/hook-secret2",
    "/hooks/dockerhub/hook_2/hook-secret",
    "/hooks/dockerhub/hook%001/hook-secret",
    "/hooks/dockerhub/%ED%A0%80/%ED%A0%80",
    "/hooks/dockerhub/" + "x" * 3000 + "/hook-secret",
    "/hooks/dockerhub/other/hook-secret",
]


async def test_the_right_address_stores_the_body(public: Public, hook: str, http: ClientSession) -> None:
    async with http.post(public.url + hook, data=BODY) as answer:
        assert (answer.status, await answer.text()) == (202, "stored\n")
    (waiting,) = await public.store.deliveries.claim(10, now=NOW, until=NOW + timedelta(minutes=1))
    delivery = waiting.delivery
    assert (delivery.source, delivery.event, delivery.body) == ("hook:dockerhub:hook_1", "dockerhub", BODY)


async def test_the_same_body_twice_is_two_notifications(public: Public, hook: str, http: ClientSession) -> None:
    for _ in range(2):
        async with http.post(public.url + hook, data=BODY) as answer:
            assert (answer.status, await answer.text()) == (202, "stored\n")


@pytest.mark.usefixtures("hook")
@pytest.mark.parametrize("guess", GUESSES)
async def test_a_guess_is_refused_before_the_body_is_read(public: Public, guess: str) -> None:
    other = Hook("other", "another-kind", 1, "docker.io", "")
    await public.store.hooks.create(other, hashlib.sha256(b"hook-secret").digest())
    async with connected(public.url) as line:
        await line.send(head("POST", guess, Content_Length=1000))
        assert await line.status() == 404


@pytest.mark.usefixtures("hook")
async def test_every_guess_gets_the_same_answer(public: Public, http: ClientSession) -> None:
    answers = set()
    for guess in GUESSES:
        async with http.post(public.url + guess, data=BODY) as answer:
            length = answer.headers["Content-Length"]
            answers.add((answer.status, await answer.text(), tuple(answer.headers), length))
    assert len(answers) == 1


@pytest.mark.usefixtures("hook")
async def test_a_guess_is_not_even_asked_for_its_body(public: Public) -> None:
    async with connected(public.url) as line:
        await line.send(head("POST", GUESSES[0], Content_Length=1000, Expect="100-continue"))
        assert await line.status() == 404


async def test_a_body_above_a_mebibyte_is_refused(public: Public, hook: str) -> None:
    async with connected(public.url) as line:
        await line.send(head("POST", hook, Content_Length=MEBIBYTE + 1))
        assert await line.status() == 413
    async with connected(public.url) as line:
        await line.send(head("POST", hook, Transfer_Encoding="chunked"))
        await line.send(b"100001\r\n" + b"x" * (MEBIBYTE + 1))
        assert await line.status() == 413


async def test_a_body_of_a_mebibyte_is_taken(public: Public, hook: str, http: ClientSession) -> None:
    async with http.post(public.url + hook, data=b"x" * MEBIBYTE) as answer:
        assert answer.status == 202


async def test_a_body_that_does_not_come_is_given_up(impatient: str, hook: str) -> None:
    async with connected(impatient) as line:
        await line.send(head("POST", hook, Content_Length=1000) + b"{")
        assert await line.status() == 408


@pytest.mark.parametrize("path", ["/hooks/dockerhub/hook_1/hook-secret", "/hooks/dockerhub/no/such"])
async def test_reading_an_address_tells_nothing_of_it(
    public: Public, hook: str, http: ClientSession, path: str
) -> None:
    async with http.get(public.url + path) as answer:
        assert answer.status == 405


async def test_a_kind_that_is_not_known_has_no_door(public: Public, http: ClientSession) -> None:
    async with http.post(f"{public.url}/hooks/nosuch/hook_1/hook-secret") as answer:
        assert answer.status == 404


async def test_a_store_that_does_not_answer_is_told_as_503(public: Public, hook: str, http: ClientSession) -> None:
    await public.store.close()
    async with http.post(public.url + hook, data=BODY) as answer:
        assert (answer.status, await answer.text()) == (503, "not stored: send it again\n")
