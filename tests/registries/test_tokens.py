"""The token dance: against a real registry with a token server, and against answers that no honest one gives."""

import asyncio
import base64
import traceback
from typing import Any

import pytest
from aiohttp import web

from bot.registries import (
    ANONYMOUS,
    InvalidAnswer,
    Registries,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    UntrustedRealm,
)
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT
from bot.sandbox.registry_tokens import SERVICE, TokenRequest
from tests.registries.conftest import Clock, RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
LISTED = Reply(body={"tags": ["1.0"]})


def with_tokens(registry: SandboxRegistry, registries_for: RegistriesFor) -> Registries:
    """A client that trusts the registry's token server, which listens on another port."""
    hosts = (registry.host, registry.tokens.host)
    return registries_for(*hosts, token_hosts=frozenset({registry.tokens.host}))


def wants_token(server: ScriptedServer, *, realm: str = "", extra: str = "") -> Reply:
    realm = realm or f"http://{server.host}/token"
    return Reply(401, headers={"WWW-Authenticate": f'Bearer realm="{realm}",service="scripted"{extra}'})


async def test_a_public_image_is_read_without_a_credential(
    token_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    digest = await token_registry.push("tokens/public", "1.0.0")
    registries = with_tokens(token_registry, registries_for)
    asked_before = len(token_registry.tokens.requests)
    assert (await registries.tags(token_registry.host, "tokens/public")).names == ("1.0.0",)
    assert await registries.head(token_registry.host, "tokens/public", "1.0.0") == digest
    asked = token_registry.tokens.requests[asked_before:]
    assert asked == [TokenRequest("", SERVICE, ("repository:tokens/public:pull",))]


async def test_a_private_image_is_read_with_its_credential_only(
    private_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    digest = await private_registry.push("tokens/private", "1.0.0")
    registries = with_tokens(private_registry, registries_for)
    host = private_registry.host
    assert await registries.head(host, "tokens/private", "1.0.0", credential(host)) == digest
    assert private_registry.tokens.requests[-1].account == ACCOUNT
    with pytest.raises(RegistryRefused, match="without a credential"):
        await registries.head(host, "tokens/private", "1.0.0")
    with pytest.raises(RegistryRefused, match="token server refused the credential"):
        await registries.head(host, "tokens/private", "1.0.0", credential(host, "wrong", id="credential-2"))


async def test_a_password_is_sent_where_the_registry_wants_one(
    password_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    digest = await password_registry.push("tokens/password", "1.0.0")
    registries = registries_for(password_registry.host)
    host = password_registry.host
    before = len(password_registry.requests())
    assert await registries.head(host, "tokens/password", "1.0.0", credential(host)) == digest
    assert (await registries.tags(host, "tokens/password", credential(host))).names == ("1.0.0",)
    assert [request.status for request in password_registry.requests()[before:]] == [401, 200, 200]
    with pytest.raises(RegistryRefused):
        await registries.head(host, "tokens/password", "1.0.0", credential(host, "wrong", id="credential-2"))
    with pytest.raises(RegistryRefused, match="wants a credential"):
        await registries.head(host, "tokens/password", "1.0.0")


async def test_many_questions_at_once_need_one_token(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    all_refused = asyncio.Event()

    def listed(request: web.Request) -> Reply:
        if scripted.authorizations(TAGS).count(None) == 5:
            all_refused.set()
        return LISTED if "Authorization" in request.headers else wants_token(scripted)

    async def token(_: web.Request) -> Reply:
        await all_refused.wait()
        return Reply(body={"token": "t"})

    scripted.on(TAGS, listed).on("/token", token)
    registries = registries_for(scripted.host)
    await asyncio.gather(*(registries.tags(scripted.host, "a/b") for _ in range(5)))
    assert scripted.paths().count("/token") == 1


async def test_each_repository_and_credential_has_a_token_of_its_own(
    token_registry: SandboxRegistry, registries_for: RegistriesFor
) -> None:
    host = token_registry.host
    for name in ("tokens/one", "tokens/two"):
        await token_registry.push(name, "1.0.0")
    registries = with_tokens(token_registry, registries_for)
    asked_before = len(token_registry.tokens.requests)
    for name in ("tokens/one", "tokens/two"):
        for who in (ANONYMOUS, credential(host, id="one"), credential(host, id="two"), credential(host, id="one")):
            await registries.tags(host, name, who)
    assert len(token_registry.tokens.requests) == asked_before + 2 * 3


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [(300, 300), ("300", 300), (None, 60), ("soon", 60), (0, 60), (-5, 60), (True, 60), (1e400, 86400), ([], 60)],
)
async def test_a_token_is_renewed_when_four_fifths_of_its_life_are_over(
    expires_in: Any, life: float, scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    # issued_at lies: the server's clock is not ours.
    fields = {"token": "t0ken", "expires_in": expires_in, "issued_at": "1999-01-01T00:00:00Z"}
    scripted.on(TAGS, wants_token(scripted), LISTED).on("/token", Reply(body=fields))
    registries = registries_for(scripted.host)
    await registries.tags(scripted.host, "a/b")
    clock.forward(life * 0.8 - 0.001)
    await registries.tags(scripted.host, "a/b")
    assert scripted.paths().count("/token") == 1
    clock.forward(0.002)
    await registries.tags(scripted.host, "a/b")
    assert scripted.paths().count("/token") == 2


async def test_a_token_that_is_refused_is_replaced_once(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    refused = wants_token(scripted)
    scripted.on(TAGS, refused, LISTED, refused, LISTED, refused)
    scripted.on("/token", *(Reply(body={"access_token": f"t{number}"}) for number in range(3)))
    registries = registries_for(scripted.host)
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)
    assert scripted.authorizations(TAGS) == [None, "Bearer t0", "Bearer t0", "Bearer t1"]
    with pytest.raises(RegistryRefused):
        await registries.tags(scripted.host, "a/b")
    assert scripted.authorizations(TAGS)[4:] == ["Bearer t1", "Bearer t2"]


async def test_a_way_that_stops_working_is_asked_for_again(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    moved = wants_token(scripted, realm=f"http://{scripted.host}/moved")
    scripted.on(TAGS, wants_token(scripted), LISTED, moved, LISTED)
    scripted.on("/token", Reply(body={"token": "old"}), Reply(404)).on("/moved", Reply(body={"token": "new"}))
    registries = registries_for(scripted.host)
    await registries.tags(scripted.host, "a/b")
    clock.forward(3600)
    with pytest.raises(InvalidAnswer):
        await registries.tags(scripted.host, "a/b")
    assert (await registries.tags(scripted.host, "a/b")).names == ("1.0",)


async def test_a_new_secret_of_a_credential_is_used_from_the_next_token_on(
    scripted: ScriptedServer, registries_for: RegistriesFor, clock: Clock
) -> None:
    scripted.on(TAGS, wants_token(scripted), LISTED).on("/token", Reply(body={"token": "t0ken"}))
    registries = registries_for(scripted.host)
    await registries.tags(scripted.host, "a/b", credential(scripted.host, "old"))
    clock.forward(3600)
    await registries.tags(scripted.host, "a/b", credential(scripted.host, "new"))
    sent = [base64.b64decode(str(header).removeprefix("Basic ")) for header in scripted.authorizations("/token")]
    assert sent == [f"{ACCOUNT}:old".encode(), f"{ACCOUNT}:new".encode()]


async def test_the_question_holds_realm_service_and_each_scope(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    realm = f"http://{scripted.host}/token?account=x%26y"
    scopes = ',scope="repository:a/b:pull repository:c/d:pull,push"'
    scripted.on(TAGS, wants_token(scripted, realm=realm, extra=scopes), LISTED).on("/token", Reply(body={"token": "t"}))
    await registries_for(scripted.host).tags(scripted.host, "a/b")
    asked = next(seen.target for seen in scripted.seen if seen.path == "/token")
    expected = "account=x%26y&service=scripted&scope=repository:a/b:pull&scope=repository:c/d:pull,push"
    assert asked.partition("?")[2] == expected


async def test_without_service_and_scope_the_repository_is_asked_for(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    challenge = Reply(401, headers={"WWW-Authenticate": f'Bearer realm="http://{scripted.host}/token"'})
    scripted.on(TAGS, challenge, LISTED).on("/token", Reply(body={"token": "t"}))
    await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert "/token?scope=repository:a/b:pull" in [seen.target for seen in scripted.seen]


async def test_a_realm_elsewhere_gets_nothing(scripted_server: ScriptedServers, registries_for: RegistriesFor) -> None:
    server, foreign = await scripted_server(), await scripted_server()
    server.on(TAGS, wants_token(server, realm=f"http://{foreign.host}/token"))
    foreign.on("/token", Reply(body={"token": "t"}))
    registries = registries_for(server.host, foreign.host)
    for who in (ANONYMOUS, credential(server.host)):
        with pytest.raises(UntrustedRealm) as refused:
            await registries.tags(server.host, "a/b", who)
        assert refused.value.realm_host == foreign.host
    assert foreign.seen == []


async def test_a_realm_elsewhere_is_asked_when_the_credential_lists_it(
    scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on(TAGS, wants_token(server, realm=f"http://{other.host}/token"), LISTED)
    other.on("/token", Reply(body={"token": "t"}))
    registries = registries_for(server.host, other.host)
    who = credential(server.host, token_hosts=frozenset({other.host}))
    assert (await registries.tags(server.host, "a/b", who)).names == ("1.0",)


async def test_a_realm_by_http_gets_nothing(scripted_server: ScriptedServers, registries_for: RegistriesFor) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on(TAGS, wants_token(server, realm=f"http://{other.host}/token"))
    registries = registries_for(server.host, token_hosts=frozenset({other.host}))
    with pytest.raises(UntrustedRealm, match="https"):
        await registries.tags(server.host, "a/b", credential(server.host))
    assert other.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_of_the_token_server_is_not_followed(
    status: int, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, other = await scripted_server(), await scripted_server()
    server.on(TAGS, wants_token(server), LISTED)
    server.on("/token", Reply(status, headers={"Location": f"http://{other.host}/token"}))
    registries = registries_for(server.host, other.host, token_hosts=frozenset({other.host}))
    with pytest.raises(UntrustedRealm, match="redirects"):
        await registries.tags(server.host, "a/b", credential(server.host))
    assert other.seen == []


async def test_of_several_challenges_the_trusted_token_comes_first(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    offered = (
        f'Basic realm="x", Bearer realm="https://evil.example/token",service="s", '
        f'Bearer realm="http://{scripted.host}/token",service="s"'
    )
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": offered}), LISTED).on(
        "/token", Reply(body={"token": "t"})
    )
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b", credential(scripted.host))).names == ("1.0",)
    assert scripted.authorizations(TAGS)[-1] == "Bearer t"


async def test_beside_an_untrusted_realm_the_password_goes_to_the_registry_itself(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    offered = 'Bearer realm="https://evil.example/token",service="s",Basic realm="x"'
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": offered}), LISTED)
    who = credential(scripted.host)
    assert (await registries_for(scripted.host).tags(scripted.host, "a/b", who)).names == ("1.0",)
    assert str(scripted.authorizations(TAGS)[-1]).startswith("Basic ")


BAD_TOKENS = [
    ("a login page", Reply(200, "<html>Please log in</html>", {"Content-Type": "text/html"}), InvalidAnswer),
    ("10 MB", Reply(200, b'{"token": "' + b"t" * 10_000_000 + b'"}'), InvalidAnswer),
    ("no token", Reply(body={"expires_in": 300}), InvalidAnswer),
    ("an empty token", Reply(body={"token": "", "access_token": ""}), InvalidAnswer),
    ("a token that is no text", Reply(body={"token": ["t"]}), InvalidAnswer),
    ("a token that ends the header", Reply(body={"token": "t\r\nHost: evil.example"}), InvalidAnswer),
    ("a list", Reply(body=["t"]), InvalidAnswer),
    ("deep", Reply(body="[" * 100_000), InvalidAnswer),
    ("nothing", Reply(200), InvalidAnswer),
    ("201", Reply(201, {"token": "t"}), InvalidAnswer),
    ("400", Reply(400), RegistryRefused),
    ("401", Reply(401), RegistryRefused),
    ("403", Reply(403), RegistryRefused),
    ("500", Reply(500), RegistryUnavailable),
]


@pytest.mark.parametrize(("reply", "error"), [case[1:] for case in BAD_TOKENS], ids=[case[0] for case in BAD_TOKENS])
async def test_an_answer_without_a_usable_token_is_a_typed_error(
    reply: Reply, error: type[Exception], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, wants_token(scripted), LISTED).on("/token", reply)
    with pytest.raises(error):
        await registries_for(scripted.host).tags(scripted.host, "a/b")
    assert scripted.authorizations(TAGS) == [None]


async def test_a_narrower_token_than_asked_for_is_refused_by_the_registry_not_by_us(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    denied = Reply(403, {"errors": [{"code": "DENIED", "message": "requested access is denied"}]})
    scripted.on(TAGS, wants_token(scripted), denied).on("/token", Reply(body={"token": "t", "scope": ""}))
    with pytest.raises(RegistryRefused, match="DENIED"):
        await registries_for(scripted.host).tags(scripted.host, "a/b")


async def test_one_caller_that_gives_up_does_not_take_the_token_from_the_others(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    callers: list[asyncio.Task[Any]] = []

    def give_up(_: Any) -> Reply:
        callers[0].cancel()
        return Reply(body={"token": "t"})

    refused = wants_token(scripted)
    scripted.on(TAGS, lambda request: LISTED if "Authorization" in request.headers else refused).on("/token", give_up)
    registries = registries_for(scripted.host)
    callers += [asyncio.create_task(registries.tags(scripted.host, "a/b")) for _ in range(3)]
    await asyncio.wait(callers)
    assert callers[0].cancelled()
    assert [caller.result().names for caller in callers[1:]] == [("1.0",), ("1.0",)]


@pytest.mark.parametrize("status", [200, 302, 307, 400, 401, 403, 404, 418, 429, 500])
@pytest.mark.parametrize("place", [TAGS, "/token"])
async def test_no_error_tells_a_secret(
    place: str, status: int, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    realm = f"http://{scripted.host}/token?key=qu3ry-secret"
    bad = Reply(status, "b0dy-secret", {"Location": f"http://{scripted.host}/elsewhere?sig=signed-secret"})
    scripted.on(TAGS, wants_token(scripted, realm=realm), bad)
    scripted.on("/token", bad if place == "/token" else Reply(body={"token": "t0ken-secret"}))
    scripted.on("/elsewhere", Reply(500))
    who = credential(scripted.host, "passw0rd-secret")
    with pytest.raises(RegistryError) as failed:
        await registries_for(scripted.host).tags(scripted.host, "a/b", who)
    told = "".join(traceback.format_exception(failed.value)) + repr(failed.value.__dict__) + repr(who)
    assert "-secret" not in told
    assert base64.b64encode(f"{ACCOUNT}:passw0rd-secret".encode()).decode() not in told
