"""A credential is proved by reading with it and without it; what is not proved is not said to be."""

import base64
import json

import pytest
from aiohttp import web

from bot.registries import (
    ANONYMOUS,
    ImageNotFound,
    InvalidAnswer,
    PushRefused,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
    UntrustedRealm,
    Verification,
)
from bot.registries.errors import RepositoryMissing
from bot.sandbox.registry import SandboxRegistry
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/a/b/tags/list"
LISTED = Reply(body={"tags": ["1.0"]})


def jwt(**claims: object) -> str:
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{body}.c2lnbmF0dXJl"


class TestAgainstRealRegistries:
    async def test_a_private_repository_behind_tokens_proves_the_credential(
        self, private_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await private_registry.push("proof/private", "1.0.0")
        host, tokens = private_registry.host, private_registry.tokens.host
        who = credential(host, token_hosts=frozenset({tokens}))
        registries = registries_for(host, tokens)
        assert await registries.verify(host, "proof/private", who) is Verification.PROVEN
        with pytest.raises(RegistryRefused, match="the credential"):
            await registries.verify(host, "proof/private", credential(host, "wrong", token_hosts=frozenset({tokens})))

    async def test_a_public_repository_behind_tokens_shows_that_the_credential_was_taken(
        self, token_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await token_registry.push("proof/public", "1.0.0")
        host, tokens = token_registry.host, token_registry.tokens.host
        who = credential(host, token_hosts=frozenset({tokens}))
        assert await registries_for(host, tokens).verify(host, "proof/public", who) is Verification.ACCEPTED

    async def test_a_password_proves_the_credential(
        self, password_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await password_registry.push("proof/password", "1.0.0")
        host = password_registry.host
        registries = registries_for(host)
        assert await registries.verify(host, "proof/password", credential(host)) is Verification.PROVEN
        with pytest.raises(RegistryRefused):
            await registries.verify(host, "proof/password", credential(host, "wrong"))

    async def test_an_open_registry_proves_nothing(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await registry.push("proof/open", "1.0.0")
        registries = registries_for(registry.host)
        who = credential(registry.host, "anything at all")
        assert await registries.verify(registry.host, "proof/open", who) is Verification.UNPROVEN

    async def test_a_repository_that_is_not_there_proves_nothing(
        self, password_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        host = password_registry.host
        with pytest.raises(ImageNotFound):
            await registries_for(host).verify(host, "proof/nowhere", credential(host))


class TestPushing:
    async def test_a_repository_that_is_not_there_yet_proves_a_credential_that_pushes(
        self, private_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        host, tokens = private_registry.host, private_registry.tokens.host
        who = credential(host, token_hosts=frozenset({tokens}))
        registries = registries_for(host, tokens)
        assert await registries.verify(host, "proof/later", who, pushes=True) is Verification.PUSHES
        with pytest.raises(ImageNotFound):
            await registries.tags(host, "proof/later", who)

    async def test_a_repository_that_everybody_reads_proves_a_credential_that_pushes(
        self, token_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        await token_registry.push("proof/shown", "1.0.0")
        host, tokens = token_registry.host, token_registry.tokens.host
        who = credential(host, token_hosts=frozenset({tokens}))
        verified = await registries_for(host, tokens).verify(host, "proof/shown", who, pushes=True)
        assert verified is Verification.PUSHES

    async def test_a_registry_to_which_everybody_pushes_proves_nothing(
        self, registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        who = credential(registry.host, "anything at all")
        verified = await registries_for(registry.host).verify(registry.host, "proof/later", who, pushes=True)
        assert verified is Verification.UNPROVEN

    async def test_a_wrong_password_is_refused_as_what_it_is(
        self, password_registry: SandboxRegistry, registries_for: RegistriesFor
    ) -> None:
        host = password_registry.host
        with pytest.raises(RegistryRefused, match="does not let the credential read") as refused:
            await registries_for(host).verify(host, "proof/later", credential(host, "wrong"), pushes=True)
        assert not isinstance(refused.value, PushRefused)

    @pytest.mark.parametrize(
        ("answer", "error"),
        [(Reply(403), PushRefused), (Reply(404), RepositoryMissing), (Reply(200, "<html>"), InvalidAnswer)],
    )
    async def test_who_reads_and_does_not_push_is_not_taken(
        self, answer: Reply, error: type[Exception], scripted: ScriptedServer, registries_for: RegistriesFor
    ) -> None:
        scripted.on(TAGS, LISTED).on("/v2/a/b/blobs/uploads/", answer)
        with pytest.raises(error):
            await registries_for(scripted.host).verify(scripted.host, "a/b", credential(scripted.host), pushes=True)

    async def test_the_upload_is_given_up(self, scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
        scripted.on(TAGS, LISTED).on("/v2/a/b/blobs/uploads/", Reply(202, headers={"Location": "/v2/a/b/blobs/up/7"}))
        await registries_for(scripted.host).verify(scripted.host, "a/b", credential(scripted.host), pushes=True)
        begun = [seen.method for seen in scripted.seen if seen.path.startswith("/v2/a/b/blobs/")]
        assert begun == ["POST", "DELETE"] * 2


def challenging(server: ScriptedServer) -> None:
    """A registry that everybody may read with a token."""
    challenge = {"WWW-Authenticate": f'Bearer realm="http://{server.host}/token",service="s"'}
    server.on(TAGS, lambda request: LISTED if "Authorization" in request.headers else Reply(401, headers=challenge))


@pytest.mark.parametrize(
    ("known", "anonymous", "expected"),
    [
        (jwt(sub="acme"), jwt(sub=""), Verification.ACCEPTED),
        (jwt(sub="", jti="1"), jwt(sub="", jti="2"), Verification.UNPROVEN),
        (jwt(sub="(anonymous)", jti="1"), jwt(sub="(anonymous)", jti="2"), Verification.UNPROVEN),
        ("opaque-1", "opaque-2", Verification.ACCEPTED),
        ("opaque", "opaque", Verification.UNPROVEN),
        ("a.ü.b", "a.b.c", InvalidAnswer),
        ("a.b.c", "a.d.e", Verification.ACCEPTED),
        ("e." + "W1tb" * 1800 + ".s", "e.W10.s", Verification.ACCEPTED),
    ],
)
async def test_a_token_server_that_looks_at_no_credential_proves_nothing(
    known: str,
    anonymous: str,
    expected: Verification | type[Exception],
    scripted: ScriptedServer,
    registries_for: RegistriesFor,
) -> None:
    def token(request: web.Request) -> Reply:
        return Reply(body={"token": known if "Authorization" in request.headers else anonymous})

    challenging(scripted)
    scripted.on("/token", token)
    verifying = registries_for(scripted.host).verify(scripted.host, "a/b", credential(scripted.host))
    if isinstance(expected, Verification):
        assert await verifying is expected
        return
    with pytest.raises(expected):
        await verifying


@pytest.mark.parametrize("hidden", [Reply(404), Reply(403), Reply(200, "<html>Please log in</html>")])
async def test_a_repository_that_is_hidden_from_everybody_else_proves_the_credential(
    hidden: Reply, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    def listed(request: web.Request) -> Reply:
        if "Authorization" not in request.headers:
            return Reply(401, headers={"WWW-Authenticate": f'Bearer realm="http://{scripted.host}/token"'})
        return LISTED if request.headers["Authorization"] == "Bearer known" else hidden

    def token(request: web.Request) -> Reply:
        return Reply(body={"token": "known" if "Authorization" in request.headers else "nobody"})

    scripted.on(TAGS, listed).on("/token", token)
    verified = await registries_for(scripted.host).verify(scripted.host, "a/b", credential(scripted.host))
    assert verified is Verification.PROVEN


async def test_a_secret_that_worked_before_is_tried_again(
    scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    challenging(scripted)
    scripted.on("/token", Reply(body={"token": "t"}), Reply(401))
    registries = registries_for(scripted.host)
    who = credential(scripted.host)
    await registries.tags(scripted.host, "a/b", who)
    with pytest.raises(RegistryRefused):
        await registries.verify(scripted.host, "a/b", who)


async def test_nobody_in_particular_proves_nothing(scripted: ScriptedServer, registries_for: RegistriesFor) -> None:
    scripted.on(TAGS, LISTED)
    assert await registries_for(scripted.host).verify(scripted.host, "a/b", ANONYMOUS) is Verification.UNPROVEN


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(200, "<html>Please log in</html>", {"Content-Type": "text/html"}), InvalidAnswer),
        (Reply(403), RegistryRefused),
        (Reply(404), ImageNotFound),
        (Reply(429), RegistryLimited),
        (Reply(500), RegistryUnavailable),
    ],
)
async def test_what_goes_wrong_is_told_as_it_is(
    reply: Reply, error: type[Exception], scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on(TAGS, reply)
    with pytest.raises(error):
        await registries_for(scripted.host).verify(scripted.host, "a/b", credential(scripted.host))


async def test_the_secret_goes_to_no_foreign_token_server_to_be_proved(
    scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    server, foreign = await scripted_server(), await scripted_server()
    server.on(TAGS, Reply(401, headers={"WWW-Authenticate": f'Bearer realm="http://{foreign.host}/token"'}))
    with pytest.raises(UntrustedRealm):
        await registries_for(server.host, foreign.host).verify(server.host, "a/b", credential(server.host))
    assert foreign.seen == []
