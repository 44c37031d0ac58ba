"""Logins to Amazon ECR: what is asked, with whose keys, and what is made of odd answers."""

import base64
import logging
import sys
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
import pytest_asyncio

from bot.registries import InvalidAnswer, RegistryError, RegistryLimited, RegistryRefused, RegistryUnavailable
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import Login
from bot.registries.transport import Transport
from tests.registries.conftest import Clock
from tests.registries.providers.amazon_parts import (
    HOST,
    KEY,
    PUBLIC,
    SECRET,
    Questions,
    at,
    keys,
    login_reply,
    of_machine,
    refusal,
)
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

LogIn = Callable[[Access], Awaitable[Login | None]]


@pytest_asyncio.fixture
async def transport(clock: Clock, scripted: ScriptedServer) -> AsyncIterator[Transport]:
    async with loopback_transport(clock, scripted.host) as transport:
        yield transport


@pytest.fixture(autouse=True)
def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine have no keys, unless a test gives it some."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")


# Logins


@pytest.fixture
def log_in(scripted: ScriptedServer, transport: Transport, clock: Clock) -> LogIn:
    """Log in at the scripted API, as the first of a process."""

    async def log_in(access: Access) -> Login | None:
        host = access.credential.host if access.credential else HOST
        return await at(scripted.host).log_in(access, host, transport, clock())

    return log_in


