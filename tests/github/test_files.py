"""Files of any commit, by their paths."""

from __future__ import annotations

import pytest

from bot.github import NotFound
from tests.github.scripted import Answer, repository
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB

API = "apps/api.yaml"


async def test_files_of_the_branch_of_a_pull_request(shop, opened):
    found = await shop.files_at(opened.head, [WEB, API, "absent.yaml", WEB])
    assert {path: blob.content for path, blob in found.items()} == {WEB: b"image: nginx:1.26\r\n", API: FILES[API]}


async def test_files_of_a_commit_that_no_branch_leads_to_any_more(shop, sandbox, opened):
    await sandbox.delete_branch(SANDBOXED, BRANCH)
    assert (await shop.files_at(opened.head, [WEB]))[WEB].content == b"image: nginx:1.26\r\n"


@pytest.mark.parametrize("written", [b"\xff\xfe\x00binary", "é \r\n".encode(), b"", b"\xef\xbb\xbfmark"])
async def test_contents_are_byte_for_byte_what_git_holds(shop, sandbox, written):
    commit = await sandbox.commit(SANDBOXED, "main", {API: written})
    assert (await shop.files_at(commit, [API]))[API].content == written


async def test_a_folder_is_no_file_but_has_a_mode(shop, sandbox):
    found = await shop.files_at(await sandbox.repository(SANDBOXED).git.branch("main"), ["apps"])
    assert (found["apps"].content, found["apps"].mode) == (None, "040000")


async def test_more_files_than_fifty_take_a_request_more(shop, sandbox):
    files = {f"many/{number}.yaml": f"value: {number}\n".encode() for number in range(60)}
    commit = await sandbox.commit(SANDBOXED, "main", files)
    await shop.head()
    before = len(sandbox.faults.requests)
    assert {path: blob.content for path, blob in (await shop.files_at(commit, [*files])).items()} == files
    assert len(sandbox.faults.requests) - before == 2


async def test_no_paths_take_no_request(shop, sandbox):
    before = len(sandbox.faults.requests)
    assert await shop.files_at("a" * 40, []) == {}
    assert len(sandbox.faults.requests) == before


async def test_a_commit_that_is_not_there(shop):
    with pytest.raises(NotFound, match="no commit"):
        await shop.files_at("a" * 40, [WEB])


async def test_a_tree_is_no_commit(shop, sandbox):
    commit = await sandbox.repository(SANDBOXED).git.commit("main")
    with pytest.raises(NotFound, match="no commit"):
        await shop.files_at(commit.tree, [WEB])


async def test_a_mode_is_written_as_git_does(repo, server):
    entry = {"oid": "b" * 40, "mode": 0o100755, "type": "commit", "object": None}
    server.on("Files", repository(commit={"oid": "a" * 40, "f0": entry}))
    assert (await repo.files_at("a" * 40, ["run"]))["run"].mode == "100755"


async def test_a_failure_is_never_a_missing_file(repo, server):
    server.on("Files", Answer({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "gone"}]}))
    with pytest.raises(NotFound):
        await repo.files_at("a" * 40, [WEB])
