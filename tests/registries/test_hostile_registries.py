"""A registry that answers slowly, wrongly, endlessly or from elsewhere costs a typed error, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.registries import (
    AddressNotAllowed,
    InvalidAnswer,
    Registries,
    RegistryError,
    RegistryUnavailable,
    UntrustedRealm,
)
from bot.registries.tags import LINK
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
MANIFEST = "/v2/a/b/manifests/1.0"
IMPATIENT = aiohttp.ClientTimeout(total=0.3)
METADATA = "169.254.169.254"
PAGE_TO_LOG_IN = Reply(200, "<html>Please log in</html>", {"Content-Type": "text/html"})


def wants_token(realm: str) -> Reply:
    return Reply(401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="s"'})


@asynccontextmanager
async def speaking(first: bytes, again: bytes = b"") -> AsyncIterator[str]:
    """Give the host of a server that says something, and then the same thing again for ever (nothing: it waits)."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(first)
        try:
            while again:
                writer.write(again)
                await writer.drain()
            await reader.read()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


HEADER = b"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\n", b""),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"tags": [', b""),
        (b"HTTP/1.1 ", b"2" * 4096),
        (b"HTTP/1.1 200 OK\r\n", HEADER * 100),
        (b"HTTP/1.1 200 OK\r\nX-Long: ", b"a" * 4096),
        (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        (CHUNKED + b"1;extension=", b"a" * 4096),
        (CHUNKED + b"0\r\n", HEADER * 100),
    ],
    ids=["silence", "half headers", "half a body", "status", "headers", "a header", "hints", "a chunk", "trailers"],
)
async def test_a_registry_that_never_comes_to_an_end_is_unavailable(
    first: bytes, again: bytes, registries_for: RegistriesFor
) -> None:
    async with speaking(first, again) as host:
        with pytest.raises(RegistryUnavailable):
            await registries_for(host, timeout=IMPATIENT).tags(host, "a/b")


