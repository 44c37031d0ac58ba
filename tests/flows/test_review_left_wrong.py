"""A thread stays open as long as what it is about may still be wrong."""

from __future__ import annotations

from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, push, threads, workload

LATEST = workload("nginx:latest")
FIXED = workload("nginx:1.27.1")


async def test_a_file_that_breaks_is_not_told_as_fixed(house: House) -> None:
    await house.commit({API: LATEST})
    pull = await pull_request(house, {API: b"a: [\n" + LATEST})
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("success", "No new findings, 1 file not read")


async def test_a_thread_stays_open_while_its_file_cannot_be_read(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: b"a: [\n" + LATEST})
    assert [thread.resolved for thread in threads(house, pull)] == [False]
    await push(house, {API: FIXED})
    assert [thread.resolved for thread in threads(house, pull)] == [True]


async def test_a_thread_that_was_closed_stays_so_when_its_file_breaks(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await push(house, {API: FIXED})
    await push(house, {API: b"a: [\n" + LATEST})
    assert [thread.resolved for thread in threads(house, pull)] == [True]


async def test_of_two_objects_of_one_name_no_thread_is_closed_while_one_is_wrong(house: House) -> None:
    pull = await pull_request(house, {API: LATEST + b"---\n" + LATEST})
    assert len(threads(house, pull)) == 2
    await push(house, {API: FIXED + b"---\n" + LATEST})
    assert [thread.resolved for thread in threads(house, pull)] == [False, False]
    await push(house, {API: FIXED + b"---\n" + FIXED})
    assert [thread.resolved for thread in threads(house, pull)] == [True, True]


async def test_a_standing_finding_that_becomes_worse_is_commented_and_fails(house: House) -> None:
    policy = house.policy(more="findings: {fail-on: high}\n")
    await house.commit({API: LATEST, ".niro/policies.yml": policy})
    pull = await pull_request(house, {API: workload("evil.example/x:latest")})
    assert check(house, pull.head_oid).conclusion == "failure"
    assert len(threads(house, pull)) == 1
