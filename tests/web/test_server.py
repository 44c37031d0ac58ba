"""What the public address shows besides its doors: a name, its health, and nothing that helps an attacker."""

import asyncio
import logging

import pytest
from aiohttp import ClientSession, web

from bot.store import Store
from bot.web.health import readyz
from bot.web.intake import Intake
from bot.web.server import Doors, public_application
from tests.web.conftest import NOW, SECRET, Public, Serve
from tests.web.raw import connected, head


async def test_the_root_shows_only_the_name(public: Public, http: ClientSession) -> None:
    async with http.get(public.url) as answer:
        assert (answer.status, await answer.text(), answer.headers["Server"]) == (200, "Niro bot\n", "niro")


@pytest.mark.parametrize("path", ["/metrics", "/status", "/setup", "/setup/created", "/hooks", "/app.yml", "/../bot"])
async def test_nothing_else_is_public(public: Public, http: ClientSession, path: str) -> None:
    async with http.get(public.url + path) as answer:
        assert answer.status == 404


async def test_a_living_process_is_healthy(public: Public, http: ClientSession) -> None:
    async with http.get(f"{public.url}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")


async def holds() -> bool:
    return True


async def does_not_hold() -> bool:
    return False


async def fails() -> bool:
    raise OSError("disk")


async def says_nothing() -> bool:
    await asyncio.Event().wait()
    return True


@pytest.mark.parametrize(
    ("probes", "status", "text"),
    [
        ({}, 200, "ready\n"),
        ({"store": holds, "work": holds}, 200, "ready\n"),
        ({"store": holds, "work": does_not_hold}, 503, "not ready: work\n"),
        ({"store": fails, "work": does_not_hold}, 503, "not ready: store, work\n"),
        ({"store": says_nothing, "work": holds}, 503, "not ready: store\n"),
    ],
)
async def test_a_process_is_ready_when_every_probe_holds(
    serve: Serve, http: ClientSession, probes: dict[str, object], status: int, text: str
) -> None:
    application = web.Application()
    application.router.add_get("/readyz", readyz(probes, seconds=0.01))  # type: ignore[arg-type]
    async with http.get(f"{await serve(application)}/readyz") as answer:
        assert (answer.status, await answer.text()) == (status, text)


async def test_a_store_that_is_closed_is_not_ready(serve: Serve, store: Store, http: ClientSession) -> None:
    intake = Intake(store.deliveries, lambda: NOW, lambda: None)
    url = await serve(public_application(Doors(intake, SECRET, store.hooks, {"store": store.answers})))
    async with http.get(f"{url}/readyz") as answer:
        assert answer.status == 200
    await store.close()
    async with http.get(f"{url}/readyz") as answer:
        assert (answer.status, await answer.text()) == (503, "not ready: store\n")


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: a\r\nBroken\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /webhook HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 10_000 + b"\r\n\r\n",
    ],
    ids=["TLS", "no colon", "negative length", "two lengths", "a long header"],
)
async def test_what_is_no_http_is_refused_without_filling_the_log(
    public: Public, caplog: pytest.LogCaptureFixture, sent: bytes
) -> None:
    with caplog.at_level(logging.WARNING):
        async with connected(public.url) as line:
            await line.send(sent + b"\r\n\r\n")
            assert await line.status() == 400
    assert caplog.records == []


async def test_a_connection_that_never_finishes_its_head_is_closed(serve: Serve) -> None:
    application = web.Application()
    async with connected(await serve(application, silent_seconds=0.01)) as line:
        await line.send(head("GET", "/").removesuffix(b"\r\n"))
        assert await line.reader.read() == b""
