"""Docker Hub's own API: recorded shapes."""

import asyncio
import json
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.registries import Registries
from bot.registries.errors import InvalidAnswer, RegistryUnavailable
from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import PushTime
from tests.registries.conftest import Clock, credential
from tests.registries.providers.conftest import PATHS, Ask
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

HUB = ProviderKind.DOCKER_HUB
TAGS = PATHS[HUB]
TOKEN = "/v2/auth/token"
OFFICIAL = "/v2/namespaces/library/repositories/nginx/tags"


class Asked:
    """The bodies that came for a token."""

    def __init__(self, *replies: Reply) -> None:
        self.bodies: list[object] = []
        self._replies = list(replies)

    async def __call__(self, request: web.Request) -> Reply:
        self.bodies.append(json.loads(await request.text()))
        return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]


async def test_the_tags_time_is_told_newest_first(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(OFFICIAL, Reply(body=recorded("docker_hub_tags")))
    assert await ask(HUB, "latest", "1.19.6", "1.19.5", repository="library/nginx") == (
        PushTime("latest", f"sha256:{'1' * 64}", datetime(2021, 1, 5, 21, 6, 53, 506400, tzinfo=UTC)),
        PushTime("1.19.6", f"sha256:{'1' * 64}", datetime(2021, 1, 5, 21, 6, 50, 106400, tzinfo=UTC)),
        PushTime("1.19.5", f"sha256:{'2' * 64}", datetime(2020, 11, 25, 1, 18, 3, tzinfo=UTC)),
    )
    assert [seen.target for seen in scripted.seen] == [f"{OFFICIAL}?page_size=100&page=1&ordering=last_updated"]


async def test_nobody_in_particular_gets_no_token(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TAGS, Reply(body=recorded("docker_hub_tags")))
    await ask(HUB, "latest")
    assert scripted.authorizations(TAGS) == [None]


async def test_a_credential_is_changed_for_a_token(ask: Ask, scripted: ScriptedServer) -> None:
    asked = Asked(Reply(body=recorded("docker_hub_token")))
    scripted.on(TOKEN, asked).on(TAGS, Reply(body=recorded("docker_hub_tags")))
    await ask(HUB, "latest", username="robot", secret="dckr_pat_é")
    assert asked.bodies == [{"identifier": "robot", "secret": "dckr_pat_é"}]
    assert [(seen.method, seen.path) for seen in scripted.seen] == [("POST", TOKEN), ("GET", TAGS)]
    assert scripted.authorizations(TOKEN) == [None]
    assert scripted.authorizations(TAGS) == [f"Bearer {recorded('docker_hub_token')['access_token']}"]


async def test_a_token_is_kept_for_its_life(ask: Ask, scripted: ScriptedServer, clock: Clock) -> None:
    scripted.on(TOKEN, Reply(body={"access_token": "one"}), Reply(body={"access_token": "two"}))
    scripted.on(TAGS, Reply(body=recorded("docker_hub_tags")))
    for seconds in (0, 479, 1):
        clock.forward(seconds)
        await ask(HUB, "latest", username="robot", secret="s")
    assert scripted.authorizations(TAGS) == ["Bearer one", "Bearer one", "Bearer two"]


async def test_whoever_needs_a_token_at_the_same_time_waits_for_one_request(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(body={"access_token": "one"}), Reply(body={"access_token": "two"}))
    scripted.on(TAGS, Reply(body=recorded("docker_hub_tags")))
    await asyncio.gather(*(ask(HUB, "latest", username="robot", secret="s") for _ in range(3)))
    assert scripted.authorizations(TAGS) == ["Bearer one"] * 3


async def test_a_token_that_was_not_to_be_had_is_asked_for_again(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(500), Reply(body={"access_token": "two"}))
    scripted.on(TAGS, Reply(body=recorded("docker_hub_tags")))
    with pytest.raises(RegistryUnavailable):
        await ask(HUB, "latest", username="robot", secret="s")
    assert [told.tag for told in await ask(HUB, "latest", username="robot", secret="s")] == ["latest"]


async def test_another_secret_gets_another_token(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(body={"access_token": "one"}), Reply(body={"access_token": "two"}))
    scripted.on(TAGS, Reply(body=recorded("docker_hub_tags")))
    for version in "12":
        await ask(HUB, "latest", username="robot", secret=version, version=version)
    assert scripted.authorizations(TAGS) == ["Bearer one", "Bearer two"]


async def test_a_refused_credential_is_told_nothing(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(401, recorded("docker_hub_refused")))
    assert await ask(HUB, "latest", username="robot", secret="wrong") == ()
    assert scripted.paths() == [TOKEN]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_secret_follows_a_redirect(status: int, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(status, "", {"Location": f"http://{scripted.host}/elsewhere"}))
    with pytest.raises(InvalidAnswer):
        await ask(HUB, "latest", username="robot", secret="s")
    assert scripted.paths() == [TOKEN]


async def test_no_token_follows_a_redirect(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(body={"access_token": "one"}))
    scripted.on(TAGS, Reply(302, "", {"Location": f"http://{scripted.host}/elsewhere"}))
    with pytest.raises(InvalidAnswer):
        await ask(HUB, "latest", username="robot", secret="s")
    assert scripted.paths() == [TOKEN, TAGS]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "null",
        "[]",
        "{}",
        '["access_token"]',
        " " * 70_000 + '{"access_token": "one"}',
        {"access_token": None},
        {"access_token": ""},
        {"access_token": 7},
        {"access_token": ["one"]},
        {"access_token": "one two"},
        {"access_token": "one\r\nX-Other: two"},
        {"access_token": "é"},
        {"access_token": "x" * 70_000},
        {"token": "one"},
        "[" * 10_000,
    ],
)
async def test_what_is_no_token_is_an_error(body: object, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TOKEN, Reply(body=body))
    with pytest.raises(InvalidAnswer) as raised:
        await ask(HUB, "latest", username="robot", secret="the-secret")
    assert "the-secret" not in f"{raised.value!r} {raised.value.__cause__!r} {raised.value.__context__!r}"
    assert scripted.paths() == [TOKEN]


async def test_a_name_that_docker_hub_cannot_have_is_not_asked_about(ask: Ask, scripted: ScriptedServer) -> None:
    assert await ask(HUB, "latest", repository="team/deep/api") == ()
    assert scripted.seen == []


async def test_another_host_is_not_docker_hub_whatever_its_credential_says(
    registries: Registries, scripted: ScriptedServer
) -> None:
    access = credential(scripted.host, kind=HUB)
    assert await registries.push_times(scripted.host, "team/api", access, frozenset({"latest"})) == ()
    assert scripted.seen == []
