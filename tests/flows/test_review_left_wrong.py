"""A thread stays open as long as what it is about may still be wrong."""

from __future__ import annotations

from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, push, said, threads, workload

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


WHOLE = b"            limits: {cpu: 200m, memory: 256Mi}\n"
PROBE = b"          livenessProbe: {httpGet: {path: /, port: 80}}\n"
WITHOUT_BOTH = workload().replace(WHOLE, b"").replace(PROBE, b"")
WITHOUT_PROBE = workload().replace(PROBE, b"")


async def test_a_comment_about_several_findings_tells_of_those_that_stand(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="findings: {comment-on: low}\n")})
    pull = await pull_request(house, {API: WITHOUT_BOTH})
    (before,) = said(house, pull)
    assert "missing-resource-limits" in before
    assert "missing-health-probes" in before
    await push(house, {API: WITHOUT_PROBE})
    (after,) = said(house, pull)
    assert "missing-resource-limits" not in after
    assert "missing-health-probes" in after
    assert [thread.resolved for thread in threads(house, pull)] == [False]
    assert len(pull.reviews) == 1


async def test_a_comment_is_written_anew_once_and_again_when_its_finding_comes_back(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="findings: {comment-on: low}\n")})
    pull = await pull_request(house, {API: WITHOUT_BOTH})
    before = said(house, pull)
    await push(house, {API: WITHOUT_PROBE})
    edited = threads(house, pull)[0].comments[0].updated_at
    await push(house, {"a.md": b"a\n"})
    assert threads(house, pull)[0].comments[0].updated_at == edited
    await push(house, {API: WITHOUT_BOTH})
    assert [sorted(body.splitlines()) for body in said(house, pull)] == [sorted(body.splitlines()) for body in before]
    await push(house, {API: workload()})
    assert [thread.resolved for thread in threads(house, pull)] == [True]
