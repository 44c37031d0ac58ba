"""Commits that keep the modes of files: made from git's own objects, signed by GitHub, before any branch moves."""

from __future__ import annotations

from typing import Any

import pytest

from bot.github import Conflict, GitHubUnavailable, NotFound, OpeningFailed, UnexpectedAnswer, Unprocessable
from bot.sandbox.git import NewEntry
from tests.github.scripted import Answer
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB, facts, opening, rebuild, straight, update

RUN, PLAIN = "100755", "100644"
SCRIPT = "deploy.sh"
BOTH = {WEB: b"image: nginx:1.26\r\n", SCRIPT: b"#!/bin/sh\ndocker run nginx:1.26\n"}
MODES = {WEB: PLAIN, SCRIPT: RUN}


@pytest.fixture
async def scripted_base(sandbox):
    """A base with a file that may be run."""
    git = sandbox.repository(SANDBOXED).git
    head = await git.branch("main")
    oid = await git.write_blob(b"#!/bin/sh\ndocker run nginx:1.25\n")
    tree = await git.write_tree(head, [NewEntry(SCRIPT, RUN, oid)])
    signature = sandbox.world.refs.github_signature()
    made = await git.write_commit(tree, [head], "Deploy", author=signature, committer=signature)
    await sandbox.force_push(SANDBOXED, "main", made)
    return made


async def modes_of(sandbox: Any, commit: str) -> dict[str, str]:
    git = sandbox.repository(SANDBOXED).git
    entries = await git.entries((await git.commit(commit)).tree, recursive=True)
    return {entry.path: entry.mode for entry in entries}


async def tree_of(sandbox: Any, commit: str) -> str:
    return (await sandbox.repository(SANDBOXED).git.commit(commit)).tree


async def branch(sandbox: Any) -> str | None:
    return await sandbox.repository(SANDBOXED).git.branch(BRANCH)


def asked(sandbox: Any, since: int) -> list[str]:
    return [record.graphql_operation or record.operation for record in sandbox.faults.requests[since:]]


async def test_opening_keeps_what_may_be_run(shop, sandbox, scripted_base):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    opened = await shop.open_pull_request(opening(found, files=BOTH, modes=MODES, tree=found.base.tree))

    assert asked(sandbox, before) == ["git/create-tree", "git/create-commit", "OpenFromCommit"]
    assert (await modes_of(sandbox, opened.head))[SCRIPT] == RUN
    assert (await modes_of(sandbox, opened.head))[WEB] == PLAIN
    assert await sandbox.read(SANDBOXED, SCRIPT, BRANCH) == BOTH[SCRIPT]
    head = (await facts(shop)).branch_head
    assert (head.oid, head.parents, head.verified) == (opened.head, (scripted_base,), True)
    assert head.message == "Bump nginx\n\nNiro-Bump: web/1234"


async def test_updating_keeps_what_may_be_run(shop, sandbox, scripted_base):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found, files=BOTH, modes=MODES, tree=found.base.tree))
    before, tree = len(sandbox.faults.requests), await tree_of(sandbox, opened.head)
    newer = {SCRIPT: b"#!/bin/sh\ndocker run nginx:1.27\n"}
    updated = await shop.add_commit(update(opened.head, opened.node, files=newer, modes=MODES, tree=tree))

    assert asked(sandbox, before) == ["git/create-tree", "git/create-commit", "MoveBranch"]
    assert (await modes_of(sandbox, updated.head))[SCRIPT] == RUN
    assert (await facts(shop)).branch_head.parents == (opened.head,)
    assert await sandbox.read(SANDBOXED, WEB, BRANCH) == BOTH[WEB]


async def test_rebuilding_keeps_what_may_be_run(shop, sandbox, scripted_base):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found, files=BOTH, modes=MODES, tree=found.base.tree))
    rebuilt = await shop.rebuild(rebuild(found, opened.head, opened.node, files=BOTH, modes=MODES))
    assert (await modes_of(sandbox, rebuilt.head))[SCRIPT] == RUN


async def test_a_commit_straight_onto_a_branch_keeps_what_may_be_run(shop, sandbox, scripted_base):
    found = await facts(shop)
    made = await shop.commit(straight(found, scripted_base, branch="main", files=BOTH, modes=MODES))
    assert await sandbox.repository(SANDBOXED).git.branch("main") == made
    assert (await modes_of(sandbox, made))[SCRIPT] == RUN


async def test_the_modes_of_files_that_are_not_written_ask_for_no_tree(shop, sandbox):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    await shop.open_pull_request(opening(found, modes={WEB: PLAIN, SCRIPT: RUN}))
    assert asked(sandbox, before) == ["OpenPullRequest"]


