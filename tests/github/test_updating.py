"""Newer commits on a pull request of ours: on top of it, or in its place on a new base."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import Conflict, GitHubUnavailable, NotFound, Unprocessable
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB, facts, opening, rebuild, update

NEW = b"image: nginx:1.27\r\n"


@pytest.fixture
async def opened(shop):
    return await shop.open_pull_request(opening(await facts(shop)))


def pull(sandbox: Any) -> Any:
    return sandbox.repository(SANDBOXED).pulls[0]


async def branches(sandbox: Any) -> set[str]:
    return set(await sandbox.repository(SANDBOXED).git.branches())


async def test_one_more_commit_and_a_new_description_take_one_document(shop, sandbox, opened):
    before = len(sandbox.faults.requests)
    updated = await shop.add_commit(update(opened.head, opened.node))
    assert len(sandbox.faults.requests) - before == 1
    assert (updated.number, updated.url) == (opened.number, opened.url)
    assert (await facts(shop)).branch_head.parents == (opened.head,)
    assert await sandbox.read(SANDBOXED, WEB, updated.head) == NEW
    assert (pull(sandbox).title, pull(sandbox).body) == ("Bump nginx from 1.25 to 1.27", "The new body")


async def test_the_commit_of_a_person_is_never_overwritten_by_an_update(shop, sandbox, opened):
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    with pytest.raises(Conflict):
        await shop.add_commit(update(opened.head, opened.node))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == theirs


async def test_a_description_goes_back_when_its_commit_did_not_come_to_be(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    with pytest.raises(Conflict):
        await shop.add_commit(update(opened.head, opened.node))
    assert (pull(sandbox).title, pull(sandbox).body) == ("Bump nginx from 1.25 to 1.26", "The body")


async def test_an_update_that_github_refuses_says_why(shop, opened):
    with pytest.raises(Unprocessable, match="malformed"):
        await shop.add_commit(update(opened.head, opened.node, files={"../web.yaml": b"x"}))


async def test_a_branch_that_is_gone_takes_no_commit(shop, sandbox, opened):
    await sandbox.force_push(SANDBOXED, BRANCH, "0" * 40)
    with pytest.raises(Exception, match=r"No ref found|does not stand") as caught:
        await shop.add_commit(update(opened.head, opened.node))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) is None
    assert caught.value.status == 200


async def test_rebuilding_puts_one_commit_on_the_new_base(shop, sandbox, opened):
    base = await sandbox.commit(SANDBOXED, "main", {"README.md": b"newer\n"})
    found = await facts(shop)
    before = len(sandbox.faults.requests)

    rebuilt = await shop.rebuild(rebuild(found, opened.head, opened.node))

    assert len(sandbox.faults.requests) - before == 3
    head = (await facts(shop)).branch_head
    assert (head.oid, head.parents) == (rebuilt.head, (base,))
    assert (head.verified, head.author_is_bot) == (True, True)
    assert await sandbox.read(SANDBOXED, WEB, BRANCH) == NEW
    assert await branches(sandbox) == {"main", BRANCH}
    assert (pull(sandbox).state, pull(sandbox).title) == ("open", "Bump nginx from 1.25 to 1.27")


async def test_the_branch_never_stands_at_its_base_while_it_is_rebuilt(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, "main", {"README.md": b"newer\n"})
    found, stood = await facts(shop), []

    async def watch(happening: Any) -> None:
        if happening.event == "push" and happening.subject.ref == f"refs/heads/{BRANCH}":
            stood.append(happening.subject.after)

    sandbox.world.listeners.append(watch)
    rebuilt = await shop.rebuild(rebuild(found, opened.head, opened.node))
    assert stood == [rebuilt.head]


async def test_rebuilding_never_overwrites_the_commit_of_a_person(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, "main", {"README.md": b"newer\n"})
    found = await facts(shop)
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})

    with pytest.raises(Conflict):
        await shop.rebuild(rebuild(found, opened.head, opened.node))

    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == theirs
    assert await branches(sandbox) == {"main", BRANCH}
    assert (pull(sandbox).title, pull(sandbox).body) == ("Bump nginx from 1.25 to 1.26", "The body")


async def test_a_rebuild_that_was_cut_short_is_taken_up_again(shop, sandbox, opened):
    await sandbox.commit(SANDBOXED, "main", {"README.md": b"newer\n"})
    found = await facts(shop)
    sandbox.faults.drop("graphql:MoveBranch")
    with pytest.raises(GitHubUnavailable):
        await shop.rebuild(rebuild(found, opened.head, opened.node))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == opened.head

    rebuilt = await shop.rebuild(rebuild(found, opened.head, opened.node))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == rebuilt.head
    assert await branches(sandbox) == {"main", BRANCH}


async def test_a_commit_that_cannot_be_made_moves_nothing(shop, sandbox, opened):
    found = await facts(shop)
    with pytest.raises(NotFound):
        await shop.rebuild(rebuild(found, opened.head, opened.node, tree="1" * 40))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == opened.head


async def test_a_rebuild_that_would_leave_the_branch_as_its_base_is_refused(shop, sandbox, opened):
    found = await facts(shop)
    with pytest.raises(Unprocessable, match="change nothing"):
        await shop.rebuild(rebuild(found, opened.head, opened.node, files={WEB: FILES[WEB]}))
    assert await sandbox.repository(SANDBOXED).git.branch(BRANCH) == opened.head
    assert pull(sandbox).state == "open"


async def test_a_branch_is_deleted_only_where_it_is_expected_to_stand(shop, sandbox, opened):
    assert not await shop.delete_branch(BRANCH, "a" * 40)
    assert BRANCH in await branches(sandbox)
    assert await shop.delete_branch(BRANCH, opened.head)
    assert BRANCH not in await branches(sandbox)
    assert not await shop.delete_branch(BRANCH, opened.head)


async def test_a_pull_request_is_described_anew_without_a_commit(shop, sandbox, opened):
    await shop.redescribe(opened.node, "Another title", "Another body")
    assert (pull(sandbox).title, pull(sandbox).body) == ("Another title", "Another body")
    assert pull(sandbox).head_oid == opened.head


async def test_a_pull_request_that_is_not_there_is_not_described(shop):
    with pytest.raises(NotFound):
        await shop.redescribe("PR_none", "Title", "Body")


async def test_closing_with_words_takes_one_document(shop, sandbox, opened):
    before = len(sandbox.faults.requests)
    await shop.close_with_words(opened.node, "It is there already.")
    assert len(sandbox.faults.requests) - before == 1
    assert pull(sandbox).state == "closed"
    assert [comment.body for comment in pull(sandbox).comments] == ["It is there already."]


async def test_a_closed_pull_request_may_be_closed_again(shop, sandbox, opened):
    await shop.close_pull_request(opened.number)
    await shop.close_pull_request(opened.number)
    assert pull(sandbox).state == "closed"
