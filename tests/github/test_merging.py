"""What decides a merge, as GitHub tells it, and the merge."""

from __future__ import annotations

from typing import Any

import pytest

from bot.bumps import Check, CheckState, Mergeable, PullRequestState
from bot.github import Conflict, Forbidden, NotFound
from bot.policies import MergeMethod
from bot.sandbox.model import BranchProtection, RequiredCheck
from tests.github.scripted import Answer, repository
from tests.github.wishes import BRANCH, SANDBOXED, WEB, facts, opening

HEAD = "a" * 40


@pytest.fixture
async def opened(shop):
    return await shop.open_pull_request(opening(await facts(shop)))


def protect(sandbox: Any, *names: str) -> None:
    protection = BranchProtection(required_checks=[RequiredCheck(name) for name in names])
    sandbox.world.rules.protect(sandbox.repository(SANDBOXED), "main", protection)


async def test_a_fresh_pull_request(shop, live, opened):
    found = await shop.merge_facts(opened.number)
    assert (found.number, found.node, found.head, found.branch) == (opened.number, opened.node, opened.head, BRANCH)
    assert (found.base_branch, found.default_branch) == ("main", "main")
    assert found.author_login == (await live.identity()).bot_login
    assert (found.state, found.draft, found.mergeable) == (PullRequestState.OPEN, False, Mergeable.MERGEABLE)
    assert (found.checks, found.required) == ((), ())
    assert (found.merge_queue, found.in_merge_queue) == (False, False)
    assert found.policy.text == "version: 1\n"


async def test_a_required_check_that_has_not_reported_is_named(shop, sandbox, opened):
    protect(sandbox, "ci", "lint")
    found = await shop.merge_facts(opened.number)
    assert found.required == ("ci", "lint")
    assert [check for check in found.checks if check.state is not CheckState.PENDING] == []


async def test_checks_of_rulesets_are_required_too(shop, sandbox, opened):
    parameters = {"required_status_checks": [{"context": "scan"}], "strict_required_status_checks_policy": False}
    rules = [{"type": "required_status_checks", "parameters": parameters}]
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "checks", rules)
    assert (await shop.merge_facts(opened.number)).required == ("scan",)


async def test_check_runs_and_statuses_are_both_checks(shop, sandbox, opened):
    protect(sandbox, "ci")
    await sandbox.complete_checks(SANDBOXED, opened.head, ["ci"])
    await sandbox.complete_checks(SANDBOXED, opened.head, ["spelling"], "failure")
    await sandbox.set_status(SANDBOXED, opened.head, "coverage", "pending")
    found = await shop.merge_facts(opened.number)
    assert set(found.checks) == {
        Check("ci", required=True, state=CheckState.SUCCESS),
        Check("spelling", required=False, state=CheckState.FAILURE),
        Check("coverage", required=False, state=CheckState.PENDING),
    }
    assert found.required == ("ci",)


async def test_more_checks_than_one_page_holds(shop, sandbox, opened):
    names = [f"job-{number}" for number in range(120)]
    await sandbox.complete_checks(SANDBOXED, opened.head, names)
    assert {check.name for check in (await shop.merge_facts(opened.number)).checks} == set(names)


async def test_merging_takes_two_requests_from_looking_to_done(shop, sandbox, opened):
    await sandbox.complete_checks(SANDBOXED, opened.head)
    await shop.merge_facts(opened.number)
    before = len(sandbox.faults.requests)
    found = await shop.merge_facts(opened.number)
    merged = await shop.merge(opened.number, found.head, MergeMethod.SQUASH)
    assert len(sandbox.faults.requests) - before == 2
    assert merged.commit == await sandbox.repository(SANDBOXED).git.branch("main")
    assert (await shop.merge_facts(opened.number)).state is PullRequestState.MERGED


async def test_another_head_than_the_one_that_was_judged_is_not_merged(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: evil:1\n"})
    with pytest.raises(Conflict, match="modified"):
        await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)


async def test_a_merge_that_protection_forbids_says_why(shop, sandbox, opened):
    protect(sandbox, "ci")
    with pytest.raises(Conflict, match="ci"):
        await shop.merge(opened.number, opened.head, MergeMethod.SQUASH)


async def test_a_pull_request_that_is_not_there(shop):
    with pytest.raises(NotFound):
        await shop.merge_facts(99)


