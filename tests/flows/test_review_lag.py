"""GitHub may show a commit late, or never: the review waits a little, and says so where it waits in vain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.work import ReviewPullRequest
from tests.flows.house import House
from tests.flows.reviewing import API, check, checks, pull_request, push, threads, workload

LATEST = workload("nginx:latest")
COMPARE = "repos/compare-commits-with-basehead"
CREATE = "checks/create"
GONE = b'{"message": "Not Found"}'
NO_COMMIT = b'{"message": "No commit found for SHA: 1234"}'
AWHILE = timedelta(seconds=30)


@pytest.mark.parametrize(
    ("operation", "status", "body"), [(COMPARE, 404, GONE), (CREATE, 404, GONE), (CREATE, 422, NO_COMMIT)]
)
async def test_a_commit_that_is_shown_late_is_reviewed_then(
    house: House, operation: str, status: int, body: bytes
) -> None:
    house.github.faults.answer(operation, status=status, body=body, times=2)
    pull = await pull_request(house, {API: LATEST})
    assert checks(house, pull.head_oid) == []
    await house.later(AWHILE)
    await house.later(AWHILE)
    assert check(house, pull.head_oid).conclusion == "neutral"
    assert len(threads(house, pull)) == 1
    assert await house.dead() == []


@pytest.mark.parametrize("operation", [COMPARE, CREATE])
async def test_a_commit_that_is_never_shown_is_given_up(house: House, operation: str) -> None:
    fault = house.github.faults.answer(operation, status=404, body=GONE, times=100)
    pull = await pull_request(house, {API: LATEST})
    for _ in range(10):
        await house.later(AWHILE)
    assert house.github.faults.count(operation) <= 8
    assert await house.dead() == []
    assert fault
    titles = [run.output["title"] for run in checks(house, pull.head_oid)]
    assert titles == (["The change could not be read"] if operation == COMPARE else [])


async def test_what_was_given_up_is_tried_once_more_when_somebody_asks(house: House) -> None:
    house.github.faults.answer(COMPARE, status=404, body=GONE, times=6)
    pull = await pull_request(house, {API: LATEST})
    for _ in range(6):
        await house.later(AWHILE)
    (run,) = checks(house, pull.head_oid)
    assert run.conclusion == "neutral"
    await house.github.rerequest(house.repository, run)
    await house.work()
    assert checks(house, pull.head_oid)[-1].output["title"] == f"latest-image-tag: {API} line 15"


async def test_a_head_that_moved_meanwhile_is_reviewed_instead(house: House) -> None:
    house.github.faults.answer(COMPARE, status=404, body=GONE)
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: workload()})
    await house.later(AWHILE)
    assert check(house, pull.head_oid).conclusion == "success"


async def test_where_there_is_no_policy_file_nothing_is_said_of_it(house: House) -> None:
    await house.commit({}, removed=[".niro/policies.yml"])
    house.github.faults.answer("graphql:FilesAtCommits", status=200, body=NO_NODE, times=100)
    pull = await pull_request(house, {API: LATEST})
    for _ in range(8):
        await house.later(AWHILE)
    await house.ask(ReviewPullRequest(house.installation.id, house.github.repository(house.repository).id, 1))
    assert checks(house, pull.head_oid) == []
    assert await house.dead() == []


NO_NODE = b'{"data": {"repository": {"c0": null}}}'