@pytest.mark.parametrize(
    ("host", "target", "scope"),
    [
        (HOST, "AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken", "/eu-west-1/ecr/aws4_request"),
        (PUBLIC, "SpencerFrontendService.GetAuthorizationToken", "/us-east-1/ecr-public/aws4_request"),
    ],
)
async def test_a_request_is_signed_for_its_region_and_service(
    host: str,
    target: str,
    scope: str,
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    asked = Questions(login_reply())
    scripted.on("/", asked)
    await log_in(keys(host=host))
    [headers] = asked.headers
    assert asked.bodies == [{}]
    assert headers["X-Amz-Target"] == target
    assert headers["Content-Type"] == "application/x-amz-json-1.1"
    assert scope in headers["Authorization"]
    assert headers["Authorization"].startswith(f"AWS4-HMAC-SHA256 Credential={KEY}/")
    assert "X-Amz-Security-Token" not in headers


async def test_the_public_registry_answers_with_one_object(
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    data = login_reply().body["authorizationData"][0]
    scripted.on("/", Reply(body={"authorizationData": data}))
    login = await log_in(keys(host=PUBLIC))
    assert login is not None
    assert login.password.get_secret_value() == "s3cret-password"


async def test_a_session_is_sent_with_its_token(
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    asked = Questions(login_reply())
    scripted.on("/", asked)
    await log_in(keys(f"{SECRET}:FwoGZXIvYXdzEJr//////////w==", "ASIAIOSFODNN7EXAMPLE"))
    assert asked.headers[0]["X-Amz-Security-Token"] == "FwoGZXIvYXdzEJr//////////w=="


@pytest.mark.parametrize(("told", "life"), [(13 * 3600, 12 * 3600), (60, 60), (0.5, 0.5)])
async def test_a_login_never_lasts_longer_than_amazons_do(
    told: float, life: float, scripted: ScriptedServer, log_in: LogIn, clock: Clock
) -> None:
    scripted.on("/", login_reply(expiresAt=clock().timestamp() + told))
    login = await log_in(keys())
    assert login is not None
    assert login.until == clock() + timedelta(seconds=life)


@pytest.mark.parametrize("access", [ANONYMOUS, keys("eyJ-ready", "AWS")], ids=["nobody", "a ready password"])
async def test_without_keys_nothing_is_asked(
    access: Access,
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    assert await log_in(access) is None
    assert scripted.seen == []


@pytest.mark.parametrize(
    ("username", "secret"),
    [
        ("admin", SECRET),
        ("", SECRET),
        ("AIDAIOSFODNN7EXAMPLE", SECRET),
        (f"{KEY}\n", SECRET),
        ("AKIA/../x", SECRET),
        (KEY, ""),
        (KEY, f"{SECRET}:"),
        (KEY, f"{SECRET}:a b"),
        (KEY, f"{SECRET}:token\r\nX-Other: 1"),
        (KEY, "two words"),
        ("ASIAIOSFODNN7EXAMPLE", SECRET),
    ],
)
async def test_stored_keys_of_another_form_are_refused_and_nothing_else_is_tried(
    username: str,
    secret: str,
    scripted: ScriptedServer,
    log_in: LogIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "machine")
    with pytest.raises(RegistryRefused, match="wants a"):
        await log_in(keys(secret, username))
    assert scripted.seen == []


async def test_refused_stored_keys_do_not_fall_back_to_the_machines(
    scripted: ScriptedServer, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMACHINEMACHINE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "machine")
    asked = Questions(refusal("UnrecognizedClientException"))
    scripted.on("/", asked)
    with pytest.raises(RegistryRefused):
        await log_in(keys())
    assert [f"Credential={KEY}/" in headers["Authorization"] for headers in asked.headers] == [True]


async def test_keys_are_not_used_for_a_host_whose_kind_only_says_so(
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    for access in (
        keys(host="registry.example", kind=ProviderKind.AMAZON),
        of_machine("registry.example"),
    ):
        with pytest.raises(RegistryRefused, match="no registry of Amazon's"):
            await log_in(access)
    assert scripted.seen == []


# What this machine has


async def test_the_machines_keys_of_the_environment_are_used_when_the_reader_may(
    scripted: ScriptedServer, log_in: LogIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAMACHINEMACHINE00")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "machine")
    asked = Questions(login_reply(expiresAt=(clock() + timedelta(hours=1)).timestamp()))
    scripted.on("/", asked)
    assert await log_in(of_machine())
    assert "Credential=AKIAMACHINEMACHINE00/" in asked.headers[0]["Authorization"]


async def test_a_pods_identity_is_used(
    scripted: ScriptedServer, transport: Transport, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # "How EKS Pod Identity works": an agent gives keys for a token.
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"http://{scripted.host}/v1/credentials")
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "pod-token")
    given = {"AccessKeyId": "ASIAPODPODPODPODPOD0", "SecretAccessKey": "pod-secret", "Token": "pod-session"}
    scripted.on("/v1/credentials", Reply(body=given | {"Expiration": "2099-01-01T00:00:00Z"}))
    asked = Questions(login_reply(expiresAt=(clock() + timedelta(hours=1)).timestamp()))
    scripted.on("/", asked)
    amazon = at(scripted.host)
    for _ in range(2):
        assert await amazon.log_in(of_machine(), HOST, transport, clock())
    assert asked.headers[0]["X-Amz-Security-Token"] == "pod-session"
    assert scripted.authorizations("/v1/credentials") == ["pod-token"], "keys that hold are not asked for again"


async def test_a_machine_without_keys_is_told_so(
    scripted: ScriptedServer,
    log_in: LogIn,
) -> None:
    with pytest.raises(RegistryRefused, match="this machine has no keys"):
        await log_in(of_machine())
    assert scripted.seen == []


async def test_a_missing_library_is_named(
    scripted: ScriptedServer, log_in: LogIn, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "botocore.auth", None)
    with pytest.raises(RegistryRefused, match=r"pip install 'niro-bot\[aws\]'"):
        await log_in(keys())


# Odd answers

ODD = [
    (refusal("AccessDeniedException"), RegistryRefused, "ecr:GetAuthorizationToken (AccessDeniedException)"),
    (refusal("com.amazon.coral.service#UnrecognizedClientException"), RegistryRefused, "(UnrecognizedClientException)"),
    (refusal("ExpiredTokenException"), RegistryRefused, "(ExpiredTokenException)"),
    (refusal("InvalidSignatureException", 403), RegistryRefused, "clock"),
    (refusal("ThrottlingException"), RegistryUnavailable, "less often"),
    (Reply(429), RegistryLimited, "asks to wait"),
    (Reply(500, {"__type": "ServerException"}), RegistryUnavailable, "500"),
    (refusal("InvalidParameterException"), InvalidAnswer, "400 (InvalidParameterException)"),
    (refusal("s3cret <b>words</b>"), InvalidAnswer, "400"),
    (Reply(400, {"__type": ["a"]}), InvalidAnswer, "400"),
    (Reply(302, "", {"Location": "http://127.0.0.1:1/"}), InvalidAnswer, "redirects, which is never followed"),
    (Reply(307, "", {"Location": "/elsewhere"}), InvalidAnswer, "redirects, which is never followed"),
    (Reply(200, "<html>s3cret</html>"), InvalidAnswer, "200"),
    (Reply(200, "[" * 100_000), InvalidAnswer, "200"),
    (Reply(200, b"x" * 300_000), InvalidAnswer, "bytes"),
    (Reply(body={"authorizationData": []}), InvalidAnswer, "no login"),
    (Reply(body={"authorizationData": ["s3cret"]}), InvalidAnswer, "no login"),
    (login_reply("s3cret not base64"), InvalidAnswer, "no usable token"),
    (login_reply("s3cret"), InvalidAnswer, "cannot be read"),
    (login_reply(base64.b64encode(b"s3cret-only").decode()), InvalidAnswer, "user:password"),
    (login_reply(base64.b64encode(b"AWS:").decode()), InvalidAnswer, "no usable token"),
    (login_reply(base64.b64encode(b"AWS:s3cret\r\nX: y").decode()), InvalidAnswer, "no usable token"),
    (login_reply(base64.b64encode("AWS:s3crét".encode()).decode()), InvalidAnswer, "cannot be read"),
    (login_reply(expiresAt=0), InvalidAnswer, "has ended"),
    (login_reply(expiresAt="soon"), InvalidAnswer, "has ended"),
    (login_reply(expiresAt=True), InvalidAnswer, "has ended"),
    (login_reply(expiresAt=None), InvalidAnswer, "has ended"),
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
    scripted.on("/", reply)
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as raised:
        await log_in(keys())
    told = "".join(traceback.format_exception(raised.value)) + repr(vars(raised.value)) + caplog.text
    assert words in str(raised.value)
    assert "s3cret" not in told
    assert SECRET not in told
    assert scripted.paths() == ["/"]


async def test_nothing_of_a_login_is_logged(
    scripted: ScriptedServer, log_in: LogIn, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    scripted.on("/", login_reply(expiresAt=(clock() + timedelta(hours=1)).timestamp()))
    with caplog.at_level(logging.DEBUG):
        login = await log_in(keys(f"{SECRET}:s3cret-session", "ASIAIOSFODNN7EXAMPLE"))
    told = caplog.text + repr(login)
    assert not any(secret in told for secret in ("s3cret", SECRET, "AWS4-HMAC"))