async def test_a_base_with_a_merge_queue_takes_its_pull_requests_through_it(shop, sandbox, opened):
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "queue", [{"type": "merge_queue", "parameters": {}}])
    protect(sandbox, "ci")
    await sandbox.complete_checks(SANDBOXED, opened.head)
    assert (await shop.merge_facts(opened.number)).merge_queue
    await shop.enqueue(opened.node, opened.head)
    assert (await shop.merge_facts(opened.number)).in_merge_queue
    with pytest.raises(Conflict):
        await shop.enqueue(opened.node, opened.head)


def pull_request(**changed: Any) -> dict[str, Any]:
    told = {
        "number": 5,
        "id": "PR_5",
        "title": "T",
        "url": "u",
        "state": "OPEN",
        "isDraft": False,
        "headRefName": "niro/web",
        "headRefOid": HEAD,
        "baseRefName": "main",
        "mergeable": "UNKNOWN",
        "mergeStateStatus": "UNKNOWN",
        "isMergeQueueEnabled": False,
        "isInMergeQueue": False,
        "author": None,
        "baseRef": None,
        "commits": {"nodes": []},
    }
    return told | changed


def answer(**changed: Any) -> Answer:
    default = {"name": "main", "target": {"policy": None}}
    return repository(default=default, pullRequest=pull_request(**changed))


def commits(oid: str, *nodes: dict[str, Any]) -> dict[str, Any]:
    contexts = {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": list(nodes)}
    return {"nodes": [{"commit": {"oid": oid, "statusCheckRollup": {"contexts": contexts}}}]}


def run(status: str, conclusion: str | None) -> dict[str, Any]:
    return {"__typename": "CheckRun", "name": "ci", "status": status, "conclusion": conclusion, "isRequired": True}


def status(state: str) -> dict[str, Any]:
    return {"__typename": "StatusContext", "context": "ci", "state": state, "isRequired": True}


@pytest.mark.parametrize(
    ("node", "state", "green"),
    [
        (run("COMPLETED", "SUCCESS"), CheckState.SUCCESS, True),
        (run("COMPLETED", "NEUTRAL"), CheckState.NEUTRAL, True),
        (run("COMPLETED", "SKIPPED"), CheckState.SKIPPED, True),
        (run("COMPLETED", "STALE"), CheckState.FAILURE, False),
        (run("COMPLETED", "CANCELLED"), CheckState.FAILURE, False),
        (run("COMPLETED", "SOMETHING_NEW"), CheckState.FAILURE, False),
        (run("COMPLETED", None), CheckState.FAILURE, False),
        (run("IN_PROGRESS", None), CheckState.PENDING, False),
        (run("WAITING", None), CheckState.PENDING, False),
        (status("SUCCESS"), CheckState.SUCCESS, True),
        (status("EXPECTED"), CheckState.PENDING, False),
        (status("ERROR"), CheckState.FAILURE, False),
    ],
)
async def test_how_checks_are_read(repo, server, node, state, green):
    server.on("MergeFacts", answer(commits=commits(HEAD, node)))
    (check,) = (await repo.merge_facts(5)).checks
    assert (check.state, check.state.is_green) == (state, green)


async def test_green_checks_of_an_older_commit_count_for_nothing(repo, server):
    server.on("MergeFacts", answer(commits=commits("b" * 40, run("COMPLETED", "SUCCESS"))))
    assert (await repo.merge_facts(5)).checks == ()


async def test_a_part_that_github_does_not_show_is_never_taken_for_green(repo, server):
    told = answer(commits=commits(HEAD, run("COMPLETED", "SUCCESS"))).data
    errors = [{"type": "FORBIDDEN", "message": "Resource not accessible", "path": ["repository", "pullRequest"]}]
    server.on("MergeFacts", Answer(told | {"errors": errors}))
    with pytest.raises(Forbidden):
        await repo.merge_facts(5)


@pytest.mark.parametrize(("code", "data"), [(405, {"message": "not mergeable"}), (409, {"message": "modified"})])
async def test_a_merge_that_cannot_be_is_a_conflict(repo, server, code, data):
    server.on("PUT /repos/acme/shop/pulls/5/merge", Answer(data, code))
    with pytest.raises(Conflict, match=data["message"]):
        await repo.merge(5, HEAD, MergeMethod.REBASE)
    assert server.requests("PUT /repos/acme/shop/pulls/5/merge")[0].data == {"sha": HEAD, "merge_method": "rebase"}
