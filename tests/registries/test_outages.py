"""A server that does not answer is asked by one request at a time, and holds nobody else's time."""

import asyncio
from contextlib import ExitStack, suppress

import aiohttp
import pytest
from aiohttp import web
from pydantic import SecretStr
from yarl import URL

from bot.registries import Access, Credential, InvalidAnswer, RegistryError, RegistryUnavailable
from bot.registries.outages import MOST_OUTAGES, Outages, Server
from tests.registries.conftest import Clock, RegistriesFor, ScriptedServers
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
LISTED = Reply(body={"tags": ["1.0"]})
IMPATIENT = aiohttp.ClientTimeout(total=1)
PATIENT_ENOUGH = aiohttp.ClientTimeout(total=5)
"""For who waits for a silent server and then for one that answers on a busy machine."""
ORIGIN = URL("https://registry.example")
SERVER = Server("registry.example", ORIGIN, frozenset())
JUST_NOW = "^registry.example: did not answer just now; tried again at 2026-01-01T00:01:00"


async def never(_: web.Request) -> Reply:
    await asyncio.Event().wait()
    raise AssertionError


def lets_through(outages: Outages, server: Server = SERVER, most: int = 5) -> int:
    """How many requests at a time may ask a server."""
    let_through = 0
    with ExitStack() as stack, suppress(RegistryUnavailable):
        while let_through < most:
            stack.enter_context(outages.asking(server))
            let_through += 1
    return let_through


def test_a_server_that_answers_is_asked_by_everybody(clock: Clock) -> None:
    assert lets_through(Outages(clock)) == 5


def test_a_server_that_did_not_answer_is_asked_by_one_at_a_time(clock: Clock) -> None:
    outages = Outages(clock)
    outages.failed(SERVER)
    with outages.asking(SERVER), pytest.raises(RegistryUnavailable, match=JUST_NOW), outages.asking(SERVER):
        pass
    assert lets_through(outages) == 1
    outages.answered(SERVER)
    assert lets_through(outages) == 5


def test_the_pause_grows_while_the_silence_lasts(clock: Clock) -> None:
    outages = Outages(clock)
    pauses = []
    for _ in range(5):
        outages.failed(SERVER)
        seconds = 0
        while lets_through(outages) == 1:
            clock.forward(20)
            seconds += 20
        pauses.append(seconds)
    assert pauses == [60, 120, 240, 300, 300]


def test_requests_that_end_together_are_one_failure(clock: Clock) -> None:
    outages = Outages(clock)
    for _ in range(12):
        outages.failed(SERVER)
    clock.forward(60)
    assert lets_through(outages) == 5


@pytest.mark.parametrize(
    "other",
    [
        Server("other.example", ORIGIN, frozenset()),
        Server("registry.example", URL("https://auth.registry.example"), frozenset()),
        Server("registry.example", URL("https://registry.example:8443"), frozenset()),
        Server("registry.example", ORIGIN, frozenset({"10.0.0.0/8"})),
    ],
)
def test_one_servers_silence_is_no_others(other: Server, clock: Clock) -> None:
    outages = Outages(clock)
    outages.failed(SERVER)
    assert lets_through(outages, other) == 5


def test_only_so_many_are_remembered(clock: Clock) -> None:
    outages = Outages(clock)
    for number in range(MOST_OUTAGES + 1):
        outages.failed(Server(f"{number}.example", ORIGIN, frozenset()))
    assert lets_through(outages, Server("0.example", ORIGIN, frozenset())) == 5
    assert lets_through(outages, Server("1.example", ORIGIN, frozenset())) == 1


async def outcomes(*asking: object) -> list[str]:
    found = await asyncio.gather(*asking, return_exceptions=True)  # type: ignore[call-overload]
    return sorted("answered" if not isinstance(one, RegistryError) else str(one).partition(": ")[2] for one in found)


async def test_of_many_who_ask_a_silent_registry_one_waits(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, never)
    registries = registries_for(scripted.host, timeout=IMPATIENT)
    with pytest.raises(RegistryUnavailable, match="did not answer in time"):
        await registries.tags(scripted.host, "a/b")
    told = await outcomes(*(registries.tags(scripted.host, "a/b") for _ in range(5)))
    assert told[0] == "did not answer in time"
    assert {text.partition(";")[0] for text in told[1:]} == {"did not answer just now"}
    assert len(scripted.seen) == 2


async def test_a_registry_that_is_back_is_asked_by_all_at_once(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, never, LISTED)
    registries = registries_for(scripted.host, timeout=PATIENT_ENOUGH)
    with pytest.raises(RegistryUnavailable):
        await registries.tags(scripted.host, "a/b")
    await registries.tags(scripted.host, "a/b")
    assert await outcomes(*(registries.tags(scripted.host, "a/b") for _ in range(5))) == ["answered"] * 5


async def test_a_refused_connection_is_remembered(registries_for: RegistriesFor) -> None:
    registries, host = registries_for("127.0.0.1:1"), "127.0.0.1:1"
    with pytest.raises(RegistryUnavailable, match="Connection refused"):
        await registries.tags(host, "a/b")
    assert len(set(await outcomes(*(registries.tags(host, "a/b") for _ in range(3))))) == 2


async def test_an_answer_that_is_none_is_no_silence(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    registries = registries_for(scripted.host)
    for reply, error in ((Reply(500), RegistryUnavailable), (Reply(200, "no list"), InvalidAnswer)):
        scripted.on(TAGS, reply)
        for _ in range(2):
            with pytest.raises(error):
                await registries.tags(scripted.host, "a/b")
    scripted.on(TAGS, LISTED)
    assert await outcomes(*(registries.tags(scripted.host, "a/b") for _ in range(3))) == ["answered"] * 3


async def test_a_silent_token_server_holds_one(scripted_server: ScriptedServers, registries_for: RegistriesFor) -> None:
    server, tokens = await scripted_server(), await scripted_server()
    server.on(TAGS, Reply(401, headers={"WWW-Authenticate": f'Bearer realm="http://{tokens.host}/token"'}))
    tokens.on("/token", never)
    registries = registries_for(server.host, tokens.host, token_hosts=frozenset({tokens.host}), timeout=IMPATIENT)
    with pytest.raises(RegistryUnavailable, match=f"{tokens.host} did not answer in time"):
        await registries.tags(server.host, "a/b")
    others = [Access(Credential(f"c-{number}", server.host, "", SecretStr(""))) for number in range(3)]
    told = await outcomes(*(registries.tags(server.host, "a/b", other) for other in others))
    assert sum("just now" in text for text in told) == 2
    assert tokens.paths() == ["/token"] * 2


async def test_a_list_that_drips_is_given_up_and_remembered(
    registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.tags.LONGEST_LISTING_SECONDS", 0.3)

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with suppress(ConnectionError):
            while not writer.is_closing():
                writer.write(b"1\r\n \r\n")
                await writer.drain()
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(), 0.05)
        writer.close()

    async with await asyncio.start_server(drip, "127.0.0.1", 0) as server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        registries = registries_for(host)
        with pytest.raises(RegistryUnavailable, match="did not"):
            await registries.tags(host, "a/b")
        told = await outcomes(*(registries.tags(host, "a/b") for _ in range(4)))
    assert sum("just now" in text for text in told) == 3
