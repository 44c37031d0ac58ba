"""Amazon ECR: real signed requests to moto's Amazon, and the error shapes of the ECR API Reference."""

import base64
import json
import logging
import sys
import traceback
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import pytest_asyncio
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer
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
from bot.registries.providers.amazon import Amazon, api_origin
from bot.registries.providers.amazon_hosts import place_of
from bot.registries.providers.provider import Login
from bot.registries.transport import Transport
from tests.registries.conftest import Clock, RegistriesFor, credential
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

LogIn = Callable[[Access], Awaitable[Login | None]]

ACCOUNT = "123456789012"
REGION = "eu-west-1"
HOST = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com"
PUBLIC = "public.ecr.aws"
KEY = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"  # of Amazon's own documents
# The logins of moto's Amazon all end at the beginning of 2015.
BEFORE_THE_END = datetime(2014, 12, 31, 22, tzinfo=UTC)
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


@dataclass(frozen=True)
class Moto:
    """An Amazon on this machine, with one user who may log in to registries and list their images."""

    host: str
    key: str
    secret: str

    @property
    def origin(self) -> URL:
        return URL(f"http://{self.host}")

    def client(self, service: str) -> Any:
        keys = {"aws_access_key_id": KEY, "aws_secret_access_key": SECRET}
        return boto3.client(service, region_name=REGION, endpoint_url=str(self.origin), **keys)

    def check_keys(self, *, checking: bool) -> None:
        """Let it check signatures and rights, or not."""
        url = f"{self.origin}/moto-api/reset-auth"
        headers = {"Content-Type": "text/plain"}
        number = b"0" if checking else b"Infinity"
        urllib.request.urlopen(urllib.request.Request(url, number, headers, method="POST")).close()


@pytest.fixture(scope="session")
def moto() -> Iterator[Moto]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    amazon = Moto(f"{host}:{port}", "", "")
    iam = amazon.client("iam")
    iam.create_user(UserName="reader")
    rights = {"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:DescribeImages"], "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [rights]})
    iam.put_user_policy(UserName="reader", PolicyName="read", PolicyDocument=policy)
    made = iam.create_access_key(UserName="reader")["AccessKey"]
    yield replace(amazon, key=made["AccessKeyId"], secret=made["SecretAccessKey"])
    server.stop()


@pytest.fixture
def checking(moto: Moto) -> Iterator[None]:
    """Let Amazon check signatures and rights in this test."""
    moto.check_keys(checking=True)
    yield
    moto.check_keys(checking=False)


@pytest_asyncio.fixture
async def transport(clock: Clock, moto: Moto, scripted: ScriptedServer) -> AsyncIterator[Transport]:
    async with loopback_transport(clock, moto.host, scripted.host) as transport:
        yield transport


@pytest.fixture(autouse=True)
def without_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this machine have no keys, unless a test gives it some."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, "/nonexistent")


def keys(secret: str = SECRET, username: str = KEY, host: str = HOST, **options: Any) -> Access:
    """A reader with keys of Amazon's."""
    return credential(host, secret, username=username, **options)


def of_machine(host: str = HOST) -> Access:
    return keys("", "", host, id="operator:1", ambient=True)


def at(server: ScriptedServer | Moto) -> Amazon:
    """Amazon, with its API at a server of this machine."""
    return Amazon(lambda _place: URL(f"http://{server.host}"))


def login_reply(token: str = base64.b64encode(b"AWS:s3cret-password").decode(), **fields: Any) -> Reply:
    """GetAuthorizationToken's answer, after its example in the Amazon ECR API Reference."""
    data = {"authorizationToken": token, "expiresAt": 4e9, "proxyEndpoint": f"https://{HOST}"} | fields
    return Reply(body={"authorizationData": [data]})


def refusal(code: str, status: int = 400) -> Reply:
    """An error in AWS JSON 1.1 (Smithy), whose words may name anything."""
    return Reply(status, {"__type": code, "message": f"s3cret-message of {KEY}"})


# Hosts


