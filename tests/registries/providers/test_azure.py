"""Logins to Azure's registries, at a scripted Entra and registry."""

import base64
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr

from bot.registries import InvalidAnswer, RegistryError, RegistryLimited, RegistryRefused, RegistryUnavailable
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers.azure import Azure
from bot.registries.providers.provider import Login
from bot.registries.transport import Transport
from tests.registries.conftest import Clock
from tests.registries.providers.azure_parts import (
    CLIENT,
    DISCOVERY,
    ENTRA,
    ENTRA_TOKEN,
    EXCHANGE,
    HOST,
    NOBODY,
    SECRET,
    TENANT,
    discovered,
    ended,
    of_machine,
    reader,
    willing,
)
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

LogIn = Callable[[Access], Awaitable[Login | None]]


class Forms:
    """Answers, and keeps the forms that came."""

    def __init__(self, *replies: Reply) -> None:
        self.forms: list[dict[str, str]] = []
        self._replies = list(replies)

    async def __call__(self, request: web.Request) -> Reply:
        self.forms.append({name: str(value) for name, value in (await request.post()).items()})
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


@pytest_asyncio.fixture
async def transport(clock: Clock, scripted: ScriptedServer) -> AsyncIterator[Transport]:
    async with loopback_transport(clock, scripted.host) as transport:
        yield transport


@pytest.fixture
def azure(scripted: ScriptedServer, clock: Clock) -> Azure:
    return willing(scripted, clock)


@pytest.fixture
def log_in(azure: Azure, transport: Transport, clock: Clock) -> LogIn:
    async def log_in(access: Access) -> Login | None:
        host = access.credential.host if access.credential else HOST
        return await azure.log_in(access, host, transport, clock())

    return log_in


# Logins


