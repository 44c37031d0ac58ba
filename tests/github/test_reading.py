"""Reading a repository: heads, trees, blobs, archives, and everything a bump needs, from real git."""

from __future__ import annotations

import pytest

from bot.bumps import PullRequestState
from bot.github import NotFound
from bot.github.contents import blob_oid
from tests.github.wishes import BRANCH, FILES, SANDBOXED, WEB, facts, opening


async def test_the_head_of_the_default_branch_comes_with_its_policy_file(shop, sandbox):
    head = await shop.head()
    commit = await sandbox.repository(SANDBOXED).git.branch("main")
    assert (head.branch, head.commit, head.policy.text) == ("main", commit, "version: 1\n")
    assert head.policy.oid == blob_oid(b"version: 1\n")


async def test_a_branch_may_be_named_and_may_have_no_policy_file(shop, sandbox):
    await sandbox.commit(SANDBOXED, "feature/x", {"README.md": b"hello\n"}, removed=[".niro/policies.yml"])
    head = await shop.head("feature/x")
    assert head.branch == "feature/x"
    assert head.policy is None


async def test_a_branch_that_does_not_exist_is_not_found(shop):
    with pytest.raises(NotFound, match="no branch nowhere"):
        await shop.head("nowhere")


async def test_an_empty_repository_has_no_head(live, sandbox):
    empty = await sandbox.add_repository("acme/empty")
    assert await live.repository(sandbox.installation("acme").id, empty.id, "acme/empty").head() is None


@pytest.mark.parametrize("written", [b"# \xff\xfe\n", b"a: \x00", b"\xef\xbb\xbfversion: 1\n", b""])
async def test_a_policy_file_that_is_no_text_is_read_all_the_same(shop, sandbox, written):
    await sandbox.commit(SANDBOXED, "main", {".niro/policies.yml": written})
    head = await shop.head()
    assert head.policy.oid == blob_oid(written)
    assert head.policy.text == written.decode("utf-8", "replace")


async def test_a_tree_lists_every_file_with_its_path_mode_and_size(shop):
    tree = await shop.tree((await shop.head()).tree)
    files = {entry.path: (entry.mode, entry.oid, entry.size) for entry in tree.entries if entry.type == "blob"}
    assert files == {path: ("100644", blob_oid(content), len(content)) for path, content in FILES.items()}
    assert not tree.truncated


async def test_a_folder_lists_one_level(shop):
    tree = await shop.folder((await shop.head()).tree)
    assert [(entry.path, entry.type) for entry in tree.entries] == [(".niro", "tree"), ("apps", "tree")]


async def test_a_path_that_is_no_text_does_not_spoil_the_others(shop, sandbox):
    await sandbox.commit(SANDBOXED, "main", {"apps/\udcff.yaml": b"a: b\n", "apps/größe.yaml": b"c: d\n"})
    tree = await shop.tree((await shop.head()).tree)
    files = {entry.path.encode() for entry in tree.entries if entry.type == "blob"}
    assert files == {path.encode() for path in (*FILES, "apps/größe.yaml")}


async def test_blobs_are_byte_for_byte_what_git_holds(shop, sandbox):
    contents = [b"plain\n", b"\r\n", "é\n".encode(), b"\xff\xfe\x00binary", b"", b"\xef\xbb\xbfmark", b"no newline"]
    await sandbox.commit(SANDBOXED, "main", {f"f{index}": content for index, content in enumerate(contents)})
    wanted = {blob_oid(content): content for content in contents}
    assert await shop.blobs(wanted.keys()) == wanted


async def test_a_hundred_and_twenty_blobs_take_three_requests(shop, sandbox):
    files = {f"many/{index}.yaml": f"value: {index}\n".encode() for index in range(120)}
    await sandbox.commit(SANDBOXED, "main", files)
    wanted = {blob_oid(content): content for content in files.values()}
    await shop.head()
    before = len(sandbox.faults.requests)
    assert await shop.blobs(wanted) == wanted
    assert len(sandbox.faults.requests) - before == 3


async def test_a_blob_that_is_not_there_is_not_found(shop):
    with pytest.raises(NotFound):
        await shop.blobs(["1" * 40])