async def test_a_body_without_end_is_cut(registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.registries.list_pages.LARGEST_PAGE", 1_000_000)
    async with speaking(b"HTTP/1.1 200 OK\r\n\r\n", b"[" * 65536) as host:
        with pytest.raises(InvalidAnswer, match="more than 1,000,000 bytes"):
            await registries_for(host).tags(host, "a/b")


async def test_a_token_server_that_never_answers_is_unavailable(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    async def never(_: web.Request) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError

    scripted.on(TAGS, wants_token(f"http://{scripted.host}/token")).on("/token", never)
    with pytest.raises(RegistryUnavailable, match="in time"):
        await registries_for(scripted.host, timeout=IMPATIENT).tags(scripted.host, "a/b")


@pytest.mark.parametrize("path", [TAGS, MANIFEST])
async def test_a_page_to_log_in_at_is_no_answer(
    path: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(path, PAGE_TO_LOG_IN)
    registries = registries_for(scripted.host)
    asking = registries.tags if path == TAGS else lambda host, name: registries.manifest(host, name, "1.0")
    with pytest.raises(InvalidAnswer):
        await asking(scripted.host, "a/b")


async def test_a_page_to_log_in_at_is_no_list_after_a_redirect_either(
    scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, portal = await scripted_server(), await scripted_server()
    server.on(TAGS, Reply(302, headers={"Location": f"http://{portal.host}/login"}))
    portal.on("/login", PAGE_TO_LOG_IN)
    with pytest.raises(InvalidAnswer):
        await registries_for(server.host, portal.host).tags(server.host, "a/b")


@pytest.mark.parametrize(
    "realm",
    [
        f"http://{METADATA}/latest/meta-data/iam",
        f"https://{METADATA}/latest/meta-data/iam",
        "https://[fd00:ec2::254]/token",
        "https://metadata.google.internal/token",
        "https://2852039166/token",
        "https://evil.example/token",
        "/token",
        "//evil.example/token",
        "file:///etc/passwd",
        "",
    ],
)
async def test_a_realm_elsewhere_is_not_asked(
    realm: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(realm))
    with pytest.raises(UntrustedRealm):
        await registries_for(scripted.host).tags(scripted.host, "a/b", credential(scripted.host))
    assert scripted.paths() == [TAGS]


@pytest.mark.parametrize("operators", [True, False])
async def test_a_realm_at_the_metadata_server_is_refused_even_to_who_trusts_it(
    operators: bool, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(f"https://{METADATA}/token"))
    hosts = frozenset({METADATA})
    registries = registries_for(scripted.host, token_hosts=hosts if operators else frozenset())
    who = credential(scripted.host, token_hosts=frozenset() if operators else hosts)
    with pytest.raises(AddressNotAllowed):
        await registries.tags(scripted.host, "a/b", who)


@pytest.mark.parametrize("location", [f"http://{METADATA}/", f"https://{METADATA}/", "https://evil.example/token"])
async def test_a_token_server_that_redirects_inside_is_not_followed(
    location: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(f"http://{scripted.host}/token"))
    scripted.on("/token", Reply(302, headers={"Location": location}))
    with pytest.raises(UntrustedRealm, match="redirects"):
        await registries_for(scripted.host).tags(scripted.host, "a/b", credential(scripted.host))


@pytest.mark.parametrize(
    ("host", "query"),
    [(METADATA, "n=1&last=1.0"), ("evil.example", "n=1&last=1.0"), (f"user:pass@{METADATA}", "last=1.0")],
)
async def test_a_next_page_at_another_host_is_asked_of_the_registry(
    host: str, query: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    link = {"Link": f'<http://{host}/latest/meta-data?{query}>; rel="next"'}
    scripted.on(TAGS, Reply(body={"tags": ["1.0"]}, headers=link), Reply(body={"tags": ["1.1"]}))
    listed = await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert listed.names == ("1.0", "1.1")
    assert scripted.seen[1].target == f"{TAGS}?{query}"


def test_a_link_without_end_is_read_in_time() -> None:
    assert LINK.findall("<" * 1_000_000) == []


@pytest.mark.parametrize("told", ["sha256:" + "0" * 64, "sha256:0", "md5:" + "0" * 32, "latest", "../../etc/passwd"])
async def test_a_wrong_digest_is_an_error(told: str, scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    headers = {"Docker-Content-Digest": told, "Content-Type": "application/vnd.oci.image.index.v1+json"}
    for reference in ("1.0", told):
        scripted.on(f"/v2/a/b/manifests/{reference}", Reply(200, {"manifests": []}, headers))
    with pytest.raises(InvalidAnswer):
        await registries_for(scripted.host).manifest(scripted.host, "a/b", "1.0")


async def listing(registries: Registries, host: str) -> object:
    return await registries.tags(host, "a/b", credential(host))


async def heading(registries: Registries, host: str) -> object:
    return await registries.head(host, "a/b", "1.0", credential(host))


async def reading(registries: Registries, host: str) -> object:
    return await registries.manifest(host, "a/b", "1.0", credential(host), verify_children=True, created=True)


async def verifying(registries: Registries, host: str) -> object:
    return await registries.verify(host, "a/b", credential(host))


ODD = [
    Reply(100),
    Reply(204),
    Reply(206, '{"tags": ["1.0"]}'),
    Reply(300, "", {"Location": "http://evil.example/"}),
    Reply(304),
    Reply(307),
    Reply(307, "", {"Location": "\\\\evil.example\\"}),
    Reply(307, "", {"Location": "http://[::1"}),
    Reply(308, "", {"Location": "https://user@evil.example/"}),
    Reply(401, "", {"WWW-Authenticate": "Bearer"}),
    Reply(401, "", {"WWW-Authenticate": "Digest realm=x"}),
    Reply(401, "", {"WWW-Authenticate": 'Bearer realm="http://evil.example:port/"'}),
    Reply(402),
    Reply(403, '{"errors": [{"code": ["DENIED"]}]}'),
    Reply(403, "[" * 100_000),
    Reply(404, '{"errors": {}}'),
    Reply(418, "x" * 5_000_000),
    Reply(451, '{"errors": [{"code": "<script>"}]}'),
    Reply(200, b"\x1f\x8b\x08\x00junk", {"Content-Encoding": "gzip"}),
    Reply(200, "{}", {"Content-Encoding": "br", "Docker-Content-Digest": "sha256:" + "a" * 64}),
    Reply(200, '{"tags": null, "tags": 1}'),
    Reply(200, '{"tags": NaN}'),
    Reply(429, "", {"Retry-After": "x" * 5000, "RateLimit-Remaining": "\u00b2"}),
    Reply(503, "", {"Retry-After": "Thu, 99 Jan 2099 99:99:99 GMT"}),
    Reply(599),
]


@pytest.mark.parametrize("asking", [listing, heading, reading, verifying])
@pytest.mark.parametrize("reply", ODD, ids=lambda reply: str(reply.status))
async def test_every_odd_answer_is_one_of_the_errors_of_this_room(
    reply: Reply, asking: Callable[[Registries, str], object], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, reply).on(MANIFEST, reply).on(f"/v2/a/b/manifests/sha256:{'a' * 64}", reply)
    told = await _outcome(asking(registries_for(scripted.host, timeout=IMPATIENT), scripted.host))
    assert told is None or isinstance(told, RegistryError)


async def _outcome(asking: object) -> object:
    try:
        return await asking  # type: ignore[misc]
    except RegistryError as error:
        return error


# As lscr.io answered (https://github.com/getwud/wud/issues/143): it stands before GHCR and names its token server.
LSCR = 'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:linuxserver/radarr:pull"'


async def test_a_registry_that_names_the_token_server_behind_it_is_trusted_by_the_table_only(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": LSCR}))
    with pytest.raises(UntrustedRealm) as refused:
        await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert refused.value.realm_host == "ghcr.io"
