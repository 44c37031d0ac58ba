"""What GitHub tells of a change is put together as manifests before and after it, by the paths of their time."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from bot.flows.changes import ChangedPolicy, changed
from bot.github import ChangedFile, Comparison, FileStatus, TextBlob
from bot.policies import POLICY_PATH

BASE, HEAD = "b" * 40, "c" * 40
PLAIN, LINK, FOLDER = "100644", "120000", "040000"


@dataclass
class Told:
    """GitHub's answers about one change: the files that changed, and what every path holds on both sides."""

    files: tuple[ChangedFile, ...]
    head: dict[str, TextBlob]

    async def compare(self, _base, _head):
        return Comparison(BASE, self.files)

    async def contents_at(self, wanted):
        blobs = {BASE: {path: blob(b"then") for path in wanted.get(BASE, ())}, HEAD: self.head}
        return {
            commit: {path: blobs[commit][path] for path in paths if path in blobs[commit]}
            for commit, paths in wanted.items()
        }


def blob(content, mode=PLAIN):
    return TextBlob("d" * 40, content, mode)


def file(path, status, previous=""):
    return ChangedFile(path, status, previous, None, "e" * 40)


@pytest.mark.parametrize(
    ("told", "before", "after", "renamed"),
    [
        (file("a.yaml", FileStatus.ADDED), [], ["a.yaml"], {}),
        (file("a.yaml", FileStatus.MODIFIED), ["a.yaml"], ["a.yaml"], {}),
        (file("a.yaml", FileStatus.CHANGED), ["a.yaml"], ["a.yaml"], {}),
        (file("a.yaml", FileStatus.REMOVED), ["a.yaml"], [], {}),
        (file("a.yaml", FileStatus.RENAMED, "b.yaml"), ["b.yaml"], ["a.yaml"], {"a.yaml": "b.yaml"}),
        (file("a.yaml", FileStatus.RENAMED, "b.txt"), [], ["a.yaml"], {}),
        (file("a.txt", FileStatus.RENAMED, "b.yaml"), ["b.yaml"], [], {}),
        (file("a.yaml", FileStatus.COPIED, "b.yaml"), [], ["a.yaml"], {}),
        (file("a.yaml", FileStatus.COPIED, POLICY_PATH), [], ["a.yaml"], {}),
        (file("a.yaml", FileStatus.RENAMED, POLICY_PATH), [], ["a.yaml"], {}),
        (file("a.txt", FileStatus.MODIFIED), [], [], {}),
    ],
)
async def test_a_file_stands_on_the_sides_on_which_it_is_a_manifest(told, before, after, renamed):
    change = await changed(Told((told,), {told.path: blob(b"now")}), BASE, HEAD)
    assert (list(change.before), list(change.after), change.renamed) == (before, after, renamed)


@pytest.mark.parametrize(
    ("told", "head", "expected"),
    [
        (file("a.yaml", FileStatus.MODIFIED), {}, None),
        (file(POLICY_PATH, FileStatus.MODIFIED), {POLICY_PATH: blob(b"version: 1\n")}, ChangedPolicy("version: 1\n")),
        (file(POLICY_PATH, FileStatus.MODIFIED), {POLICY_PATH: blob(b"")}, ChangedPolicy("")),
        (file(POLICY_PATH, FileStatus.REMOVED), {}, ChangedPolicy()),
        (file("a.txt", FileStatus.RENAMED, POLICY_PATH), {}, ChangedPolicy()),
        (file("a.txt", FileStatus.COPIED, POLICY_PATH), {POLICY_PATH: blob(b"version: 1\n")}, None),
    ],
)
async def test_the_policy_file_is_told_where_it_is_another(told, head, expected):
    assert (await changed(Told((told,), head), BASE, HEAD)).policy == expected


@pytest.mark.parametrize("mode", [PLAIN, LINK, FOLDER])
async def test_a_policy_file_without_text_is_a_problem_and_not_gone(mode):
    told = Told((file(POLICY_PATH, FileStatus.CHANGED),), {POLICY_PATH: blob(None, mode)})
    policy = (await changed(told, BASE, HEAD)).policy
    assert policy is not None
    assert policy.text is None
    assert "no text that can be read" in policy.problem


@pytest.mark.parametrize(
    ("told", "unread"),
    [
        (file("a\\b.yaml", FileStatus.ADDED), ["a\\b.yaml"]),
        (file("a\\b.yaml", FileStatus.MODIFIED), ["a\\b.yaml"]),
        (file("a\\b.yaml", FileStatus.RENAMED, "b.yaml"), ["a\\b.yaml"]),
        (file("a\\b.yaml", FileStatus.REMOVED), []),
        (file("a\\b.txt", FileStatus.ADDED), []),
    ],
)
async def test_a_manifest_whose_path_is_not_everywhere_the_same_is_told_as_not_read(told, unread):
    change = await changed(Told((told,), {}), BASE, HEAD)

    assert [path for path, _ in change.unread] == unread