@pytest.mark.parametrize(
    ("host", "api"),
    [
        (HOST, "api.ecr.eu-west-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr.ecr.us-gov-west-1.amazonaws.com", "api.ecr.us-gov-west-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr.ecr-fips.us-east-1.amazonaws.com", "ecr-fips.us-east-1.amazonaws.com"),
        (f"{ACCOUNT}.dkr-ecr.ap-southeast-2.on.aws", "ecr.ap-southeast-2.api.aws"),
        (f"{ACCOUNT}.dkr-ecr-fips.us-west-2.on.aws", "ecr-fips.us-west-2.api.aws"),
        (f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com.cn", "api.ecr.cn-north-1.amazonaws.com.cn"),
        (f"{ACCOUNT}.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn", "ecr.cn-north-1.api.amazonwebservices.com.cn"),
        (f"{ACCOUNT}.dkr.ecr.eusc-de-east-1.amazonaws.eu", "api.ecr.eusc-de-east-1.amazonaws.eu"),
        (PUBLIC, "api.ecr-public.us-east-1.amazonaws.com"),
        ("ecr-public.aws.com", "ecr-public.us-east-1.api.aws"),
    ],
)
def test_each_registry_has_one_api_host(host: str, api: str) -> None:
    provider = provider_of(host)
    place = place_of(host)
    assert provider.kind is ProviderKind.AMAZON
    assert provider.api_hosts(host) == {api}
    assert place is not None
    assert api_origin(place) == URL(f"https://{api}")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "1234.dkr.ecr.evil.com",
        f"{HOST}.evil.tld",
        f"{HOST}:443",
        f"{HOST}\n",
        f"evil.tld/{HOST}",
        f"x{HOST}",
        f"1{HOST}",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com.evil",
        f"{ACCOUNT}.dkr.ecr.evil.tld?.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.eu-west-1.evil.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr..amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com.cn",
        f"{ACCOUNT}.dkr.ecr.cn-north-1.amazonaws.com",
        f"{ACCOUNT}.dkr-ecr.{REGION}.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}.on.aws",
        f"{ACCOUNT}xdkr.ecr.{REGION}.amazonaws.com",
        f"{ACCOUNT}.dkr.ecr.{REGION}xamazonaws.com",
        "\u0661" * 12 + f".dkr.ecr.{REGION}.amazonaws.com",
        "public.ecr.aws.evil.tld",
        "publicxecr.aws",
        "api.ecr.eu-west-1.amazonaws.com",
    ],
)
def test_a_host_that_only_looks_like_one_is_nobodys(host: str) -> None:
    assert place_of(host) is None
    assert provider_of(host).kind is ProviderKind.GENERIC


@given(st.text("abcn0.-:/@\n", min_size=1, max_size=20))
def test_nothing_before_or_after_a_host_leaves_it_amazons(more: str) -> None:
    assert place_of(HOST + more) is None
    assert place_of(more + HOST) is None


# Logins


async def test_keys_that_amazon_checks_become_a_login(
    moto: Moto, checking: None, clock: Clock, transport: Transport
) -> None:
    clock.now = BEFORE_THE_END
    login = await at(moto).log_in(keys(moto.secret, moto.key), HOST, transport, clock())
    assert login is not None
    assert (login.username, login.password.get_secret_value()) == ("AWS", f"{ACCOUNT}-auth-token")
    assert login.until == datetime(2015, 1, 1, tzinfo=UTC)


async def test_a_wrong_secret_is_refused_with_what_to_do(
    moto: Moto, checking: None, clock: Clock, transport: Transport
) -> None:
    with pytest.raises(RegistryRefused, match=r"does not take this key .*: is it active"):
        await at(moto).log_in(keys(SECRET, moto.key), HOST, transport, clock())


async def test_a_registry_is_read_with_the_login(
    moto: Moto,
    scripted: ScriptedServer,
    registries_for: RegistriesFor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.now = BEFORE_THE_END
    there = replace(at(moto).provider(), endpoint=lambda _host: scripted.host)
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, there)
    challenge = Reply(401, headers={"WWW-Authenticate": f'Basic realm="https://{HOST}/",service="ecr.amazonaws.com"'})
    scripted.on("/v2/team/app/tags/list", challenge, Reply(body={"tags": ["1.0.0"]}))
    listed = await registries_for(scripted.host, moto.host).tags(HOST, "team/app", keys(moto.secret, moto.key))
    assert listed.names == ("1.0.0",)
    sent = base64.b64encode(f"AWS:{ACCOUNT}-auth-token".encode()).decode()
    assert scripted.authorizations("/v2/team/app/tags/list") == [None, f"Basic {sent}"]


class Questions:
    """Answers as an API, and keeps what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self._replies = list(replies)

    async def __call__(self, request: web.Request) -> Reply:
        self.bodies.append(await request.json())
        self.headers.append(dict(request.headers))
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


@pytest.fixture
def log_in(scripted: ScriptedServer, transport: Transport, clock: Clock) -> LogIn:
    """Log in at the scripted API, as the first of a process."""

    async def log_in(access: Access) -> Login | None:
        host = access.credential.host if access.credential else HOST
        return await at(scripted).log_in(access, host, transport, clock())

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
        replace_host(of_machine(), "registry.example"),
    ):
        with pytest.raises(RegistryRefused, match="no registry of Amazon's"):
            await log_in(access)
    assert scripted.seen == []


def replace_host(access: Access, host: str) -> Access:
    assert access.credential
    return replace(access, credential=replace(access.credential, host=host))


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
    amazon = at(scripted)
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


# Times of pushes


@pytest.fixture
def described(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A repository with two images, one of them with two tags; the time of a push is the second it was made in."""
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(moto).provider())
    ecr = moto.client("ecr")
    ecr.create_repository(repositoryName="team/app")
    config = {"mediaType": "application/vnd.oci.image.config.v1+json", "size": 2, "digest": f"sha256:{'a' * 64}"}
    pushed = {}
    for tag, version in (("1.0.0", "1"), ("1.1.0", "2"), ("stable", "2")):
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config | {"size": int(version)}, "layers": []}
        put = ecr.put_image(repositoryName="team/app", imageManifest=json.dumps(manifest), imageTag=tag)
        pushed[tag] = put["image"]["imageId"]["imageDigest"]
    yield pushed
    ecr.delete_repository(repositoryName="team/app", force=True)


