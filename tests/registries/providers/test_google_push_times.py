"""Times of pushes at Google's registries, in the shape of their lists of tags."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from yarl import URL

from bot.registries import (
    InvalidAnswer,
    Registries,
)
from bot.registries.access import ANONYMOUS
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.providers.google import Google
from bot.registries.providers.provider import PushTime
from tests.registries.conftest import RegistriesFor
from tests.registries.providers.google_parts import GIVEN, HOST, TOKENS, reader
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/v2/project/team/app/tags/list"
DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def client(scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> Registries:
    google = Google(URL(f"http://{scripted.host}{TOKENS}"))
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