async def test_an_archive_gives_the_wanted_files_in_one_go(shop):
    head = await shop.head()
    assert await shop.archive(head.commit, [WEB, "apps/api.yaml", "nowhere.yaml"]) == {
        WEB: FILES[WEB],
        "apps/api.yaml": FILES["apps/api.yaml"],
    }


async def test_a_file_that_the_archive_shows_differently_is_left_out(shop, sandbox):
    files = {".gitattributes": b"a.txt export-subst\n", "a.txt": b"$Format:%H$\n", "b.txt": b"b\n"}
    await sandbox.commit(SANDBOXED, "main", files)
    head = await shop.head()
    oids = {path: blob_oid(content) for path, content in files.items()}
    assert set(await shop.archive(head.commit, oids.keys())) == set(files)
    assert set(await shop.archive(head.commit, oids)) == set(files) - {"a.txt"}


async def test_one_query_tells_all_a_bump_needs(shop, sandbox):
    before = len(sandbox.faults.requests)
    found = await facts(shop)
    assert len(sandbox.faults.requests) - before == 2  # the token, the query
    assert found.full_name == SANDBOXED
    assert found.default_branch == found.base.branch == "main"
    assert found.base.commit == await sandbox.repository(SANDBOXED).git.branch("main")
    assert found.policy.text == "version: 1\n"
    assert {path: (blob.content, blob.mode) for path, blob in found.files.items()} == {WEB: (FILES[WEB], "100644")}
    assert found.branch_head is None
    assert found.pull_requests == ()


async def test_the_policy_comes_from_the_default_branch_and_files_from_the_base(shop, sandbox):
    await sandbox.commit(SANDBOXED, "release", {".niro/policies.yml": b"evil: 1\n", WEB: b"image: nginx:1.20\n"})
    found = await facts(shop, base="release")
    assert found.base.branch == "release"
    assert found.policy.text == "version: 1\n"
    assert found.files[WEB].content == b"image: nginx:1.20\n"


async def test_a_base_that_does_not_exist_is_not_found(shop):
    with pytest.raises(NotFound, match="no branch gone"):
        await facts(shop, base="gone")


async def test_folders_and_missing_paths_are_no_files(shop):
    found = await shop.bump_facts(None, BRANCH, ["apps", "nowhere", WEB])
    assert found.files["apps"].content is None
    assert "nowhere" not in found.files


async def test_more_paths_than_one_query_takes_are_read_from_the_same_commit(shop, sandbox):
    files = {f"many/{index}.yaml": f"value: {index}\n".encode() for index in range(70)}
    await sandbox.commit(SANDBOXED, "main", files)
    found = await shop.bump_facts(None, BRANCH, list(files))
    assert {path: blob.content for path, blob in found.files.items()} == files


async def test_our_commit_and_pull_request_are_known_again(shop, live):
    opened = await shop.open_pull_request(opening(await facts(shop)))
    found = await facts(shop)
    login = (await live.identity()).bot_login
    head = found.branch_head
    assert (head.oid, head.author_login, head.author_is_bot, head.verified) == (opened.head, login, True, True)
    assert head.message == "Bump nginx\n\nNiro-Bump: web/1234"
    assert head.parents == (found.base.commit,)
    (pull_request,) = found.pull_requests
    assert pull_request.state is PullRequestState.OPEN
    assert (pull_request.number, pull_request.node, pull_request.head, pull_request.author_login) == (
        opened.number,
        opened.node,
        opened.head,
        login,
    )
    assert pull_request.body == "The body"


async def test_a_commit_of_a_person_is_not_taken_for_ours(shop, sandbox):
    await shop.open_pull_request(opening(await facts(shop)))
    await sandbox.commit(SANDBOXED, BRANCH, {WEB: b"image: nginx:1.25.1\n"})
    head = (await facts(shop)).branch_head
    assert head.author_login == "octocat"
    assert not head.author_is_bot
    assert not head.verified


async def test_a_closed_pull_request_is_remembered_after_its_branch_is_gone(shop):
    opened = await shop.open_pull_request(opening(await facts(shop)))
    await shop.close_pull_request(opened.number)
    assert await shop.delete_branch(BRANCH, opened.head)
    found = await facts(shop)
    assert found.branch_head is None
    assert [(item.number, item.state) for item in found.pull_requests] == [(opened.number, PullRequestState.CLOSED)]
