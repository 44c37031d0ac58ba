"""Google's registries: logins at a scripted token server, and lists of tags, in the shapes of Google's documents."""

import base64
import json
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import pytest_asyncio
from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from yarl import URL

from bot.registries import (
    InvalidAnswer,
    Registries,
    RegistryError,
    RegistryLimited,
    RegistryRefused,
    RegistryUnavailable,
)
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS, provider_of
from bot.registries.providers.google import Google
from bot.registries.providers.provider import Login, PushTime
from bot.registries.transport import Transport
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

HOST = "europe-west4-docker.pkg.dev"
EMAIL = "reader@project.iam.gserviceaccount.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform.read-only"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
TOKENS = "/token"
TAGS = "/v2/project/team/app/tags/list"
DIGEST = f"sha256:{'a' * 64}"
# "Using OAuth 2.0 for Server to Server Applications", Google Identity: the answer with a token.
GIVEN = {"access_token": "ya29.s3cret-token", "scope": SCOPE, "token_type": "Bearer", "expires_in": 3600}
LogIn = Callable[[Access], Awaitable[Login | None]]


def pasted(**fields: Any) -> str:
    """A service account's key as the console gives it ("Create and delete service account keys", IAM)."""
    key = {
        "type": "service_account",
        "project_id": "project",
        "private_key_id": "0123456789abcdef",
        "private_key": PEM,
        "client_email": EMAIL,
        "client_id": "1",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }
    return json.dumps(key | fields)


def reader(secret: str = "", username: str = "_json_key", host: str = HOST, **options: Any) -> Access:
    """A reader with a service account's key, unless told otherwise."""
    return credential(host, secret or pasted(), username=username, **options)


def of_machine() -> Access:
    return credential(HOST, "", username="", id="operator:1", ambient=True)


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


# Hosts


@pytest.mark.parametrize(
    "host",
    [
        "gcr.io",
        "us.gcr.io",
        "eu.gcr.io",
        "asia.gcr.io",
        "mirror.gcr.io",
        "us-docker.pkg.dev",
        "europe-docker.pkg.dev",
        "us-central1-docker.pkg.dev",
        "northamerica-northeast2-docker.pkg.dev",
        "europe-west10-docker.pkg.dev",
    ],
)
def test_a_host_of_googles_is_googles(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GOOGLE
    assert provider_of(host).api_hosts(host) == {"oauth2.googleapis.com"}


@pytest.mark.parametrize(
    "host",
    [
        "",
        "x-docker.pkg.dev.evil",
        "evil-docker.pkg.dev.evil.tld",
        "evil.tld/us-docker.pkg.dev",
        "-docker.pkg.dev",
        "docker.pkg.dev",
        "us-docker-pkg.dev",
        "us-dockerxpkg.dev",
        "a.us-docker.pkg.dev",
        "us-docker.pkg.dev:443",
        "us-docker.pkg.dev\n",
        "gcr.io.evil.tld",
        "evilgcr.io",
        "evil.gcr.io",
        "gcrxio",
        "us.us.gcr.io",
    ],
)
def test_a_host_that_only_looks_like_one_is_nobodys(host: str) -> None:
    assert provider_of(host).kind is ProviderKind.GENERIC


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


# Times of pushes


@pytest.fixture
def client(
    google: Google, scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> Registries:
    there = replace(google.provider(), endpoint=lambda _host: scripted.host)
    monkeypatch.setitem(PROVIDERS, ProviderKind.GOOGLE, there)
    return registries_for(scripted.host)


def listed(image: Any, digest: str = DIGEST) -> Reply:
    """A list of tags as google/go-containerregistry reads it (pkg/v1/google/list.go)."""
    return Reply(body={"child": [], "name": "project/team/app", "tags": ["1.0", "2.0"], "manifest": {digest: image}})


def image(*tags: Any, at: Any = "1715698131000") -> dict[str, Any]:
    media_type = "application/vnd.oci.image.manifest.v1+json"
    times = {"timeCreatedMs": "1", "timeUploadedMs": at}
    return {"imageSizeBytes": "1", "layerId": "", "mediaType": media_type, "tag": list(tags)} | times


async def test_one_list_tells_of_all_wanted_tags(scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, listed(image("1.0", "2.0", "3.0")))
    told = await client.push_times(HOST, "project/team/app", ANONYMOUS, frozenset({"1.0", "2.0", "none"}))
    at = datetime(2024, 5, 14, 14, 48, 51, tzinfo=UTC)
    assert list(told) == [PushTime("1.0", DIGEST, at), PushTime("2.0", DIGEST, at)]
    assert [seen.target for seen in scripted.seen] == [TAGS]


async def test_the_list_is_read_with_the_login(scripted: ScriptedServer, client: Registries) -> None:
    challenge = f'Bearer realm="http://{scripted.host}/v2/token",service="{HOST}"'
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": challenge}), listed(image("1.0")))
    scripted.on(TOKENS, Reply(body=GIVEN)).on("/v2/token", Reply(body={"token": "registry-token"}))
    told = await client.push_times(HOST, "project/team/app", reader(), frozenset({"1.0"}))
    assert [pushed.tag for pushed in told] == ["1.0"]
    login = base64.b64encode(b"oauth2accesstoken:ya29.s3cret-token").decode()
    assert scripted.authorizations("/v2/token") == [f"Basic {login}"]
    assert scripted.authorizations(TAGS) == [None, "Bearer registry-token"]


@pytest.mark.parametrize(
    "reply",
    [
        listed(image("1.0", at="0")),
        listed(image("1.0", at=None)),
        listed(image("1.0", at="yesterday")),
        listed(image("1.0"), digest="sha256:short"),
        listed(image("1.0\n", None, 7)),
        listed({"tag": "1.0", "timeUploadedMs": "1715698131000"}),
        listed(None),
        listed([]),
        Reply(403, {"errors": [{"code": "DENIED"}]}),
        Reply(404),
    ],
)
async def test_what_cannot_be_used_is_not_told(reply: Reply, scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, reply)
    assert tuple(await client.push_times(HOST, "project/team/app", ANONYMOUS, frozenset({"1.0"}))) == ()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, "<html>"),
        Reply(200, "[" * 100_000),
        Reply(200, "[" + "{}," * 2_000_000 + "{}]"),
        Reply(body={"tags": ["1.0"]}),
        Reply(body={"tags": ["1.0"], "manifest": []}),
        Reply(400),
    ],
)
async def test_what_is_no_such_list_is_an_error(reply: Reply, scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, reply)
    with pytest.raises(InvalidAnswer):
        await client.push_times(HOST, "project/team/app", ANONYMOUS, frozenset({"1.0"}))
