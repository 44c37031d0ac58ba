"""The merge of a pull request, and the queue it goes through where the base has one."""

from __future__ import annotations

import pytest

from bot.bumps import PullRequestState
from bot.github import Conflict
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


@pytest.mark.parametrize(("code", "data"), [(405, {"message": "not mergeable"}), (409, {"message": "modified"})])
async def test_a_merge_that_cannot_be_is_a_conflict(repo, server, code, data):
    server.on("PUT /repos/acme/shop/pulls/5/merge", Answer(data, code))
    with pytest.raises(Conflict, match=data["message"]):
        await repo.merge(5, HEAD, MergeMethod.REBASE)
    assert server.requests("PUT /repos/acme/shop/pulls/5/merge")[0].data == {"sha": HEAD, "merge_method": "rebase"}