async def test_a_tree_that_nobody_named_is_asked_for(shop, sandbox, scripted_base):
    found = await facts(shop)
    before = len(sandbox.faults.requests)
    opened = await shop.open_pull_request(opening(found, files=BOTH, modes=MODES))
    assert asked(sandbox, before)[0] == "git/get-commit"
    assert await sandbox.read(SANDBOXED, "apps/api.yaml", opened.head) == FILES["apps/api.yaml"]


@pytest.mark.parametrize(
    "content",
    [
        b"image: caf\xe9:2\n",
        b"image: caf\xc3\xa9:2\r\nname: \xf0\x9f\x90\xb3\n",
        b"\xef\xbb\xbfimage: a:2\n",
        b"a:\x00:2",
    ],
    ids=["latin", "unicode", "mark of byte order", "zero byte"],
)
async def test_every_byte_arrives(shop, sandbox, scripted_base, content):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found, files={SCRIPT: content}, modes=MODES, tree=found.base.tree))
    assert await sandbox.read(SANDBOXED, SCRIPT, opened.head) == content


async def same(sandbox: Any) -> dict[str, Any]:
    return {"files": {SCRIPT: await sandbox.read(SANDBOXED, SCRIPT)}, "modes": MODES}


async def test_a_pull_request_without_a_change_is_not_opened(shop, sandbox, scripted_base):
    found = await facts(shop)
    with pytest.raises(Unprocessable, match="change nothing"):
        await shop.open_pull_request(opening(found, tree=found.base.tree, **await same(sandbox)))
    assert await branch(sandbox) is None


async def test_a_commit_without_a_change_is_not_made(shop, sandbox, scripted_base):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found))
    with pytest.raises(Unprocessable, match="change nothing"):
        await shop.add_commit(update(opened.head, opened.node, **await same(sandbox)))
    assert await branch(sandbox) == opened.head


async def test_the_commit_of_a_person_is_never_overwritten_by_a_commit_with_modes(shop, sandbox, scripted_base):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found, files=BOTH, modes=MODES, tree=found.base.tree))
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    newer = {SCRIPT: b"#!/bin/sh\ndocker run nginx:1.27\n"}

    with pytest.raises(Conflict):
        await shop.add_commit(update(opened.head, opened.node, files=newer, modes=MODES))

    assert await branch(sandbox) == theirs
    pull = sandbox.repository(SANDBOXED).pulls[0]
    assert (pull.title, pull.body) == ("Bump nginx from 1.25 to 1.26", "The body")


async def test_a_branch_that_somebody_else_made_is_left_alone_by_an_opening_with_modes(shop, sandbox, scripted_base):
    found = await facts(shop)
    theirs = await sandbox.commit(SANDBOXED, BRANCH, {"theirs.txt": b"work"})
    with pytest.raises(OpeningFailed) as caught:
        await shop.open_pull_request(opening(found, files=BOTH, modes=MODES, tree=found.base.tree))
    assert await branch(sandbox) == theirs
    assert (caught.value.state.branch_created, caught.value.state.commit) == (False, None)
    assert [pull.state for pull in sandbox.repository(SANDBOXED).pulls] in ([], ["closed"])


async def test_a_pull_request_with_modes_that_is_refused_leaves_no_branch(shop, sandbox, scripted_base):
    found = await facts(shop)
    with pytest.raises(OpeningFailed):
        await shop.open_pull_request(opening(found, base_branch="gone", files=BOTH, modes=MODES, tree=found.base.tree))
    assert await branch(sandbox) is None


@pytest.mark.parametrize("step", ["git/create-tree", "git/create-commit"])
async def test_whatever_breaks_before_the_branch_moves_leaves_it_where_it_is(shop, sandbox, scripted_base, step):
    found = await facts(shop)
    opened = await shop.open_pull_request(opening(found))
    sandbox.faults.drop(step)
    with pytest.raises(GitHubUnavailable):
        await shop.rebuild(rebuild(found, opened.head, opened.node, files=BOTH, modes=MODES))
    assert await branch(sandbox) == opened.head


async def test_a_tree_that_is_not_there(shop, scripted_base):
    with pytest.raises(NotFound):
        await shop.open_pull_request(opening(await facts(shop), files=BOTH, modes=MODES, tree="1" * 40))


@pytest.mark.parametrize("told", [None, [], {}, {"sha": None}, {"sha": ""}, {"sha": 7}])
async def test_an_answer_that_names_no_object_is_not_believed(repo, server, told):
    from types import SimpleNamespace

    place = SimpleNamespace(repository_node="R_42", base=SimpleNamespace(branch="main", commit="a" * 40))
    server.on("POST /repos/acme/shop/git/trees", Answer(told, 201))
    with pytest.raises(UnexpectedAnswer, match="names no object"):
        await repo.open_pull_request(opening(place, files=BOTH, modes=MODES, tree="b" * 40))
