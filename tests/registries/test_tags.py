"""Tags are listed whole, from any number of pages, and only from where they were asked for."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import web

from bot.images import InvalidImageReference
from bot.registries import (
    CredentialForOtherHost,
    ImageNotFound,
    InvalidAnswer,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
)
from bot.registries.kinds import ProviderKind
from bot.registries.list_pages import MOST_TAGS, OTHER_VALUES
from bot.registries.providers import PROVIDERS, provider_of
from bot.sandbox.registry import SandboxRegistry
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"


def paged(names: list[str], link: str = '</v2/a/b/tags/list?{query}>; rel="next"') -> Callable[[web.Request], Reply]:
    """Answer as a registry with pages: `n` names after `last`, and a link while there are more."""

    def answer(request: web.Request) -> Reply:
        rest = [name for name in names if name > request.query.get("last", "")]
        page = rest[: int(request.query["n"])]
        query = f"last={page[-1]}&n={request.query['n']}" if page else ""
        headers = {"Link": link.format(query=query)} if len(rest) > len(page) else {}
        return Reply(body={"name": "a/b", "tags": page}, headers=headers)

    return answer


async def test_a_real_registry_lists_what_was_pushed(registry: SandboxRegistry, registries_for: RegistriesFor) -> None:
    for tag in ("1.0.0", "1.1.0", "latest"):
        await registry.push("tags/app", tag)
    found = await registries_for(registry.host).tags(registry.host, "tags/app")
    assert sorted(found.names) == ["1.0.0", "1.1.0", "latest"]


async def test_a_repository_without_tags_is_not_one_that_is_unknown(
    registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    await registry.push("tags/emptied", "1.0.0")
    await registry.delete_tag("tags/emptied", "1.0.0")
    registries = registries_for(registry.host)
    assert (await registries.tags(registry.host, "tags/emptied")).names == ()
    with pytest.raises(ImageNotFound, match="tags/unknown"):
        await registries.tags(registry.host, "tags/unknown")


async def test_an_equal_list_is_not_read_again(registry: SandboxRegistry, registries_for: RegistriesFor) -> None:
    await registry.push("tags/polled", "1.0.0")
    registries = registries_for(registry.host)
    first = await registries.tags(registry.host, "tags/polled")
    again = await registries.tags(registry.host, "tags/polled", known=first.digest_of_list)
    assert (again.unchanged, again.names, again.digest_of_list) == (True, (), first.digest_of_list)
    await registry.push("tags/polled", "1.1.0")
    changed = await registries.tags(registry.host, "tags/polled", known=first.digest_of_list)
    assert (changed.unchanged, sorted(changed.names)) == (False, ["1.0.0", "1.1.0"])


@pytest.mark.parametrize("page_size", [1, 2, 3, 7, 100])
async def test_all_pages_are_read(page_size: int, scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    names = [f"1.{minor}.0" for minor in range(7)]
    scripted.on(TAGS, paged(names))
    found = await registries_for(scripted.host).tags(scripted.host, "a/b", page_size=page_size)
    assert found.names == tuple(names)
    assert len(scripted.seen) == -(-len(names) // page_size)


async def test_the_same_names_in_other_pages_are_another_list(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, paged(["1.0", "1.1"]))
    registries = registries_for(scripted.host)
    one = await registries.tags(scripted.host, "a/b", page_size=1)
    assert one.digest_of_list != (await registries.tags(scripted.host, "a/b", page_size=2)).digest_of_list


@pytest.mark.parametrize(
    "link",
    [
        '<http://{foreign}/v2/a/b/tags/list?{query}>; rel="next"',
        '<//{foreign}/steal?{query}>; rel="next"',
        "</another/path?{query}>;rel=next",
        '</elsewhere?page=1>; rel="prev", </v2/a/b/tags/list?{query}>; rel="next"',
        '</v2/a/b/tags/list?{query}#fragment>; title="a, b"; REL="last next"',
    ],
)
async def test_of_the_next_page_only_the_query_is_believed(
    link: str, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, foreign = await scripted_server(), await scripted_server()
    server.on(TAGS, paged(["1.0", "1.1", "1.2"], link.replace("{foreign}", foreign.host)))
    registries = registries_for(server.host, foreign.host)
    found = await registries.tags(server.host, "a/b", credential(server.host), page_size=1)
    assert found.names == ("1.0", "1.1", "1.2")
    assert foreign.seen == []
    assert server.paths() == [TAGS] * 3


@pytest.mark.parametrize(
    "link",
    [
        '</v2/a/b/tags/list>; rel="next"',
        '<>; rel="next"',
        '</v2/a/b/tags/list?n=1000>; rel="next"',
        '<?a b>; rel="next"',
    ],
    ids=["no query", "nothing", "the same page again", "a space"],
)
async def test_a_next_page_that_leads_nowhere_is_an_error(
    link: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(body={"tags": ["1.0"]}, headers={"Link": link}))
    with pytest.raises(InvalidAnswer):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_pages_without_end_are_given_up(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.tags.MOST_PAGES", 5)
    link = {"Link": '</v2/a/b/tags/list?page={}>; rel="next"'}
    scripted.on(TAGS, lambda _: Reply(body={"tags": []}, headers={"Link": link["Link"].format(len(scripted.seen))}))
    with pytest.raises(InvalidAnswer, match="without an end"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert len(scripted.seen) == 5


async def test_too_many_tags_are_refused(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.tags.MOST_TAGS", 2)
    scripted.on(TAGS, Reply(body={"tags": ["1", "2", "3"]}))
    with pytest.raises(InvalidAnswer, match="more than 2 tags"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


@pytest.mark.parametrize("value", ["{}", "[[[]]]", '"1"', "1"])
async def test_a_page_of_more_values_than_tags_can_have_is_not_parsed(
    scripted: ScriptedServer, registries_for: RegistriesFor, value: str
) -> None:
    scripted.on(TAGS, Reply(body=f'{{"tags": [{f"{value}," * (MOST_TAGS + OTHER_VALUES)}"1.0.0"]}}'))
    with pytest.raises(InvalidAnswer, match="too much to be read"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


@pytest.mark.parametrize(
    "body",
    [
        "<html>Please log in</html>",
        "",
        "null",
        "[]",
        "{}",
        '{"tags": "1.0"}',
        '{"tags": {"1.0": 1}}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
async def test_what_is_no_list_is_an_error_and_not_an_empty_list(
    body: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(body=body))
    with pytest.raises(InvalidAnswer):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_names_that_are_no_tags_are_left_out(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    scripted.on(TAGS, Reply(body={"tags": ["1.0", "1.0", "a\nb", "x" * 129, "", "-1", 7, None, ["1.1"], "1.2"]}))
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b")).names == ("1.0", "1.2")


async def test_a_body_over_the_limit_is_not_read_to_its_end(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.list_pages.LARGEST_PAGE", 1_000_000)
    scripted.on(TAGS, Reply(body=b'{"tags": ["' + b"1" * 10_000_000 + b'"]}'))
    with pytest.raises(InvalidAnswer, match="more than 1,000,000 bytes"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(500, "oops"), RegistryUnavailable),
        (Reply(503, "oops"), RegistryUnavailable),
        (Reply(503, "", {"Retry-After": "10"}), RegistryLimited),
        (Reply(304), InvalidAnswer),
        (Reply(403, {"errors": [{"code": "DENIED"}]}), RegistryRefused),
        (Reply(404, {"errors": [{"code": "NAME_UNKNOWN"}]}), ImageNotFound),
        (Reply(401), RegistryRefused),
        (Reply(405), InvalidAnswer),
        (Reply(302), InvalidAnswer),
        (Reply(302, "", {"Location": "http://elsewhere.example/"}), InvalidAnswer),
        (Reply(302, "", {"Location": "https://user:pass@elsewhere.example/"}), InvalidAnswer),
        (Reply(302, "", {"Location": "file:///etc/passwd"}), InvalidAnswer),
        (Reply(302, "", {"Location": TAGS}), InvalidAnswer),
    ],
)
async def test_each_failure_has_its_type(
    reply: Reply, error: type[Exception], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, reply)
    with pytest.raises(error):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_a_registry_that_is_not_there_is_unavailable(registries_for: RegistriesFor) -> None:
    with pytest.raises(RegistryUnavailable, match=r"^127.0.0.1:1: could not be reached: Connection refused$"):
        await registries_for("127.0.0.1:1").tags("127.0.0.1:1", "a/b")


@pytest.mark.parametrize(
    ("spoken", "said"),
    [
        (b"good day\r\n\r\n", "answered with what is no HTTP"),
        (b"", "broke off the connection"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc", "broke off the connection"),
    ],
)
async def test_a_registry_that_is_no_registry_is_told_in_words(
    spoken: bytes, said: str, registries_for: RegistriesFor
) -> None:
    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(spoken)
        writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0) as server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(RegistryUnavailable, match=f"^{host}: {said}$"):
            await registries_for(host).tags(host, "a/b")


async def test_a_registry_is_spoken_to_by_https_unless_named_insecure(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, Reply(body={"tags": []}))
    with pytest.raises(RegistryUnavailable, match="no TLS connection can be made"):
        await registries_for().tags(scripted.host, "a/b")
    assert TAGS not in scripted.paths()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_list_is_not_looked_for_at_another_host(
    status: int, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on(TAGS, Reply(status, "", {"Location": f"http://{other.host}{TAGS}"}))
    with pytest.raises(InvalidAnswer, match="redirects to another host"):
        await registries_for(server.host, other.host).tags(server.host, "a/b", credential(server.host))
    assert other.seen == []


async def test_a_list_may_have_moved_at_its_own_host(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    scripted.on(TAGS, Reply(307, "", {"Location": "/moved"})).on("/moved", Reply(body={"tags": ["1.0"]}))
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b")).names == ("1.0",)


def sends_on(monkeypatch: pytest.MonkeyPatch, server: ScriptedServer, other: ScriptedServer) -> None:
    """Let the table of registries that send lists and manifests on have one more."""
    table = {server.host: re.compile(re.escape(other.host))}
    generic = replace(PROVIDERS[ProviderKind.GENERIC], redirect_hosts=table.get)
    monkeypatch.setattr("bot.registries.providers.GENERIC", generic)
    server.on(TAGS, Reply(307, "", {"Location": f"http://{other.host}/moved?signed=a%2Fb"}))


async def test_a_registry_that_is_known_to_send_on_does_so_without_the_credential(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, other = await scripted_server(), await scripted_server()
    sends_on(monkeypatch, server, other)
    challenge = Reply(401, headers={"WWW-Authenticate": 'Basic realm="x"'})
    server.on(TAGS, challenge, Reply(307, "", {"Location": f"http://{other.host}/moved?signed=a%2Fb"}))
    other.on("/moved", Reply(body={"tags": ["1.0"]}))
    registries = registries_for(server.host, other.host)
    assert (await registries.tags(server.host, "a/b", credential(server.host))).names == ("1.0",)
    assert server.authorizations(TAGS)[1] is not None
    assert other.authorizations("/moved") == [None]
    assert other.seen[0].target == "/moved?signed=a%2Fb"


async def test_a_host_that_is_redirected_to_may_not_ask_for_a_credential(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    server, other = await scripted_server(), await scripted_server()
    sends_on(monkeypatch, server, other)
    other.on(
        "/moved", Reply(401, headers={"WWW-Authenticate": f'Basic realm="x", Bearer realm="http://{other.host}/t"'})
    )
    with pytest.raises(RegistryRefused, match="another host"):
        await registries_for(server.host, other.host).tags(server.host, "a/b", credential(server.host))
    assert other.authorizations("/moved") == [None]


@pytest.mark.parametrize(
    ("host", "other", "follows"),
    [
        ("registry.k8s.io", "us-central1-docker.pkg.dev", True),
        ("registry.k8s.io", "europe-southwest1-docker.pkg.dev", True),
        ("registry.k8s.io", "us-central1-docker.pkg.dev:8443", False),
        ("registry.k8s.io", "us-central1-docker.pkg.dev.evil.example", False),
        ("registry.k8s.io", "evil.example", False),
        ("k8s.gcr.io", "registry.k8s.io", True),
        ("lscr.io", "ghcr.io", True),
    ],
)
def test_who_sends_on_where_is_a_table(host: str, other: str, follows: bool) -> None:
    hosts = provider_of(host).redirect_hosts(host)
    assert hosts
    assert bool(hosts.fullmatch(other)) is follows


@pytest.mark.parametrize("host", ["ghcr.io", "docker.io", "quay.io", "gcr.io", "registry.example"])
def test_everybody_else_sends_lists_and_manifests_nowhere(host: str) -> None:
    assert provider_of(host).redirect_hosts(host) is None


async def test_a_credential_of_another_host_is_not_sent(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    with pytest.raises(CredentialForOtherHost):
        await registries_for(scripted.host).tags(scripted.host, "a/b", credential("ghcr.io"))
    assert scripted.seen == []


@pytest.mark.parametrize(
    "repository", ["../../etc", "a/b?x=", "A/b", "a//b", "", "a/b:tag", "a b", "a/b@sha256:" + "0" * 64]
)
async def test_a_name_that_is_none_is_not_asked_for(
    repository: str, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    with pytest.raises(InvalidImageReference):
        await registries_for(scripted.host).tags(scripted.host, repository)
    assert scripted.seen == []