@pytest.mark.parametrize("tenant", [TENANT, "contoso.onmicrosoft.com"])
async def test_an_applications_secret_becomes_a_login(
    tenant: str, scripted: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    entra = Forms(Reply(body=ENTRA_TOKEN))
    exchange = Forms(Reply(body={"refresh_token": ended(clock, 3 * 3600)}))
    scripted.on(f"/{tenant}/v2.0/.well-known/openid-configuration", discovered())
    scripted.on(ENTRA, entra).on(EXCHANGE, exchange)
    login = await log_in(reader(username=f"{tenant}/{CLIENT}"))
    assert login == Login(NOBODY, SecretStr(ended(clock, 3 * 3600)), clock() + timedelta(hours=3))
    [asked] = entra.forms
    wanted = {"grant_type", "client_id", "client_secret", "scope"}
    assert {name: asked[name] for name in wanted} == {
        "grant_type": "client_credentials",
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scope": "https://containerregistry.azure.net/.default",
    }
    form = {"grant_type": "access_token", "service": HOST, "access_token": "s3cret-entra", "tenant": tenant}
    assert exchange.forms == [form]


@pytest.mark.parametrize(
    "access",
    [
        ANONYMOUS,
        reader("password", "contoso"),
        reader("password", "my-token"),
        reader("eyJ", NOBODY),
        reader("x", f"{TENANT}"),
        reader("x", f"{TENANT}/{CLIENT}/x"),
        reader("x", f"{TENANT}/not-a-client"),
        reader("x", f"../{CLIENT}"),
        reader("x", f"evil.tld?x=/{CLIENT}"),
        reader("x", f"{TENANT}/{CLIENT}\n"),
    ],
)
async def test_other_names_and_secrets_are_given_as_they_are(
    access: Access, scripted: ScriptedServer, log_in: LogIn
) -> None:
    assert await log_in(access) is None
    assert scripted.seen == []


async def test_no_login_of_azures_goes_to_a_host_whose_kind_only_says_so(
    scripted: ScriptedServer, log_in: LogIn
) -> None:
    elsewhere: dict[str, Any] = {"host": "registry.example", "kind": ProviderKind.AZURE}
    for access in (reader(**elsewhere), of_machine(**elsewhere)):
        with pytest.raises(RegistryRefused, match="no registry of Azure's"):
            await log_in(access)
    assert scripted.seen == []


@pytest.mark.parametrize(
    ("token", "life"),
    [
        (lambda clock: ended(clock, 60), 60),
        (lambda clock: ended(clock, 10**9), 12 * 3600),
        (lambda clock: ended(clock, 0, exp="soon"), 900),
        (lambda clock: ended(clock, 0, exp=True), 900),
        (lambda clock: ended(clock, 0, exp=None), 900),
        (lambda _clock: "opaque-s3cret", 900),
        (lambda _clock: "a.!!!.c", 900),
        (lambda _clock: f"a.{base64.b64encode(b'[' * 9000).decode()}.c", 900),
        (lambda _clock: f"a.{base64.b64encode(b'[]').decode()}.c", 900),
    ],
)
async def test_a_login_lasts_as_long_as_its_token_says_within_reason(
    token: Callable[[Clock], str], life: int, scripted: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    scripted.on(EXCHANGE, Reply(body={"refresh_token": token(clock)}))
    login = await log_in(reader())
    assert login is not None
    assert login.until == clock() + timedelta(seconds=life)


# The error's shape is that of RFC 6749, section 5.2, as "Microsoft Entra authentication and authorization error codes"
# shows it; the exchange's is that of Azure/acr, AAD-OAuth.
WRONG_SECRET = {"error": "invalid_client", "error_description": "AADSTS7000215: s3cret. Trace ID: s3cret"}
NO_TENANT = {"error": "invalid_tenant", "error_description": "AADSTS90002: Tenant 's3cret' not found."}
ODD = [
    (ENTRA, Reply(401, WRONG_SECRET), RegistryRefused, "refuses the application (AADSTS7000215); check"),
    (ENTRA, Reply(400, {"error": "s3cret"}), RegistryRefused, "refuses the application; check"),
    (ENTRA, Reply(200, {"access_token": None}), RegistryRefused, "refuses the application"),
    (ENTRA, Reply(429), RegistryLimited, "asks to wait"),
    (ENTRA, Reply(500, WRONG_SECRET), RegistryUnavailable, "500"),
    (ENTRA, Reply(302, "", {"Location": "/elsewhere"}), InvalidAnswer, "redirects"),
    (ENTRA, Reply(307, "", {"Location": "http://127.0.0.1:1/"}), InvalidAnswer, "redirects"),
    (ENTRA, Reply(200, b"x" * 300_000), InvalidAnswer, "bytes"),
    (DISCOVERY, Reply(400, NO_TENANT), RegistryRefused, "check tenant"),
    (DISCOVERY, Reply(302, "", {"Location": "/elsewhere"}), InvalidAnswer, "redirects"),
    (DISCOVERY, Reply(503), RegistryUnavailable, "503"),
    (DISCOVERY, discovered(token_endpoint="http://login.microsoftonline.com/x"), RegistryRefused, "refuses"),
    (DISCOVERY, discovered(token_endpoint="https://evil.tld/token"), InvalidAnswer, "another server"),
    (DISCOVERY, discovered(token_endpoint="https://169.254.169.254/token"), InvalidAnswer, "another server"),
    (EXCHANGE, Reply(401, {"errors": [{"code": "UNAUTHORIZED", "message": "s3cret"}]}), RegistryRefused, "AcrPull"),
    (EXCHANGE, Reply(403, "s3cret"), RegistryRefused, "AcrPull"),
    (EXCHANGE, Reply(429), RegistryLimited, "asks to wait"),
    (EXCHANGE, Reply(502), RegistryUnavailable, "502"),
    (EXCHANGE, Reply(301, "", {"Location": "/elsewhere"}), InvalidAnswer, "redirects, which is never followed"),
    (
        EXCHANGE,
        Reply(308, "", {"Location": "http://127.0.0.1:1/"}),
        InvalidAnswer,
        "redirects, which is never followed",
    ),
    (EXCHANGE, Reply(404), InvalidAnswer, "404"),
    (EXCHANGE, Reply(200, "<html>s3cret"), InvalidAnswer, "no usable answer"),
    (EXCHANGE, Reply(200, "[" * 100_000), InvalidAnswer, "no usable answer"),
    (EXCHANGE, Reply(200, b"x" * 300_000), InvalidAnswer, "bytes"),
    (EXCHANGE, Reply(body={"refresh_token": "s3cret\r\nX-Other: y"}), InvalidAnswer, "no usable token"),
    (EXCHANGE, Reply(body={"refresh_token": None}), InvalidAnswer, "no usable token"),
    (EXCHANGE, Reply(body={"refresh_token": "a.eyJleHAiOjF9.c"}), InvalidAnswer, "has ended"),
]


@pytest.mark.parametrize(
    ("path", "reply", "expected"), [(path, reply, (error, words)) for path, reply, error, words in ODD]
)
async def test_an_odd_answer_is_a_typed_error_without_its_words(
    path: str,
    reply: Reply,
    expected: tuple[type[RegistryError], str],
    scripted: ScriptedServer,
    log_in: LogIn,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    error, words = expected
    scripted.on(path, reply)
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        await log_in(reader())
    told = "".join(traceback.format_exception(raised.value)) + repr(vars(raised.value)) + caplog.text
    assert words in str(raised.value)
    assert "s3cret" not in told
    assert scripted.paths()[-1] == path


async def test_nothing_of_a_login_is_logged(log_in: LogIn, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        login = await log_in(reader())
    assert "s3cret" not in caplog.text + repr(login)


async def test_a_missing_library_is_named(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(RegistryRefused, match=r"pip install 'niro-bot\[azure\]'"):
        await log_in(reader())


# What this machine has


@pytest.fixture
def machine(scripted: ScriptedServer, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """A machine with a managed identity ("How to use managed identities for App Service": REST endpoint reference)."""
    for name in ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"http://{scripted.host}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", "header-s3cret")
    return scripted


def identity_token() -> Reply:
    ends = int(datetime.now(UTC).timestamp()) + 3600
    return Reply(
        body={"access_token": "s3cret-machine", "expires_on": str(ends), "resource": "x", "token_type": "Bearer"}
    )


async def test_the_machines_identity_is_used_when_the_reader_may(
    machine: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    exchange = Forms(Reply(body={"refresh_token": ended(clock, 3 * 3600)}))
    machine.on("/msi/token", identity_token()).on(EXCHANGE, exchange)
    login = await log_in(of_machine())
    assert login is not None
    assert login.username == NOBODY
    assert machine.paths() == ["/msi/token", EXCHANGE]
    assert "resource=https://containerregistry.azure.net" in machine.seen[0].target
    assert exchange.forms == [{"grant_type": "access_token", "service": HOST, "access_token": "s3cret-machine"}]


async def test_a_refused_application_does_not_fall_back_to_the_machines_identity(
    machine: ScriptedServer, log_in: LogIn
) -> None:
    machine.on("/msi/token", identity_token()).on(ENTRA, Reply(401, WRONG_SECRET))
    with pytest.raises(RegistryRefused):
        await log_in(reader())
    assert "/msi/token" not in machine.paths()


async def test_a_refused_identity_is_a_typed_error(
    machine: ScriptedServer, log_in: LogIn, caplog: pytest.LogCaptureFixture
) -> None:
    machine.on("/msi/token", Reply(400, {"statusCode": 400, "message": "s3cret"}))
    with caplog.at_level(logging.DEBUG), pytest.raises(RegistryRefused, match="no identity of Azure's") as raised:
        await log_in(of_machine())
    assert "s3cret" not in "".join(traceback.format_exception(raised.value)) + caplog.text
