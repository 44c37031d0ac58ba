"""Harbor's own API: recorded shapes."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import PushTime
from tests.registries.providers.conftest import DIGEST, PATHS, Ask
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

HARBOR = ProviderKind.HARBOR
ARTIFACTS = PATHS[HARBOR]
QUERY = "with_tag=true&q=tags%3D*&sort=-push_time&page_size=100&page=1"


async def test_the_time_of_the_tag_itself_is_told(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(ARTIFACTS, Reply(body=recorded("harbor_artifacts")))
    assert await ask(HARBOR, "stable", "1.1.0", "1.0.0") == (
        PushTime("1.1.0", f"sha256:{'2' * 64}", datetime(2024, 6, 11, 8, 2, 13, 612000, tzinfo=UTC)),
        PushTime("stable", f"sha256:{'2' * 64}", datetime(2024, 7, 1, 9, 0, tzinfo=UTC)),
        PushTime("1.0.0", f"sha256:{'1' * 64}", datetime(2024, 5, 30, 16, 40, 51, 21000, tzinfo=UTC)),
    )
    assert [seen.target for seen in scripted.seen] == [f"{ARTIFACTS}?{QUERY}"]


@pytest.mark.parametrize("own", [None, "", "0001-01-01T00:00:00.000Z"])
async def test_a_tag_without_a_time_has_its_artifacts(own: str | None, ask: Ask, scripted: ScriptedServer) -> None:
    artifact = {"digest": DIGEST, "push_time": "2024-05-01T12:00:00.25Z", "tags": [{"name": "1.0", "push_time": own}]}
    scripted.on(ARTIFACTS, Reply(body=[artifact]))
    noon = datetime(2024, 5, 1, 12, tzinfo=UTC)
    assert await ask(HARBOR, "1.0") == (PushTime("1.0", DIGEST, noon + timedelta(milliseconds=250)),)


async def test_the_registrys_credential_is_the_apis(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(ARTIFACTS, Reply(body=recorded("harbor_artifacts")))
    await ask(HARBOR, "1.0.0", username="robot$team+ci", secret="s")
    assert scripted.authorizations(ARTIFACTS) == ["Basic cm9ib3QkdGVhbStjaTpz"]


async def test_a_robot_without_the_right_is_told_nothing(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(ARTIFACTS, Reply(403, recorded("harbor_refused")))
    assert await ask(HARBOR, "1.0.0", username="robot$team+ci", secret="s") == ()


async def test_a_slash_in_a_repositorys_name_is_written_twice_encoded(ask: Ask, scripted: ScriptedServer) -> None:
    await ask(HARBOR, "1.0.0", repository="team/deep/api")
    assert scripted.seen[0].target == f"/api/v2.0/projects/team/repositories/deep%252Fapi/artifacts?{QUERY}"


async def test_a_name_without_a_project_is_not_asked_about(ask: Ask, scripted: ScriptedServer) -> None:
    assert await ask(HARBOR, "1.0.0", repository="api") == ()
    assert scripted.seen == []


@pytest.mark.parametrize("tags", [None, 7, True, "1.0", {"name": "1.0"}, ["1.0", 7, None, ["1.0"]]])
async def test_tags_that_are_none_are_left_out(tags: object, ask: Ask, scripted: ScriptedServer) -> None:
    when = "2024-05-01T12:00:00Z"
    good = {"digest": DIGEST, "push_time": when, "tags": [{"name": "2.0"}]}
    scripted.on(ARTIFACTS, Reply(body=[{"digest": DIGEST, "push_time": when, "tags": tags}, good]))
    assert [told.tag for told in await ask(HARBOR, "1.0", "2.0")] == ["2.0"]
