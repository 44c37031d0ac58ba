"""Where findings may stop a merge, nothing is merged before the review, nor against it."""

from __future__ import annotations

from bot.jobs.work import ReviewPullRequest
from bot.sandbox.model import BranchProtection, RequiredCheck
from tests.flows.commanding import say
from tests.flows.house import House
from tests.flows.reviewing import check, checks, workload

POLICY = ".niro/policies.yml"
MERGING = "    pull-request: {auto-merge: true}\n"
FAILING = "findings: {fail-on: high}\n"


async def test_a_bump_without_findings_is_merged(house: House) -> None:
    await house.commit({POLICY: house.policy(more=MERGING + FAILING)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


async def test_a_bump_waits_for_its_review(house: House) -> None:
    await house.commit({POLICY: house.policy(more=MERGING + FAILING)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    found = house.github.repository(house.repository)
    await house.parts.store.reviews.remove(found.id, pull.number)
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert not pull.merged
    await house.ask(ReviewPullRequest(house.installation.id, found.id, pull.number))
    assert pull.merged


async def test_what_the_review_stops_nobody_merges_by_a_command(house: House) -> None:
    await house.commit({POLICY: house.policy(more=FAILING)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    head = await house.github.push_as_person(house.repository, "niro/api", {"w.yaml": workload("nginx:latest")})
    await house.work()
    assert check(house, head).conclusion == "failure"
    await house.github.complete_checks(house.repository, head, ("ci",))
    await say(house, f"/niro merge {head}", pull.number)
    assert not pull.merged
    await house.commit({POLICY: house.policy(more="findings: {fail-on: never}\n")})
    await house.work()
    assert [run.conclusion for run in checks(house, head)] == ["failure", "neutral"]


async def test_where_the_base_has_no_policy_file_no_review_is_waited_for(house: House) -> None:
    await house.github.commit(house.repository, "release", {"deploy/api.yaml": house.deployment()}, removed=[POLICY])
    protection = BranchProtection(required_checks=[RequiredCheck("ci", None)])
    house.github.repository(house.repository).protections["release"] = protection
    onto_release = "    pull-request: {auto-merge: true, base: release}\n"
    await house.commit({POLICY: house.policy(more=onto_release + FAILING)})
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    assert pull.base_branch == "release"
    assert checks(house, pull.head_oid) == []
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
