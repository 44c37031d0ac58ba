"""Logins to Google's registries, at a scripted token server."""

import base64
import json
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import pytest_asyncio
from aiohttp import web
from yarl import URL

from bot.registries import InvalidAnswer, RegistryError, RegistryLimited, RegistryRefused, RegistryUnavailable
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers.google import Google
from bot.registries.providers.provider import Login
from bot.registries.transport import Transport
from tests.registries.conftest import Clock
from tests.registries.providers.google_parts import EMAIL, GIVEN, HOST, KEY, SCOPE, TOKENS, of_machine, pasted, reader
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

LogIn = Callable[[Access], Awaitable[Login | None]]


class TokenServer:
    """Gives a token, or what it was told to, and keeps the forms that came."""

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
def google(scripted: ScriptedServer) -> Google:
    """Google, with its token server on this machine."""
    return Google(URL(f"http://{scripted.host}{TOKENS}"))


@pytest.fixture
def log_in(google: Google, transport: Transport, clock: Clock) -> LogIn:
    async def log_in(access: Access) -> Login | None:
        host = access.credential.host if access.credential else HOST
        return await google.log_in(access, host, transport, clock())

    return log_in


# Logins


@pytest.mark.parametrize("username", ["_json_key", "_json_key_base64"])
async def test_a_pasted_key_becomes_a_token(
    username: str, scripted: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    server = TokenServer(Reply(body=GIVEN))
    scripted.on(TOKENS, server)
    secret = pasted() if username == "_json_key" else base64.encodebytes(pasted().encode()).decode()
    login = await log_in(reader(secret, username))
    assert login is not None
    assert (login.username, login.password.get_secret_value()) == ("oauth2accesstoken", "ya29.s3cret-token")
    assert login.until == clock() + timedelta(hours=1)
    [form] = server.forms
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    checks = {"verify_exp": False, "verify_iat": False}
    audience = "https://oauth2.googleapis.com/token"
    claims = jwt.decode(form["assertion"], KEY.public_key(), ["RS256"], options=checks, audience=audience)
    issued = int(clock().timestamp())
    assert claims == {"iss": EMAIL, "scope": SCOPE, "aud": audience, "iat": issued, "exp": issued + 3600}
    assert jwt.get_unverified_header(form["assertion"])["kid"] == "0123456789abcdef"


@pytest.mark.parametrize("address", ["http://169.254.169.254/token", "{foreign}", 7, None])
async def test_the_token_uri_of_a_pasted_key_is_never_asked(
    address: Any,
    scripted: ScriptedServer,
    scripted_server: Callable[[], Awaitable[ScriptedServer]],
    log_in: LogIn,
) -> None:
    foreign = await scripted_server()
    scripted.on(TOKENS, Reply(body=GIVEN))
    address = f"http://{foreign.host}/token" if address == "{foreign}" else address
    login = await log_in(reader(pasted(token_uri=address, auth_uri=address, client_x509_cert_url=address)))
    assert login is not None
    assert scripted.paths() == [TOKENS]
    assert foreign.seen == []


EXTERNAL = {
    "type": "external_account",
    "audience": "//iam.googleapis.com/x",
    "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
    "token_url": "http://127.0.0.1:1/token",
    "credential_source": {"file": "/etc/passwd", "executable": {"command": "id"}},
}
USER = {"type": "authorized_user", "client_id": "x", "client_secret": "s3cret", "refresh_token": "s3cret"}


@pytest.mark.parametrize(
    ("secret", "why"),
    [
        (json.dumps(EXTERNAL), '"type"'),
        (json.dumps(USER), '"type"'),
        (pasted(type="gdch_service_account"), '"type"'),
        (pasted(type=None), '"type"'),
        (pasted(type=["service_account"]), '"type"'),
        (pasted(universe_domain="evil.tld"), '"universe_domain"'),
        (pasted(client_email="no address"), '"client_email"'),
        (pasted(client_email=f"{EMAIL}\r\n"), '"client_email"'),
        (pasted(client_email=None), '"client_email"'),
        (pasted(private_key_id=None), '"private_key_id"'),
        (pasted(private_key=None), '"private_key"'),
        (pasted(private_key="s3cret"), '"private_key"'),
        (pasted(private_key="-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n"), '"private_key"'),
        ("s3cret", "no JSON object"),
        ("[]", "no JSON object"),
        ("[" * 20_000, "no JSON object"),
        ('{"type": "service_account"', "no JSON object"),
        ("x" * 100_000, "too long"),
    ],
)
async def test_what_is_no_service_accounts_key_is_refused(
    secret: str, why: str, scripted: ScriptedServer, log_in: LogIn
) -> None:
    for username in ("_json_key", "_json_key_base64"):
        text = secret if username == "_json_key" else base64.b64encode(secret.encode()).decode()
        with pytest.raises(RegistryRefused, match="service account's key") as raised:
            await log_in(reader(text, username))
        told = "".join(traceback.format_exception(raised.value))
        assert why in told
        assert "s3cret" not in told
    assert scripted.seen == []


async def test_what_is_no_base64_is_refused(scripted: ScriptedServer, log_in: LogIn) -> None:
    with pytest.raises(RegistryRefused, match="no JSON object"):
        await log_in(reader(pasted(), "_json_key_base64"))
    assert scripted.seen == []


@pytest.mark.parametrize(
    "access", [ANONYMOUS, reader("ya29.ready", "oauth2accesstoken"), reader("s", "admin")], ids=["nobody", "ready", "x"]
)
async def test_other_names_and_secrets_are_given_as_they_are(
    access: Access, scripted: ScriptedServer, log_in: LogIn
) -> None:
    assert await log_in(access) is None
    assert scripted.seen == []


async def test_no_login_of_googles_goes_to_a_host_whose_kind_only_says_so(
    scripted: ScriptedServer, log_in: LogIn
) -> None:
    for options in ({}, {"ambient": True}):
        with pytest.raises(RegistryRefused, match="no registry of Google's"):
            await log_in(reader(host="registry.example", kind=ProviderKind.GOOGLE, **options))
    assert scripted.seen == []


@pytest.mark.parametrize(
    ("told", "life"), [(3599, 3599), (86400, 3600), (0, 300), (-1, 300), ("x", 300), (True, 300), (None, 300)]
)
async def test_a_token_lives_as_long_as_it_is_told_but_no_longer_than_an_hour(
    told: Any, life: int, scripted: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    scripted.on(TOKENS, Reply(body=GIVEN | {"expires_in": told}))
    login = await log_in(reader())
    assert login is not None
    assert login.until == clock() + timedelta(seconds=life)


# The error's shape is that of "Using OAuth 2.0 for Server to Server Applications", JWT error codes.
ODD = [
    (Reply(400, {"error": "invalid_grant", "error_description": "s3cret"}), RegistryRefused, "400 (invalid_grant)"),
    (Reply(401, {"error": "s3cret <b>"}), RegistryRefused, "answered 401; make a new key"),
    (Reply(403, "s3cret"), RegistryRefused, "403"),
    (Reply(429), RegistryLimited, "asks to wait"),
    (Reply(503), RegistryUnavailable, "503"),
    (Reply(302, "", {"Location": "/elsewhere"}), InvalidAnswer, "redirects, which is never followed"),
    (Reply(307, "", {"Location": "http://127.0.0.1:1/"}), InvalidAnswer, "redirects, which is never followed"),
    (Reply(200, "<html>s3cret"), InvalidAnswer, "no usable answer"),
    (Reply(200, "[" * 100_000), InvalidAnswer, "no usable answer"),
    (Reply(200, b"x" * 300_000), InvalidAnswer, "bytes"),
    (Reply(201, GIVEN), InvalidAnswer, "201"),
    (Reply(body=GIVEN | {"access_token": None}), InvalidAnswer, "no usable token"),
    (Reply(body=GIVEN | {"access_token": "s3cret\r\nX-Other: y"}), InvalidAnswer, "no usable token"),
    (Reply(body=GIVEN | {"access_token": ["s3cret"]}), InvalidAnswer, "no usable token"),
]


@pytest.mark.parametrize(("reply", "expected"), [(reply, (error, words)) for reply, error, words in ODD])
async def test_an_odd_answer_is_a_typed_error_without_its_words(
    reply: Reply,
    expected: tuple[type[RegistryError], str],
    scripted: ScriptedServer,
    log_in: LogIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    error, words = expected
    scripted.on(TOKENS, reply)
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        await log_in(reader())
    told = "".join(traceback.format_exception(raised.value)) + repr(vars(raised.value)) + caplog.text
    assert words in str(raised.value)
    assert not any(secret in told for secret in ("s3cret", "PRIVATE KEY", "eyJ"))
    assert scripted.paths() == [TOKENS]


async def test_a_missing_library_is_named(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.auth.crypt", None)
    with pytest.raises(RegistryRefused, match=r"pip install 'niro-bot\[gcp\]'"):
        await log_in(reader())


# What this machine has


@pytest.fixture
def machine(scripted: ScriptedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedServer:
    """A machine whose operator gave it a key file ("How Application Default Credentials works", Google Cloud)."""
    file = tmp_path / "key.json"
    file.write_text(pasted(token_uri=f"http://{scripted.host}/machine"))
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(file))
    return scripted


async def test_the_machines_login_is_used_when_the_reader_may(machine: ScriptedServer, log_in: LogIn) -> None:
    machine.on("/machine", Reply(body=GIVEN | {"access_token": "ya29.machine"}))
    asked_at = datetime.now(UTC)
    login = await log_in(of_machine())
    assert login is not None
    assert (login.username, login.password.get_secret_value()) == ("oauth2accesstoken", "ya29.machine")
    assert login.until is not None
    assert timedelta(minutes=50) < login.until - asked_at < timedelta(minutes=70)
    assert machine.paths() == ["/machine"]


async def test_a_refused_stored_key_does_not_fall_back_to_the_machines(machine: ScriptedServer, log_in: LogIn) -> None:
    machine.on(TOKENS, Reply(400, {"error": "invalid_grant"}))
    for secret in (pasted(), "no key"):
        with pytest.raises(RegistryRefused):
            await log_in(reader(secret))
    assert machine.paths() == [TOKENS]


async def test_a_machine_without_a_login_is_told_so(log_in: LogIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/nonexistent")
    with pytest.raises(RegistryRefused, match="this machine has no login"):
        await log_in(of_machine())


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(400, {"error": "invalid_grant", "error_description": "s3cret"}), RegistryRefused),
        (Reply(302, "", {"Location": "/elsewhere"}), RegistryUnavailable),
        (Reply(200, "s3cret"), RegistryUnavailable),
    ],
)
async def test_what_goes_wrong_with_the_machines_login_is_a_typed_error(
    reply: Reply,
    error: type[RegistryError],
    machine: ScriptedServer,
    log_in: LogIn,
    caplog: pytest.LogCaptureFixture,
) -> None:
    machine.on("/machine", reply)
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        await log_in(of_machine())
    assert "s3cret" not in "".join(traceback.format_exception(raised.value)) + caplog.text
    assert "/elsewhere" not in machine.paths()
