"""Amazon ECR as moto plays it: signatures and rights that are checked, a registry's login, real lists of images."""

import base64
import json
import urllib.request
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
import pytest_asyncio
from moto.server import ThreadedMotoServer
from yarl import URL

from bot.registries import (
    RegistryRefused,
)
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.transport import Transport
from tests.registries.conftest import Clock, RegistriesFor
from tests.registries.providers.amazon_parts import ACCOUNT, HOST, KEY, REGION, SECRET, at, keys
from tests.registries.providers.loopback_transport import loopback_transport
from tests.registries.scripted import Reply, ScriptedServer

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
async def transport(clock: Clock, moto: Moto) -> AsyncIterator[Transport]:
    async with loopback_transport(clock, moto.host) as transport:
        yield transport


async def test_keys_that_amazon_checks_become_a_login(
    moto: Moto, checking: None, clock: Clock, transport: Transport
) -> None:
    clock.now = BEFORE_THE_END
    login = await at(moto.host).log_in(keys(moto.secret, moto.key), HOST, transport, clock())
    assert login is not None
    assert (login.username, login.password.get_secret_value()) == ("AWS", f"{ACCOUNT}-auth-token")
    assert login.until == datetime(2015, 1, 1, tzinfo=UTC)


async def test_a_wrong_secret_is_refused_with_what_to_do(
    moto: Moto, checking: None, clock: Clock, transport: Transport
) -> None:
    with pytest.raises(RegistryRefused, match=r"does not take this key .*: is it active"):
        await at(moto.host).log_in(keys(SECRET, moto.key), HOST, transport, clock())


async def test_a_registry_is_read_with_the_login(
    moto: Moto,
    scripted: ScriptedServer,
    registries_for: RegistriesFor,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock.now = BEFORE_THE_END
    there = replace(at(moto.host).provider(), endpoint=lambda _host: scripted.host)
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, there)
    challenge = Reply(401, headers={"WWW-Authenticate": f'Basic realm="https://{HOST}/",service="ecr.amazonaws.com"'})
    scripted.on("/v2/team/app/tags/list", challenge, Reply(body={"tags": ["1.0.0"]}))
    listed = await registries_for(scripted.host, moto.host).tags(HOST, "team/app", keys(moto.secret, moto.key))
    assert listed.names == ("1.0.0",)
    sent = base64.b64encode(f"AWS:{ACCOUNT}-auth-token".encode()).decode()
    assert scripted.authorizations("/v2/team/app/tags/list") == [None, f"Basic {sent}"]


@pytest.fixture
def described(moto: Moto, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A repository with two images, one of them with two tags; the time of a push is the second it was made in."""
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(moto.host).provider())
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
