"""Commits straight onto a branch: one that is there, or one that is made for it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import Conflict, GitHubUnavailable, NotFound, Unprocessable
from bot.sandbox.model import BranchProtection, RequiredCheck
from tests.github.wishes import BRANCH, SANDBOXED, WEB, facts, straight

RUN = {WEB: "100755"}
NEW = b"image: nginx:1.26\r\n"


async def branches(sandbox: Any) -> dict[str, str]:
    return await sandbox.repository(SANDBOXED).git.branches()


def asked(sandbox: Any, since: int) -> list[str]:
    return [record.graphql_operation or record.operation for record in sandbox.faults.requests[since:]]


async def test_a_commit_onto_a_branch_takes_one_document(shop, sandbox):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    made = await shop.commit(straight(found, found.base.commit, branch="main"))

    assert asked(sandbox, before) == ["Commit"]
    assert await branches(sandbox) == {"main": made}
    assert await sandbox.read(SANDBOXED, WEB) == NEW
    assert sandbox.repository(SANDBOXED).pulls == []


async def test_a_branch_that_is_not_there_is_made_in_the_same_document(shop, sandbox):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    made = await shop.commit(straight(found, None))

    assert asked(sandbox, before) == ["CommitOnNewBranch"]
    assert await branches(sandbox) == {"main": found.base.commit, BRANCH: made}
    head = (await facts(shop)).branch_head
    assert (head.parents, head.verified) == ((found.base.commit,), True)
    assert head.message == "Bump nginx\n\nNiro-Bump: web/1234"


@pytest.mark.parametrize("modes", [{}, RUN], ids=["plain", "runnable"])
async def test_a_branch_that_has_moved_takes_no_commit(shop, sandbox, modes):
    found = await facts(shop)
    theirs = await sandbox.commit(SANDBOXED, "main", {"theirs.txt": b"work"})
    with pytest.raises(Conflict):
        await shop.commit(straight(found, found.base.commit, branch="main", modes=modes))
    assert await branches(sandbox) == {"main": theirs}


@pytest.mark.parametrize("modes", [{}, RUN], ids=["plain", "runnable"])
async def test_a_branch_that_somebody_made_meanwhile_is_left_alone(shop, sandbox, modes):
    found = await facts(shop)
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    with pytest.raises(Conflict, match="there already"):
        await shop.commit(straight(found, None, modes=modes))
    assert (await branches(sandbox))[BRANCH] == theirs


async def test_a_branch_that_somebody_made_at_the_base_meanwhile_takes_the_commit(shop, sandbox):
    found = await facts(shop)
    await sandbox.force_push(SANDBOXED, BRANCH, found.base.commit)
    made = await shop.commit(straight(found, None))
    assert (await branches(sandbox))[BRANCH] == made


@pytest.mark.parametrize("modes", [{}, RUN], ids=["plain", "runnable"])
async def test_a_branch_that_was_deleted_meanwhile_is_not_made_again(shop, sandbox, modes):
    found = await facts(shop)
    head = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    await sandbox.force_push(SANDBOXED, BRANCH, "0" * 40)
    with pytest.raises((NotFound, Conflict)):
        await shop.commit(straight(found, head, modes=modes))
    assert set(await branches(sandbox)) == {"main"}


async def test_a_commit_that_is_refused_leaves_no_new_branch(shop, sandbox):
    with pytest.raises(Unprocessable, match="malformed"):
        await shop.commit(straight(await facts(shop), None, files={"../web.yaml": b"x"}))
    assert set(await branches(sandbox)) == {"main"}


@pytest.mark.parametrize("modes", [{}, RUN], ids=["plain", "runnable"])
async def test_a_protected_branch_says_why_it_takes_no_commit(shop, sandbox, modes):
    found = await facts(shop)
    protection = BranchProtection(required_checks=[RequiredCheck("ci")])
    sandbox.world.rules.protect(sandbox.repository(SANDBOXED), "main", protection)
    with pytest.raises(Unprocessable, match="Required status check"):
        await shop.commit(straight(found, found.base.commit, branch="main", modes=modes))
    assert await branches(sandbox) == {"main": found.base.commit}


@pytest.mark.parametrize("modes", [{}, RUN], ids=["plain", "runnable"])
async def test_branches_that_may_not_be_made_say_so(shop, sandbox, modes):
    repository = sandbox.repository(SANDBOXED)
    sandbox.world.rules.add_ruleset(repository, "names", [{"type": "creation"}], include=("~ALL",))
    with pytest.raises(Unprocessable, match="creations being restricted"):
        await shop.commit(straight(await facts(shop), None, modes=modes))
    assert set(await branches(sandbox)) == {"main"}


async def test_an_answer_that_got_lost_leaves_a_commit_to_be_found(shop, sandbox):
    sandbox.faults.drop("graphql:CommitOnNewBranch", after_handling=True)
    with pytest.raises(GitHubUnavailable):
        await shop.commit(straight(await facts(shop), None))
    assert "Niro-Bump: web/1234" in (await facts(shop)).branch_head.message


async def test_a_commit_that_changes_nothing_makes_no_branch(shop, sandbox):
    found = await facts(shop)
    made = await shop.commit(straight(found, None, modes=RUN))
    again = await facts(shop)
    assert again.branch_head.oid == made
    with pytest.raises(Unprocessable, match="change nothing"):
        await shop.commit(straight(again, made, tree=again.branch_head.tree, modes=RUN))
