"""Times of pushes at Amazon ECR, in the shapes of DescribeImages (Amazon ECR API Reference)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.registries import (
    InvalidAnswer,
    Registries,
)
from bot.registries.access import ANONYMOUS, Access
from bot.registries.kinds import ProviderKind
from bot.registries.providers import PROVIDERS
from tests.registries.conftest import RegistriesFor
from tests.registries.providers.amazon_parts import ACCOUNT, HOST, PUBLIC, Questions, at, keys, refusal
from tests.registries.scripted import Reply, ScriptedServer


@pytest.fixture
def client(scripted: ScriptedServer, registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> Registries:
    monkeypatch.setitem(PROVIDERS, ProviderKind.AMAZON, at(scripted.host).provider())
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
