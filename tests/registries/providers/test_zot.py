"""zot's search extension: recorded shapes."""

from datetime import UTC, datetime
from urllib.parse import parse_qs

import pytest

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import PushTime
from tests.registries.providers.conftest import PATHS, Ask
from tests.registries.providers.recordings import recorded
from tests.registries.scripted import Reply, ScriptedServer

ZOT = ProviderKind.ZOT
SEARCH = PATHS[ZOT]


async def test_one_query_tells_of_all_tags(ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(SEARCH, Reply(body=recorded("zot_images")))
    assert await ask(ZOT, "latest", "multi", "xenial") == (
        PushTime(
            "latest",
            "sha256:650d596072ad45c6b74f4923e2cfea8158da2fb3a7b8dbb0b9ae4da3088d0591",
            datetime(2024, 10, 25, 1, 53, 41, 769246, tzinfo=UTC),
        ),
        PushTime(
            "xenial",
            "sha256:34de800b5da88feb7723a87ecbbf238afb63dbfe0c828838e26ac7458bef0ac5",
            datetime(2024, 8, 31, 1, 21, 30, 672229, tzinfo=UTC),
        ),
    )
    assert [seen.path for seen in scripted.seen] == [SEARCH]
    query = parse_qs(scripted.seen[0].target.partition("?")[2])
    assert query == {"query": ['{ImageList(repo: "team/api") {Results {Tag Digest PushTimestamp}}}']}


async def test_it_is_asked_with_what_the_registry_takes(ask: Ask, scripted: ScriptedServer) -> None:
    challenge = Reply(401, headers={"WWW-Authenticate": 'Basic realm="zot"'})
    scripted.on(SEARCH, challenge, Reply(body=recorded("zot_images")))
    assert [told.tag for told in await ask(ZOT, "latest", username="user", secret="s")] == ["latest"]
    assert scripted.authorizations(SEARCH)[-1] == "Basic dXNlcjpz"


@pytest.mark.parametrize("status", [200, 422])
async def test_an_older_one_tells_nothing(status: int, ask: Ask, scripted: ScriptedServer) -> None:
    scripted.on(SEARCH, Reply(status, recorded("zot_older")))
    assert await ask(ZOT, "latest") == ()
