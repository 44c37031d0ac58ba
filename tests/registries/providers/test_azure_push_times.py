"""Times of pushes at Azure's registries, in the shape of their lists of tags."""

import base64
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.registries import (
    InvalidAnswer,
    Registries,
)
from bot.registries.access import ANONYMOUS
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from bot.registries.providers.provider import PushTime
from tests.registries.conftest import Clock, RegistriesFor
from tests.registries.providers.azure_parts import HOST, NOBODY, reader, willing
from tests.registries.scripted import Reply, ScriptedServer

TAGS = "/acr/v1/team/app/_tags"
DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def client(
    scripted: ScriptedServer, clock: Clock, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch
) -> Registries:
    there = replace(willing(scripted, clock).provider(), endpoint=lambda _host: scripted.host)
    monkeypatch.setitem(PROVIDERS, ProviderKind.AZURE, there)
    return registries_for(scripted.host)


def tag(name: Any, at: Any = "2018-09-06T06:17:21.0856539Z", digest: Any = DIGEST) -> dict[str, Any]:
    """An entry of "Tag - Get List" (REST API of Azure Container Registry)."""
    times = {"createdTime": "2018-09-01T00:00:00Z", "lastUpdateTime": at}
    return {"name": name, "digest": digest, "signed": False, "changeableAttributes": {"readEnabled": True}} | times


def page(*tags: Any, more: bool = False) -> Reply:
    link = {"Link": '<http://169.254.169.254/acr/v1/x/_tags?last=evil>; rel="next"'} if more else {}
    return Reply(200, {"registry": HOST, "imageName": "team/app", "tags": list(tags)}, link)


async def test_the_time_is_the_tags_own(scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, page(tag("2.0"), tag("1.0", at="2018-09-05T00:00:00Z")))
    told = await client.push_times(HOST, "team/app", ANONYMOUS, frozenset({"1.0", "2.0"}))
    assert list(told) == [
        PushTime("2.0", DIGEST, datetime(2018, 9, 6, 6, 17, 21, 85653, tzinfo=UTC)),
        PushTime("1.0", DIGEST, datetime(2018, 9, 5, tzinfo=UTC)),
    ]
    assert [seen.target for seen in scripted.seen] == [f"{TAGS}?orderby=timedesc&n=100"]


async def test_pages_are_asked_for_by_the_last_name_until_all_wanted_were_seen(
    scripted: ScriptedServer, client: Registries
) -> None:
    scripted.on(TAGS, page(tag("3+0"), more=True), page(tag("2.0"), more=True), page(tag("1.0")))
    told = await client.push_times(HOST, "team/app", ANONYMOUS, frozenset({"2.0"}))
    assert [pushed.tag for pushed in told] == ["2.0"]
    query = "orderby=timedesc&n=100"
    assert [seen.target for seen in scripted.seen] == [f"{TAGS}?{query}", f"{TAGS}?{query}&last=3%2B0"]


async def test_the_list_is_read_with_a_token_for_metadata(scripted: ScriptedServer, client: Registries) -> None:
    # The challenge as recorded in Azure/azure-sdk-for-js, sdk/containerregistry.
    scope = 'scope="repository:team/app:metadata_read"'
    challenge = f'Bearer realm="http://{scripted.host}/oauth2/token",service="{HOST}",{scope}'
    scripted.on(TAGS, Reply(401, headers={"WWW-Authenticate": challenge}), page(tag("1.0")))
    scripted.on("/oauth2/token", Reply(body={"access_token": "metadata-token"}))
    told = await client.push_times(HOST, "team/app", reader(), frozenset({"1.0"}))
    assert [pushed.tag for pushed in told] == ["1.0"]
    [asked] = [seen for seen in scripted.seen if seen.path == "/oauth2/token"]
    assert "scope=repository:team/app:metadata_read" in asked.target
    assert base64.b64decode(asked.headers["Authorization"].removeprefix("Basic ")).startswith(f"{NOBODY}:".encode())
    assert scripted.authorizations(TAGS) == [None, "Bearer metadata-token"]


@pytest.mark.parametrize(
    "reply",
    [
        page(tag("1.0", at="0001-01-01T00:00:00Z")),
        page(tag("1.0", at=None)),
        page(tag("1.0", digest="sha256:short")),
        page(None, 7, {}, tag(None), tag(["1.0"]), tag("1.0\n")),
        Reply(401),
        Reply(403, {"errors": [{"code": "DENIED"}]}),
        Reply(404),
    ],
)
async def test_what_cannot_be_used_is_not_told(reply: Reply, scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, reply)
    assert tuple(await client.push_times(HOST, "team/app", ANONYMOUS, frozenset({"1.0"}))) == ()


@pytest.mark.parametrize(
    "reply", [Reply(200, "<html>"), Reply(200, "[" * 100_000), Reply(body={"tags": {}}), Reply(400)]
)
async def test_what_is_no_such_list_is_an_error(reply: Reply, scripted: ScriptedServer, client: Registries) -> None:
    scripted.on(TAGS, reply)
    with pytest.raises(InvalidAnswer):
        await client.push_times(HOST, "team/app", ANONYMOUS, frozenset({"1.0"}))
