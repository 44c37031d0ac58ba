"""What a provider's file asks beside the registry goes to its own servers only, and what it tells is kept in bounds."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from yarl import URL

from bot.registries import (
    ANONYMOUS,
    Access,
    ImageNotFound,
    InvalidAnswer,
    ProviderKind,
    PushTime,
    Registries,
    RegistryError,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
)
from bot.registries.providers import PROVIDERS
from bot.registries.repository import Repository
from bot.registries.transport import Answer
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

PUSHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
Asking = Callable[[Repository], Awaitable[Any]]
AskedBy = Callable[..., Awaitable[Any]]


@pytest.fixture
def asked_by(monkeypatch: pytest.MonkeyPatch) -> AskedBy:
    """Let a provider's file ask something with a Repository, and return what it got."""

    async def ask(
        registries: Registries, asking: Asking, who: Access, *, api_hosts: frozenset[str] = frozenset()
    ) -> Any:
        got: list[Any] = []

        async def push_times(repository: Repository, _wanted: frozenset[str]) -> Iterable[PushTime]:
            got.append(await asking(repository))
            return ()

        provider = replace(PROVIDERS[ProviderKind.QUAY], push_times=push_times, api_hosts=lambda _: api_hosts)
        monkeypatch.setitem(PROVIDERS, ProviderKind.QUAY, provider)
        assert who.credential
        await registries.push_times(who.credential.host, "a/b", who, frozenset({"1.0"}))
        return got[0]

    return ask


def reader(server: ScriptedServer, **options: Any) -> Access:
    return credential(server.host, kind=ProviderKind.QUAY, **options)


def about(url: str, **options: Any) -> Asking:
    async def ask(repository: Repository) -> Answer:
        return await repository.api(url, headers={}, largest=1000, **options)

    return ask


