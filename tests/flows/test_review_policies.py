"""A policy file in a pull request is read as what it would be after the merge, and judges nothing before it."""

from __future__ import annotations

import pytest

from bot.sandbox.git import NewEntry
from tests.flows.house import House
from tests.flows.reviewing import API, check, checks, pull_request, push, threads, workload

POLICY = ".niro/policies.yml"
LATEST = workload("nginx:latest")


def summary(house: House, head: str) -> str:
    return check(house, head).output["summary"]


async def test_problems_stand_on_their_lines(house: House) -> None:
    pull = await pull_request(house, {POLICY: b"version: 1\nenabled: perhaps\nimagse: []\n"})
    run = check(house, pull.head_oid)
    assert run.conclusion == "failure"
    assert run.output["title"] == "2 problems in .niro/policies.yml, line 2"
    assert [(each["path"], each["start_line"], each["title"]) for each in run.annotations] == [
        (POLICY, 2, "enabled"),
        (POLICY, 3, "imagse"),
    ]


async def test_a_file_that_is_understood_passes_and_says_when_it_counts(house: House) -> None:
    pull = await pull_request(house, {POLICY: house.policy(rule="range: 1.x")})
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("success", "The changed policy file is understood")
    assert "counts after the merge" in run.output["summary"]


async def test_the_bases_file_judges_all_the_same(house: House) -> None:
    off = house.policy(more="findings: {rules: {latest-image-tag: off}}\n")
    pull = await pull_request(house, {POLICY: off, API: LATEST})
    run = check(house, pull.head_oid)
    assert run.output["title"] == f"latest-image-tag: {API} line 15"
    assert len(threads(house, pull)) == 1


async def test_the_pull_requests_that_would_open_are_named(house: House) -> None:
    await house.commit({POLICY: house.policy(rule="range: 1.4.x")})
    await house.publish("1.5.0")
    assert house.open_pulls() == []
    pull = await pull_request(house, {POLICY: house.policy(rule="range: 1.x")})
    said = summary(house, pull.head_oid)
    assert "Pull requests that would be opened" in said
    assert "1.5.0" in said


async def test_the_pull_requests_that_would_close_are_named(house: House) -> None:
    await house.publish("1.5.0")
    pull = await pull_request(house, {POLICY: b"version: 1\n"})
    assert "Pull requests that would be closed" in summary(house, pull.head_oid)
    assert len(house.open_pulls()) == 2


async def test_the_findings_that_would_appear_and_vanish_are_counted(house: House) -> None:
    await house.commit({API: LATEST})
    rules = "findings: {rules: {latest-image-tag: off, image-registry-not-allowed: {allow: [ghcr.io]}}}\n"
    pull = await pull_request(house, {POLICY: house.policy(more=rules)})
    said = summary(house, pull.head_oid)
    assert "| `latest-image-tag` | vanish | 1 |" in said
    assert "| `image-registry-not-allowed` | appear, or matter more | 2 |" in said


async def test_a_first_policy_file_is_checked_although_nothing_is_judged_yet(house: House) -> None:
    await house.commit({"old.yaml": LATEST}, removed=[POLICY])
    pull = await pull_request(house, {POLICY: b"version: 2\n", API: LATEST})
    run = check(house, pull.head_oid)
    assert run.conclusion == "failure"
    assert threads(house, pull) == []
    await push(house, {POLICY: house.policy()})
    assert check(house, pull.head_oid).conclusion == "success"
    assert "latest-image-tag" in summary(house, pull.head_oid)


async def test_a_file_that_is_taken_away_is_told(house: House) -> None:
    pull = await pull_request(house, {"a.md": b"a\n"}, removed=[POLICY])
    assert "taken away" in summary(house, pull.head_oid)


async def test_a_file_that_is_emptied_is_not_understood(house: House) -> None:
    pull = await pull_request(house, {POLICY: b""})
    run = check(house, pull.head_oid)
    assert run.conclusion == "failure"
    assert "taken away" not in run.output["summary"]


async def test_a_link_in_the_place_of_the_file_is_not_understood(house: House) -> None:
    head = await house.head()
    link = await house.github.repository(house.repository).git.write_blob(b"../policies.yml")
    oid = await house.commit_entries(NewEntry(POLICY, "120000", link))
    await house.github.force_push(house.repository, "main", head)
    await house.github.commit(house.repository, "feature", {"a.md": b"a\n"})
    await house.github.force_push(house.repository, "feature", oid)
    pull = await house.github.open_pull(house.repository, "feature")
    await house.work()
    run = check(house, pull.head_oid)
    assert (run.conclusion, run.output["title"]) == ("failure", "1 problem in .niro/policies.yml, line 1")


async def test_a_base_that_is_not_understood_judges_nothing_and_holds_nobody_up(house: House) -> None:
    await house.commit({POLICY: b"version: 3\n"})
    pull = await pull_request(house, {API: LATEST})
    run = check(house, pull.head_oid)
    assert run.conclusion == "neutral"
    assert threads(house, pull) == []
    mended = await pull_request(house, {POLICY: house.policy()}, branch="mend")
    assert check(house, mended.head_oid).conclusion == "success"


@pytest.mark.parametrize("text", [b"\xff\xfe", b"{{ x }}\n", b"a: &a [*a]\n", b"x" * 2_000_000, b"[" * 5_000])
async def test_whatever_is_written_there_is_a_problem_and_no_fault(house: House, text: bytes) -> None:
    pull = await pull_request(house, {POLICY: text})
    assert check(house, pull.head_oid).conclusion == "failure"
    assert await house.dead() == []


async def test_a_pull_request_into_another_branch_is_judged_by_that_branchs_file(house: House) -> None:
    off = house.policy(more="findings: {rules: {latest-image-tag: off}}\n")
    stable = await house.github.commit(house.repository, "stable", {POLICY: off})
    await house.github.force_push(house.repository, "feature", stable)
    await house.github.commit(house.repository, "feature", {API: LATEST})
    pull = await house.github.open_pull(house.repository, "feature", base="stable")
    await house.work()
    assert check(house, pull.head_oid).conclusion == "success"


@pytest.mark.parametrize(
    ("base", "image", "is_told"),
    [("stable", "nginx:latest", True), ("stable", "nginx:1.27.1", False), ("main", "nginx:latest", False)],
)
async def test_findings_in_another_branch_are_said_to_be_judged_with_the_rest_of_the_default_branch(
    house: House, base: str, image: str, is_told: bool
) -> None:
    stable = await house.github.commit(house.repository, "stable", {POLICY: house.policy()})
    head = stable if base == "stable" else await house.head()
    await house.github.force_push(house.repository, "feature", head)
    await house.github.commit(house.repository, "feature", {API: workload(image)})
    pull = await house.github.open_pull(house.repository, "feature", base=base)
    await house.work()
    assert ("known of the default branch alone" in check(house, pull.head_oid).output["summary"]) is is_told


async def test_a_branch_without_a_file_of_its_own_is_left_alone(house: House) -> None:
    await house.github.commit(house.repository, "bare", {}, removed=[POLICY])
    await house.github.commit(house.repository, "feature", {API: LATEST}, removed=[POLICY])
    pull = await house.github.open_pull(house.repository, "feature", base="bare")
    await house.work()
    assert checks(house, pull.head_oid) == []
