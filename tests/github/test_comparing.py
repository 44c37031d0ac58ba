"""What a pull request changes, however much that is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github import ChangedFile, Conflict, FileStatus, GitHubUnavailable, NotFound, Tree, TreeEntry, UnexpectedAnswer
from bot.github.comparing import MOST_FILES, compare_trees
from tests.github.scripted import Answer

BASE, HEAD, MERGE_BASE = "a" * 40, "b" * 40, "c" * 40
COMPARED = f"GET /repos/acme/shop/compare/{BASE}...{HEAD}?per_page=1&page="
BEFORE = f"GET /repos/acme/shop/git/trees/{MERGE_BASE}?recursive=1"
AFTER = f"GET /repos/acme/shop/git/trees/{HEAD}?recursive=1"


def file(path: str, status: str = "modified", **told: Any) -> dict[str, Any]:
    return {"filename": path, "status": status, "sha": "d" * 40, "patch": "@@ -1 +1 @@\n-a\n+b"} | told


def compared(*files: dict[str, Any]) -> Answer:
    return Answer({"merge_base_commit": {"sha": MERGE_BASE}, "commits": [], "files": list(files)})


def tree(truncated: bool = False, **entries: str) -> Answer:
    listed = [{"path": path, "mode": "100644", "type": "blob", "sha": oid} for path, oid in entries.items()]
    return Answer({"tree": listed, "truncated": truncated})


def entry(path: str, oid: str = "1", mode: str = "100644") -> TreeEntry:
    return TreeEntry(path, mode, {"040000": "tree", "160000": "commit"}.get(mode, "blob"), oid, None)


async def test_a_comparison_is_one_request_and_tells_where_the_branches_parted(repo, server):
    server.on(COMPARED + "1", compared(file("a.yaml")))
    found = await repo.compare(BASE, HEAD)
    (changed,) = found.files
    assert (found.merge_base, found.complete) == (MERGE_BASE, True)
    assert changed == ChangedFile("a.yaml", FileStatus.MODIFIED, "", "@@ -1 +1 @@\n-a\n+b", "d" * 40)
    assert server.asked == [COMPARED + "1"]


@pytest.mark.parametrize(
    ("told", "status", "previous"),
    [
        (file("a", "added"), FileStatus.ADDED, ""),
        (file("a", "removed"), FileStatus.REMOVED, ""),
        (file("a", "renamed", previous_filename="b"), FileStatus.RENAMED, "b"),
        (file("a", "copied", previous_filename="b"), FileStatus.COPIED, "b"),
        (file("a", "changed"), FileStatus.CHANGED, ""),
        (file("a", "unchanged"), FileStatus.UNCHANGED, ""),
        (file("a", "a word of tomorrow"), FileStatus.CHANGED, ""),
        (file("a", None), FileStatus.CHANGED, ""),
        (file("a", ["added"]), FileStatus.CHANGED, ""),
        (file("a", "renamed", previous_filename="../b"), FileStatus.ADDED, ""),
    ],
)
async def test_every_way_a_file_can_differ(repo, server, told, status, previous):
    server.on(COMPARED + "1", compared(told))
    (changed,) = (await repo.compare(BASE, HEAD)).files
    assert (changed.status, changed.previous) == (status, previous)


@pytest.mark.parametrize("told", [file("a", patch=None), file("a", patch=7), {"filename": "a", "status": "modified"}])
async def test_a_binary_file_has_no_patch(repo, server, told):
    server.on(COMPARED + "1", compared(told))
    assert (await repo.compare(BASE, HEAD)).files[0].patch is None


@pytest.mark.parametrize("path", ["../a", "a\0b", "a\udc80", "", None])
async def test_odd_paths_are_left_out(repo, server, path):
    server.on(COMPARED + "1", compared(file(path), file("b"), "no file"))
    assert [changed.path for changed in (await repo.compare(BASE, HEAD)).files] == ["b"]


async def test_no_common_history_is_told(repo, server):
    server.on(COMPARED + "1", Answer({"message": f"No common ancestor between {BASE} and {HEAD}."}, 404))
    with pytest.raises(NotFound, match="No common ancestor"):
        await repo.compare(BASE, HEAD)


@pytest.mark.parametrize("answer", [[], {}, {"merge_base_commit": None}, {"merge_base_commit": []}])
async def test_an_answer_that_is_no_comparison_is_refused(repo, server, answer):
    server.on(COMPARED + "1", Answer(answer))
    server.on(COMPARED + "2", Answer(answer))
    with pytest.raises(UnexpectedAnswer):
        await repo.compare(BASE, HEAD)


class TestMoreThanGitHubLists:
    @pytest.fixture
    def listed(self, server):
        """As many files as GitHub lists, of a comparison of more: l0 to l299, of which l1 was old1."""
        files = [file(f"l{number}") for number in range(300)]
        files[1] = file("l1", "renamed", previous_filename="old1")
        server.on(COMPARED + "1", compared(*files))
        return {f"l{number}": "e" * 40 for number in range(300)}

    async def test_both_trees_tell_the_others(self, repo, server, listed):
        moved = {"old1": "e" * 40} | {path: oid for path, oid in listed.items() if path != "l1"}
        server.on(BEFORE, tree(**moved, same="1", changed="2", gone="3", here="4"))
        server.on(AFTER, tree(**listed, same="1", changed="5", there="4", new="6"))
        found = await repo.compare(BASE, HEAD)
        beyond = {
            each.path: (each.status.value, each.previous, each.patch) for each in found.files if each.path[0] != "l"
        }
        assert beyond == {
            "changed": ("modified", "", None),
            "gone": ("removed", "", None),
            "new": ("added", "", None),
            "there": ("renamed", "here", None),
        }
        assert (found.complete, len(found.files)) == (True, 304)
        assert len(server.asked) == 3

    async def test_those_listed_keep_their_patches(self, repo, server, listed):
        server.on(BEFORE, tree(**dict.fromkeys(listed, "0" * 40)))
        server.on(AFTER, tree(**listed))
        assert all(each.patch for each in (await repo.compare(BASE, HEAD)).files)

    async def test_exactly_three_hundred_are_all(self, repo, server, listed):
        server.on(BEFORE, tree(**listed))
        server.on(AFTER, tree(**listed))
        found = await repo.compare(BASE, HEAD)
        assert (len(found.files), found.complete) == (300, True)

    @pytest.mark.parametrize(("before", "after"), [(True, False), (False, True)])
    async def test_a_tree_that_is_cut_leaves_what_github_listed(self, repo, server, listed, before, after):
        server.on(BEFORE, tree(before, **listed))
        server.on(AFTER, tree(after, **listed, beyond="6"))
        found = await repo.compare(BASE, HEAD)
        assert (len(found.files), found.complete) == (300, False)

    async def test_of_very_many_the_first_by_path(self, repo, server, listed):
        server.on(BEFORE, tree(**listed))
        server.on(AFTER, tree(**listed, **{f"x{number:05}": "6" for number in range(MOST_FILES)}))
        found = await repo.compare(BASE, HEAD)
        assert (len(found.files), found.complete, found.files[-1].path) == (MOST_FILES, False, "x02699")

    async def test_a_path_that_was_left_and_taken_again(self, repo, server, listed):
        server.on(BEFORE, tree(old1="7"))
        server.on(AFTER, tree(**listed, old1="8"))
        (again,) = [each for each in (await repo.compare(BASE, HEAD)).files if each.path == "old1"]
        assert again.status is FileStatus.ADDED


class TestADiffThatIsTooLarge:
    """GitHub "may" answer with an error then: "Compare two commits", the changelog of its REST documentation."""

    @pytest.mark.parametrize(
        "answer",
        [
            Answer({"message": "Server Error: Sorry, this diff is taking too long to generate."}, 500),
            Answer({"message": "Sorry, this diff is taking too long to generate."}, 422),
            Answer(status=502, body=b"<html>"),
        ],
    )
    async def test_the_trees_tell_the_files(self, repo, server, answer):
        server.on(COMPARED + "1", answer)
        server.on(COMPARED + "2", Answer({"merge_base_commit": {"sha": MERGE_BASE}}))
        server.on(BEFORE, tree(a="1"))
        server.on(AFTER, tree(a="2"))
        assert [each.path for each in (await repo.compare(BASE, HEAD)).files] == ["a"]

    async def test_an_outage_stays_an_outage(self, repo, server):
        server.on(COMPARED + "1", Answer(status=503))
        server.on(COMPARED + "2", Answer(status=503))
        with pytest.raises(GitHubUnavailable):
            await repo.compare(BASE, HEAD)

    async def test_whatever_else_is_wrong_is_told(self, repo, server):
        server.on(COMPARED + "1", Answer({"message": "Git Repository is empty."}, 409))
        with pytest.raises(Conflict, match="empty"):
            await repo.compare(BASE, HEAD)


class TestTrees:
    def differing(self, before: list[TreeEntry], after: list[TreeEntry]) -> dict[str, tuple[str, str]]:
        files = compare_trees(Tree(tuple(before), False), Tree(tuple(after), False), {})
        return {each.path: (each.status.value, each.previous) for each in files}

    def test_a_file_that_may_be_run_now_is_modified(self):
        assert self.differing([entry("a")], [entry("a", mode="100755")]) == {"a": ("modified", "")}

    @pytest.mark.parametrize("mode", ["120000", "160000"])
    def test_a_file_that_is_something_else_now_is_changed(self, mode):
        assert self.differing([entry("a")], [entry("a", "2", mode)]) == {"a": ("changed", "")}

    def test_folders_are_no_files(self):
        assert self.differing([entry("a", "1", "040000")], [entry("a", "2", "040000")]) == {}

    def test_a_file_where_a_folder_was(self):
        before = [entry("a", "1", "040000"), entry("a/b", "2")]
        assert self.differing(before, [entry("a", "3")]) == {"a": ("added", ""), "a/b": ("removed", "")}

    def test_equal_files_that_moved_are_paired_by_path(self):
        before, after = [entry("a"), entry("b")], [entry("c"), entry("d"), entry("e")]
        assert self.differing(before, after) == {"c": ("renamed", "a"), "d": ("renamed", "b"), "e": ("added", "")}

    def test_odd_paths_are_left_out(self):
        assert self.differing([entry("../c", "2")], [entry("b"), entry("../d", "3")]) == {"b": ("added", "")}

    def test_a_file_never_came_from_an_odd_path(self):
        assert self.differing([entry("../a")], [entry("b")]) == {"b": ("added", "")}

    @given(
        *[st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("123"), max_size=8) for _ in range(2)],
    )
    def test_the_differences_lead_from_one_tree_to_the_other(self, before, after):
        trees = [Tree(tuple(entry(path, oid) for path, oid in paths.items()), False) for paths in (before, after)]
        made = dict(before)
        files = compare_trees(*trees, {})
        for each in files:
            made.pop(each.previous or each.path, None)
        for each in files:
            if each.status is not FileStatus.REMOVED:
                made[each.path] = each.oid
        assert made == after


@pytest.mark.parametrize("path", ["../a.yaml", "a//b.yaml", ""])
async def test_a_file_that_nobody_can_ask_for_makes_a_comparison_incomplete(repo, server, path):
    server.on(COMPARED + "1", compared(file("a.yaml"), file(path)))
    found = await repo.compare(BASE, HEAD)
    assert ([each.path for each in found.files], found.complete) == (["a.yaml"], False)