async def test_an_api_gets_just_what_it_is_given(
    scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    scripted.on("/api", Reply(body={"answer": 1}))
    registries = registries_for(scripted.host)
    given = about(f"http://{scripted.host}/api?x=%252F", method="POST", body=b"{}", authorization="Bearer t")
    answer = await asked_by(registries, given, reader(scripted))
    assert (answer.status, answer.body) == (200, b'{"answer": 1}')
    seen = scripted.seen[0]
    assert (seen.method, seen.target, seen.headers["Authorization"]) == ("POST", "/api?x=%252F", "Bearer t")
    await asked_by(registries, about(f"http://{scripted.host}/api"), reader(scripted))
    assert scripted.authorizations("/api") == ["Bearer t", None]


async def test_a_server_that_the_providers_file_does_not_name_gets_nothing(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    server, api, foreign = await scripted_server(), await scripted_server(), await scripted_server()
    api.on("/api", Reply(body={}))
    foreign.on("/api", Reply(body={}))
    registries = registries_for(server.host, api.host, foreign.host)
    hosts = frozenset({api.host})
    await asked_by(registries, about(f"http://{api.host}/api", authorization="t"), reader(server), api_hosts=hosts)
    for url in (
        f"http://{foreign.host}/api",
        f"http://{api.host}@{foreign.host}/api",
        "/api",
        "http://[",
        "http://host:port/",
        "",
    ):
        with pytest.raises(InvalidAnswer):
            await asked_by(registries, about(url, authorization="t"), reader(server), api_hosts=hosts)
    assert foreign.seen == []
    assert len(api.seen) == 1


async def test_an_api_is_not_spoken_to_by_http_unless_named_insecure(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    server, api = await scripted_server(), await scripted_server()
    with pytest.raises(InvalidAnswer):
        await asked_by(
            registries_for(server.host), about(f"http://{api.host}/"), reader(server), api_hosts=frozenset({api.host})
        )
    assert api.seen == []


@pytest.mark.parametrize("options", [{"authorization": "Bearer t"}, {"method": "POST", "body": b"s3cret"}])
async def test_a_redirect_is_not_followed_with_anything_secret(
    options: dict[str, Any], scripted_server: ScriptedServers, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on("/api", Reply(307, headers={"Location": f"http://{other.host}/api"}))
    registries = registries_for(server.host, other.host)
    with pytest.raises(InvalidAnswer, match="307"):
        await asked_by(registries, about(f"http://{server.host}/api", **options), reader(server))
    assert other.seen == []


async def test_an_api_is_not_looked_for_at_another_host(
    scripted_server: ScriptedServers, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on("/api", Reply(307, headers={"Location": f"http://{other.host}/api"}))
    other.on("/api", Reply(body={}))
    registries = registries_for(server.host, other.host)
    with pytest.raises(InvalidAnswer, match="redirects to another host"):
        await asked_by(registries, about(f"http://{server.host}/api"), reader(server))
    assert other.seen == []


async def test_a_redirect_is_followed_with_nothing(
    scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    scripted.on("/api", Reply(307, headers={"Location": "/moved"})).on("/moved", Reply(body={}))
    answer = await asked_by(registries_for(scripted.host), about(f"http://{scripted.host}/api"), reader(scripted))
    assert answer.status == 200


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(401), RegistryRefused),
        (Reply(403), RegistryRefused),
        (Reply(404), ImageNotFound),
        (Reply(429), RegistryLimited),
        (Reply(500), RegistryUnavailable),
        (Reply(418), InvalidAnswer),
        (Reply(200, b"x" * 1001), InvalidAnswer),
    ],
)
async def test_each_failure_of_an_api_has_its_type(
    reply: Reply, error: type[Exception], scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    scripted.on("/api", reply)
    with pytest.raises(error):
        await asked_by(registries_for(scripted.host), about(f"http://{scripted.host}/api"), reader(scripted))


async def test_another_path_of_the_registry_is_read_with_a_token_of_its_own(
    scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    def wants(scope: str) -> Reply:
        challenge = f'Bearer realm="http://{scripted.host}/token",service="s",scope="repository:a/b:{scope}"'
        return Reply(401, headers={"WWW-Authenticate": challenge})

    scripted.on("/acr/v1/a/b/_tags", wants("metadata_read"), Reply(body={"tags": []}))
    scripted.on("/v2/a/b/tags/list", wants("pull"), Reply(body={"tags": ["1.0"]}))
    scripted.on("/token", lambda request: Reply(body={"token": request.query["scope"].rpartition(":")[2]}))

    async def ask(repository: Repository) -> list[int]:
        answers = [
            await repository.own("/acr/v1/a/b/_tags", query="orderby=timedesc", largest=1000),
            await repository.get("tags/list", largest=1000),
            await repository.own("/acr/v1/a/b/_tags", largest=1000),
        ]
        return [answer.status for answer in answers]

    assert await asked_by(registries_for(scripted.host), ask, reader(scripted)) == [200, 200, 200]
    assert scripted.authorizations("/acr/v1/a/b/_tags") == [None, "Bearer metadata_read", "Bearer metadata_read"]
    assert scripted.authorizations("/v2/a/b/tags/list") == [None, "Bearer pull"]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"secret": "s"}, "Basic c2FuZGJveDpz"),
        ({"secret": "s", "username": ""}, "Bearer s"),
        ({"secret": ""}, None),
        ({"secret": "s", "ambient": True}, None),
    ],
)
async def test_the_credential_itself_is_there_for_the_asking(
    options: dict[str, Any],
    expected: str | None,
    scripted: ScriptedServer,
    registries_for: RegistriesFor,
    asked_by: AskedBy,
) -> None:
    async def ask(repository: Repository) -> str | None:
        return repository.basic()

    assert await asked_by(registries_for(scripted.host), ask, reader(scripted, **options)) == expected


def telling(monkeypatch: pytest.MonkeyPatch, *pushes: PushTime) -> None:
    async def push_times(_repository: Repository, _wanted: frozenset[str]) -> Iterable[PushTime]:
        return pushes

    provider = replace(PROVIDERS[ProviderKind.QUAY], push_times=push_times)
    monkeypatch.setitem(PROVIDERS, ProviderKind.QUAY, provider)


async def test_of_the_times_that_are_told_each_wanted_tag_comes_back_once(
    scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again, other = (
        PushTime("1.0", "sha256:1", PUSHED_AT),
        PushTime("1.0", "sha256:2", PUSHED_AT),
        PushTime("1.1", None, PUSHED_AT),
    )
    telling(monkeypatch, first, again, other, PushTime("unwanted", None, PUSHED_AT))
    registries = registries_for(scripted.host)
    wanted = frozenset({"1.0", "1.1", "2.0"})
    assert await registries.push_times(scripted.host, "a/b", reader(scripted), wanted) == (first, other)
    assert await registries.push_times(scripted.host, "a/b", reader(scripted), frozenset()) == ()


async def test_a_registry_that_tells_no_times_is_not_asked(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    registries = registries_for(scripted.host)
    assert await registries.push_times(scripted.host, "a/b", ANONYMOUS, frozenset({"1.0"})) == ()
    assert scripted.seen == []


async def test_an_error_of_a_provider_is_one_of_the_registry(
    scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    async def ask(repository: Repository) -> None:
        raise RegistryUnavailable(repository.host, "answered 500")

    with pytest.raises(RegistryError):
        await asked_by(registries_for(scripted.host), ask, reader(scripted))


async def test_a_provider_may_give_an_address_as_it_wrote_it(
    scripted: ScriptedServer, registries_for: RegistriesFor, asked_by: AskedBy
) -> None:
    scripted.on("/a%2Fb", Reply(body={})).on("/a/b", Reply(body={}))
    address = URL(f"http://{scripted.host}/a%2Fb?page=1&q=%2C", encoded=True)

    async def ask(repository: Repository) -> Answer:
        return await repository.api(address, headers={"Accept": "application/json"}, largest=1000)

    await asked_by(registries_for(scripted.host), ask, reader(scripted))
    assert scripted.seen[0].target == "/a%2Fb?page=1&q=%2C"
