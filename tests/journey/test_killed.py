"""Wherever the bot is killed on its way from a pushed tag to a merge, the end is the same single pull request."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.faults import RequestRecord
from tests.journey.journey import REPOSITORY, Journey, begun

TOKEN = "apps/create-installation-access-token"
REQUESTS = [
    (TOKEN, 1),
    ("BumpFacts", 1),
    ("apps/get-authenticated", 1),
    ("OpenPullRequest", 1),
    ("issues/add-labels", 1),
    (TOKEN, 2),
    ("ReviewFacts", 1),
    ("repos/compare-commits-with-basehead", 1),
    ("FilesAtCommits", 1),
    ("checks/create", 1),
    (TOKEN, 3),
    ("MergeFacts", 1),
    ("repos/get-branch", 1),
    ("repos/get-branch-rules", 1),
    ("pulls/merge", 1),
]
"""Every request of the journey to GitHub: its operation, and which one of that operation."""

LOGGED = ["delivery.stored", "image.tags_listed", "tag.decided", "files.edited", "pull_request.opened", "merge.judged"]
"""What the bot says between its requests."""


@pytest.fixture
async def journey(tmp_path: Path) -> AsyncIterator[Journey]:
    async with begun(tmp_path) as journey:
        yield journey


def name_of(record: RequestRecord) -> str:
    return record.graphql_operation or record.operation


async def assert_one_merged_pull_request(journey: Journey) -> None:
    assert [(pull.number, pull.merged) for pull in journey.pulls] == [(1, True)]
    assert await journey.github.read(REPOSITORY, "pod.yaml") == journey.pod("1.5.0")


async def test_the_journey_makes_no_request_at_which_the_bot_is_not_killed_below(journey: Journey) -> None:
    seen: set[str] = set()

    async def watch(record: RequestRecord) -> None:
        if not journey.arrived:
            seen.add(name_of(record))

    journey.github.faults.before.append(watch)
    await journey.travel()
    await assert_one_merged_pull_request(journey)
    assert seen == {name for name, _ in REQUESTS}


@pytest.mark.parametrize(("operation", "occurrence"), REQUESTS)
@pytest.mark.parametrize("moment", ["before it is carried out", "after it was carried out, before the answer"])
async def test_killed_at_a_request(journey: Journey, operation: str, occurrence: int, moment: str) -> None:
    seen = 0

    async def watch(record: RequestRecord) -> None:
        nonlocal seen
        seen += name_of(record) == operation
        if seen == occurrence:
            journey.strike()

    faults = journey.github.faults
    (faults.before if moment.startswith("before") else faults.after).append(watch)
    await journey.travel(killed=True)
    await assert_one_merged_pull_request(journey)


@pytest.mark.parametrize("event", LOGGED)
async def test_killed_between_its_requests(journey: Journey, event: str) -> None:
    already = len(journey.bot.events(event))

    async def watch() -> None:
        await journey.bot.heard(event, more_than=already)
        journey.strike()

    watching = asyncio.create_task(watch())
    await journey.travel(killed=True)
    await watching
    await assert_one_merged_pull_request(journey)