async def test_the_wanted_tags_are_told_with_their_digests(
    moto: Moto, described: dict[str, str], registries_for: RegistriesFor
) -> None:
    client = registries_for(moto.host)
    told = await client.push_times(HOST, "team/app", keys(moto.secret, moto.key), frozenset({"1.1.0", "none"}))
    assert [(pushed.tag, pushed.digest) for pushed in told] == [("1.1.0", described["1.1.0"])]
    assert abs(told[0].pushed_at - datetime.now(UTC)) < timedelta(minutes=5)


async def test_a_repository_that_is_not_there_is_told_nothing_of(
    moto: Moto, described: dict[str, str], registries_for: RegistriesFor
) -> None:
    client = registries_for(moto.host)
    assert await client.push_times(HOST, "no/such", keys(moto.secret, moto.key), frozenset({"1.0.0"})) == ()


@pytest.fixture
def client(scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> Registries:
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(scripted).provider())
    return registries_for(scripted.host)


def images(*tags: str, following: Any = None, at: Any = 1.7e9, digest: Any = f"sha256:{'a' * 64}") -> Reply:
    """A page of DescribeImages, after its example in the Amazon ECR API Reference."""
    details = [{"imageDigest": digest, "imageTags": list(tags), "imagePushedAt": at, "registryId": ACCOUNT}]
    return Reply(body={"imageDetails": details} | ({"nextToken": following} if following is not None else {}))


async def test_pages_are_read_until_all_wanted_tags_were_seen(scripted: ScriptedServer, client: Registries) -> None:
    asked = Questions(images("3.0", following="a"), images("2.0", following="b"), images("1.0"))
    scripted.on("/", asked)
    told = await client.push_times(HOST, "team/app", keys(), frozenset({"3.0", "2.0"}))
    assert [pushed.tag for pushed in told] == ["3.0", "2.0"]
    question = {
        "registryId": ACCOUNT,
        "repositoryName": "team/app",
        "maxResults": 1000,
        "filter": {"tagStatus": "TAGGED"},
    }
    assert asked.bodies == [question, question | {"nextToken": "a"}]
    assert asked.headers[0]["X-Amz-Target"] == "AmazonEC2ContainerRegistry_V20150921.DescribeImages"


@pytest.mark.parametrize(
    ("at", "read"),
    [
        (1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1700000000.25, datetime(2023, 11, 14, 22, 13, 20, 250000, tzinfo=UTC)),
        (1e300, None),
        (-1.5, None),
        (0, None),
        (10**400, None),
        ("1700000000", None),
        (True, None),
        (None, None),
    ],
)
async def test_a_time_is_read_strictly(
    at: Any, read: datetime | None, scripted: ScriptedServer, client: Registries
) -> None:
    scripted.on("/", images("1.0", at=at))
    told = await client.push_times(HOST, "team/app", keys(), frozenset({"1.0"}))
    assert [pushed.pushed_at for pushed in told] == ([read] if read else [])


@pytest.mark.parametrize(
    "reply",
    [
        images("1.0", digest="sha256:short"),
        images("1.0", digest=7),
        Reply(body={"imageDetails": [None, 7, [], {}, {"imageTags": "1.0"}, {"imageTags": [None, 7, "-x"]}]}),
        Reply(body={"imageDetails": {"imageTags": ["1.0"]}}),
        refusal("AccessDeniedException"),
    ],
)
async def test_what_cannot_be_used_is_not_told(reply: Reply, scripted: ScriptedServer, client: Registries) -> None:
    scripted.on("/", reply)
    assert await client.push_times(HOST, "team/app", keys(), frozenset({"1.0"})) == ()


@pytest.mark.parametrize("following", ["same", "", 7, ["a"], "x" * 20_000])
async def test_pages_that_lead_nowhere_are_an_error(
    following: Any, scripted: ScriptedServer, client: Registries
) -> None:
    scripted.on("/", images("1.0", following=following))
    with pytest.raises(InvalidAnswer, match="page"):
        await client.push_times(HOST, "team/app", keys(), frozenset({"2.0"}))
    assert len(scripted.seen) <= 2


@pytest.mark.parametrize(
    ("host", "access"),
    [(HOST, ANONYMOUS), (HOST, keys("eyJ-ready", "AWS")), (PUBLIC, keys(host=PUBLIC))],
    ids=["nobody", "a ready password", "the public registry"],
)
async def test_who_cannot_be_told_does_not_ask(
    host: str, access: Access, scripted: ScriptedServer, client: Registries
) -> None:
    assert await client.push_times(host, "team/app", access, frozenset({"1.0"})) == ()
    assert scripted.seen == []
