"""Several things end at one commit: two pull requests, or a pull request and the default branch itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.flows.house import House
from tests.flows.reviewing import API, check, checks, pull_request, workload

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest

POLICY = ".niro/policies.yml"
LATEST = workload("nginx:latest")


async def test_a_button_is_about_the_pull_request_whose_check_it_stands_beside(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    first = check(house, pull.head_oid)
    off = house.policy(more="findings: {rules: {latest-image-tag: low}}\n")
    await house.github.commit(house.repository, "lax", {POLICY: off})
    await house.github.open_pull(house.repository, "feature", base="lax")
    await house.work()
    await house.github.press(house.repository, first, "ignore")
    await house.work()
    (waiving,) = [each for each in house.open_pulls() if each.head_branch.startswith("niro/ignore")]
    assert waiving.base_branch == "main"


async def test_the_report_on_the_policy_file_leaves_a_review_of_the_same_commit_alone(house: House) -> None:
    await house.github.commit(house.repository, "release", {"a.md": b"a\n"})
    await house.commit({API: LATEST, POLICY: house.policy(more="findings: {fail-on: low}\n")})
    base = house.policy(more="findings: {fail-on: low}\n")
    await house.github.commit(house.repository, "release", {POLICY: base})
    await house.github.open_pull(house.repository, "main", base="release")
    await house.work()
    head = await house.head()
    assert check(house, head).conclusion == "failure"
    await house.github.push_as_person(house.repository, "main", {POLICY: base + b"flux: report\n"})
    await house.work()
    head = await house.head()
    assert checks(house, head)[-1].conclusion == "failure"


async def test_a_closed_pull_request_is_forgotten(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    assert await house.parts.store.reviews.of(house.github.repository(house.repository).id) == []


async def shared(house: House) -> tuple[PullRequest, PullRequest]:
    """Open two pull requests of one branch: into main, where it fails, and into a branch where all is allowed."""
    await house.commit({POLICY: house.policy(more="findings: {fail-on: low}\n")})
    off = house.policy(more="findings: {rules: {latest-image-tag: off}}\n")
    await house.github.commit(house.repository, "lax", {POLICY: off})
    strict = await pull_request(house, {API: LATEST})
    lax = await house.github.open_pull(house.repository, "feature", base="lax")
    await house.work()
    return strict, lax


async def test_the_worst_of_the_reviews_at_a_commit_is_how_its_check_ends(house: House) -> None:
    strict, _ = await shared(house)
    newest = checks(house, strict.head_oid)[-1]
    assert newest.conclusion == "failure"
    assert newest.output["title"].startswith(f"Pull request #{strict.number}, into main, fails; here: ")
    assert f"Pull request #{strict.number}, into `main`, ends at this commit too" in newest.output["summary"]


async def test_a_pull_request_that_is_closed_no_longer_counts_for_the_other(house: House) -> None:
    strict, lax = await shared(house)
    await house.github.close_pull(house.repository, strict.number)
    await house.work()
    assert checks(house, lax.head_oid)[-1].conclusion == "success"


async def test_a_check_that_is_made_again_is_made_for_each_pull_request_and_ends_as_badly(house: House) -> None:
    strict, _ = await shared(house)
    await house.github.rerequest(house.repository, checks(house, strict.head_oid)[-1])
    await house.work()
    assert [run.conclusion for run in checks(house, strict.head_oid)] == ["failure"] * 4
