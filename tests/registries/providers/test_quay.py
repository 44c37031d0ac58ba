"""Quay's own API: recorded shapes."""

from datetime import UTC, datetime

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import PushTime
from tests.registries.providers.conftest import PATHS, Ask
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

QUAY = ProviderKind.QUAY
TAGS = PATHS[QUAY]
DIGEST = "sha256:57583a1b9c0a7509d3417387b4f43acf80d08cdcf5266ac87987be3f8f919d5d"


async def test_the_time_since_when_a_tag_points_where_it_does_is_told(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TAGS, Reply(body=recorded("quay_tags")))
    assert await ask(QUAY, "test-two", "example") == (
        PushTime("test-two", DIGEST, datetime(2024, 6, 6, 13, 33, tzinfo=UTC)),
        PushTime("example", DIGEST, datetime(2024, 5, 14, 14, 48, 51, tzinfo=UTC)),
    )
    assert [seen.target for seen in scripted.seen] == [f"{TAGS}?limit=100&page=1&onlyActiveTags=true"]


async def test_a_robot_is_never_sent_to_the_api(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(TAGS, Reply(401, recorded("quay_refused"), {"WWW-Authenticate": 'Basic realm="quay"'}))
    assert await ask(QUAY, "example", username="team+robot", secret="s") == ()
    assert scripted.authorizations(TAGS) == [None]


async def test_a_repository_below_another_is_asked_about(ask: Ask, scripted: ScriptedServer) -> None:
    path = "/api/v1/repository/team/deep/api/tag/"
    scripted.on(path, Reply(body=recorded("quay_tags")))
    assert [told.tag for told in await ask(QUAY, "example", repository="team/deep/api")] == ["example"]
