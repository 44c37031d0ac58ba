"""The merge of a pull request, and the queue it goes through where the base has one."""

from __future__ import annotations

import pytest

from bot.bumps import PullRequestState
from bot.github import Conflict, Forbidden, MergeRefused, NotFound
from bot.policies import MergeMethod
from tests.github.scripted import Answer
from tests.github.wishes import BRANCH, SANDBOXED, WEB, protect

HEAD = "a" * 40


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


async def test_a_base_with_a_merge_queue_takes_its_pull_requests_through_it(shop, sandbox, opened):
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "queue", [{"type": "merge_queue", "parameters": {}}])
    protect(sandbox, "ci")
    await sandbox.complete_checks(SANDBOXED, opened.head, ["ci"])
    assert (await shop.merge_facts(opened.number)).merge_queue
    await shop.enqueue(opened.node, opened.head)
    assert (await shop.merge_facts(opened.number)).in_merge_queue
    with pytest.raises(Conflict):
        await shop.enqueue(opened.node, opened.head)


async def test_what_is_in_the_queue_can_be_taken_out(shop, sandbox, opened):
    await queued(shop, sandbox, opened)
    before = len(sandbox.faults.requests)
    await shop.dequeue(opened.node)
    assert len(sandbox.faults.requests) - before == 1
    assert not (await shop.merge_facts(opened.number)).in_merge_queue


async def test_what_left_the_queue_already_stays_out(shop, sandbox, opened):
    await queued(shop, sandbox, opened)
    await shop.dequeue(opened.node)
    await shop.dequeue(opened.node)
    assert not (await shop.merge_facts(opened.number)).in_merge_queue


async def queued(shop, sandbox, opened):
    sandbox.world.rules.add_ruleset(sandbox.repository(SANDBOXED), "queue", [{"type": "merge_queue", "parameters": {}}])
    protect(sandbox, "ci")
    await sandbox.complete_checks(SANDBOXED, opened.head, ["ci"])
    await shop.enqueue(opened.node, opened.head)


def not_dequeued(kind):
    error = {"type": kind, "message": "Failed to remove the pull request", "path": ["entry"]}
    return Answer({"data": {"entry": None}, "errors": [error]})


async def test_a_pull_request_that_stays_in_the_queue_is_said_to(repo, server):
    server.on("Dequeue", not_dequeued("UNPROCESSABLE"))
    server.on("InMergeQueue", Answer({"data": {"node": {"isInMergeQueue": True}}}))
    with pytest.raises(Conflict, match="Failed to remove"):
        await repo.dequeue("PR_5")


async def test_a_refusal_to_dequeue_what_is_out_by_then_is_none(repo, server):
    server.on("Dequeue", not_dequeued("UNPROCESSABLE"))
    server.on("InMergeQueue", Answer({"data": {"node": {"isInMergeQueue": False}}}))
    await repo.dequeue("PR_5")


async def test_a_queue_that_cannot_be_seen_is_not_taken_for_empty(repo, server):
    server.on("Dequeue", not_dequeued("UNPROCESSABLE"))
    hidden = {"type": "FORBIDDEN", "message": "Resource not accessible", "path": ["node"]}
    server.on("InMergeQueue", Answer({"data": {"node": None}, "errors": [hidden]}))
    with pytest.raises(Forbidden):
        await repo.dequeue("PR_5")


@pytest.mark.parametrize("told", [{"node": None}, {"node": {}}])
async def test_a_pull_request_that_github_does_not_show_is_not_taken_for_out(repo, server, told):
    server.on("Dequeue", not_dequeued("UNPROCESSABLE"))
    server.on("InMergeQueue", Answer({"data": told}))
    with pytest.raises(NotFound):
        await repo.dequeue("PR_5")


@pytest.mark.parametrize("method", list(MergeMethod))
async def test_a_method_that_the_repository_does_not_allow_is_told_apart(shop, sandbox, opened, method):
    await sandbox.complete_checks(SANDBOXED, opened.head)
    repository = sandbox.repository(SANDBOXED)
    repository.merge_methods = {each for each in repository.merge_methods if each.value != method.value}
    with pytest.raises(MergeRefused, match="are not allowed on this repository") as caught:
        await shop.merge(opened.number, opened.head, method)
    assert caught.value.method_not_allowed


@pytest.mark.parametrize(
    ("message", "method"),
    [
        ("Squash merges are not allowed on this repository.", True),
        ("Merge commits are not allowed on this repository.", True),
        ("Rebase merges are not allowed on this repository.", True),
        ("Pull Request is not mergeable", False),
        ('Required status check "ci" is expected.', False),
        ("", False),
    ],
)
async def test_a_refused_merge_says_whether_another_method_would_do(repo, server, message, method):
    server.on("PUT /repos/acme/shop/pulls/5/merge", Answer({"message": message}, 405))
    with pytest.raises(MergeRefused) as caught:
        await repo.merge(5, HEAD, MergeMethod.SQUASH)
    assert (caught.value.status, caught.value.method_not_allowed) == (405, method)


async def test_a_head_that_moved_is_no_refusal_of_the_merge(repo, server):
    server.on("PUT /repos/acme/shop/pulls/5/merge", Answer({"message": "Head branch was modified"}, 409))
    with pytest.raises(Conflict) as caught:
        await repo.merge(5, HEAD, MergeMethod.SQUASH)
    assert not isinstance(caught.value, MergeRefused)


@pytest.mark.parametrize(("code", "data"), [(405, {"message": "not mergeable"}), (409, {"message": "modified"})])
async def test_a_merge_that_cannot_be_is_a_conflict(repo, server, code, data):
    server.on("PUT /repos/acme/shop/pulls/5/merge", Answer(data, code))
    with pytest.raises(Conflict, match=data["message"]):
        await repo.merge(5, HEAD, MergeMethod.REBASE)
    assert server.requests("PUT /repos/acme/shop/pulls/5/merge")[0].data == {"sha": HEAD, "merge_method": "rebase"}
