"""The bare repositories under everything."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from bot.sandbox.git import GitFailed, GitRepository, NewEntry, RefMove, Signature

ZEROS = "0" * 40
ANN = Signature("Ann <the> author", "ann@example.org", datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC))


@pytest.fixture
async def git(tmp_path: Path) -> AsyncIterator[GitRepository]:
    made = await GitRepository.create(tmp_path / "shop.git", "main")
    yield made
    await made.close()


async def committed(
    git: GitRepository, parent: str | None, files: dict[str, bytes], removed: tuple[str, ...] = ()
) -> str:
    return await git.change_files(parent, files, removed, "Change\n\nfiles", author=ANN, committer=ANN)


async def test_a_commit_says_what_it_was_given(git: GitRepository) -> None:
    oid = await committed(git, None, {"a": b"1"})
    found = await git.commit(oid)
    assert found is not None
    assert (found.headline, found.body, found.parents) == ("Change", "files", ())
    assert (found.author.name, found.author.email, found.author.when) == ("Ann the author", ANN.email, ANN.when)


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("plain.yaml", b"image: a\n"),
        ("folder/with space/f.yaml", b""),
        ('quote"d\\.yaml', b"\r\n"),
        ("zeilen\numbruch", b"\x00\xff"),
        ("ünïcödé.yaml", b"no end of line"),
        ("-dash", b"x" * 100_000),
    ],
)
async def test_every_path_and_every_byte_survives(git: GitRepository, path: str, content: bytes) -> None:
    oid = await committed(git, None, {path: content})
    entries = {entry.path: entry for entry in await git.entries(oid, recursive=True) or []}
    stored = await git.read(entries[path].oid)
    assert stored is not None
    assert stored.content == content
    assert entries[path].size == len(content)


async def test_changes_are_told_file_by_file(git: GitRepository) -> None:
    text = b"".join(b"line %d\n" % number for number in range(30))
    first = await committed(git, None, {"kept": b"1", "old name": text, "gone": b"1\n", "binary": b"\x00\x01"})
    second = await committed(
        git, first, {"new name": text, "binary": b"\x00\x02", "fresh": b"diff --git a b\n"}, ("old name", "gone")
    )
    changes = {change.path: change for change in await git.changes(first, second)}
    assert {path: change.status for path, change in changes.items()} == {
        "binary": "modified",
        "fresh": "added",
        "gone": "removed",
        "new name": "renamed",
    }
    assert changes["new name"].previous_path == "old name"
    assert changes["binary"].patch is None
    assert changes["fresh"].patch == "@@ -0,0 +1 @@\n+diff --git a b"
    assert (changes["gone"].additions, changes["gone"].deletions) == (0, 1)


@pytest.mark.parametrize(("before", "after"), [("100644", "120000"), ("120000", "100755")])
async def test_a_file_that_becomes_a_link_is_one_change_with_its_end_and_its_beginning(
    git: GitRepository, before: str, after: str
) -> None:
    old, new, plain = await git.write_blobs([b"one\ntwo", b"elsewhere", b"1\n"])
    first = await git.write_tree(None, [NewEntry("changing", before, old)])
    second = await git.write_tree(first, [NewEntry("changing", after, new), NewEntry("fresh", "100644", plain)])
    changing, fresh = await git.changes(first, second)
    assert (changing.path, changing.status, changing.oid) == ("changing", "changed", new)
    assert (changing.additions, changing.deletions) == (1, 2)
    assert (changing.patch or "").count("@@ ") == 2
    assert (fresh.path, fresh.status, fresh.patch) == ("fresh", "added", "@@ -0,0 +1 @@\n+1")


async def test_a_mode_alone_is_a_change_without_lines(git: GitRepository) -> None:
    script = await git.write_blob(b"#!/bin/sh\n")
    first = await git.write_tree(None, [NewEntry("run", "100644", script)])
    (change,) = await git.changes(first, await git.write_tree(first, [NewEntry("run", "100755", script)]))
    assert (change.status, change.additions, change.deletions, change.patch) == ("modified", 0, 0, None)


async def test_moves_are_all_or_none(git: GitRepository) -> None:
    oid = await committed(git, None, {"a": b"1"})
    with pytest.raises(GitFailed):
        await git.move([RefMove("refs/heads/a", ZEROS, oid), RefMove("refs/heads/b", "1" * 40, oid)])
    assert await git.branches() == {}
    await git.move([RefMove("refs/heads/a", ZEROS, oid), RefMove("refs/heads/b", ZEROS, oid)])
    assert await git.branches() == {"a": oid, "b": oid}


async def test_ahead_and_ancestors(git: GitRepository) -> None:
    first = await committed(git, None, {"a": b"1"})
    second = await committed(git, first, {"a": b"2"})
    assert (await git.ahead(first, second), await git.ahead(second, first)) == (1, 0)
    assert await git.is_ancestor(first, second)
    assert not await git.is_ancestor(second, first)


async def test_a_conflict_has_no_merged_tree(git: GitRepository) -> None:
    base = await committed(git, None, {"a": b"1\n", "b": b"1\n"})
    one, other = await committed(git, base, {"a": b"2\n"}), await committed(git, base, {"b": b"2\n"})
    third = await committed(git, base, {"a": b"3\n"})
    assert await git.merged_tree(one, third) is None
    assert await git.merged_tree(one, other) is not None


async def test_a_tree_keeps_modes_and_drops_what_is_removed(git: GitRepository) -> None:
    base = await committed(git, None, {"a": b"1", "b": b"1"})
    script = await git.write_blob(b"#!/bin/sh\n")
    tree = await git.write_tree(base, [NewEntry("run", "100755", script), NewEntry("a", "100644", None)])
    assert {entry.path: entry.mode for entry in await git.entries(tree) or []} == {"b": "100644", "run": "100755"}


@pytest.mark.parametrize("revision", ["", "missing", "main", "1" * 40, "a b", "main:a", "one\ntwo", "--help"])
async def test_what_is_not_there_is_none(git: GitRepository, revision: str) -> None:
    assert await git.resolve(revision) is None
    assert await git.read(revision) is None


async def test_many_readers_get_their_own_answers(git: GitRepository) -> None:
    oids = await git.write_blobs([str(number).encode() for number in range(50)])
    found = await asyncio.gather(*(git.read(oid) for oid in oids))
    assert [blob.content for blob in found if blob] == [str(number).encode() for number in range(50)]


@pytest.mark.parametrize("hours", [0, -7, 5.5])
def test_a_signature_is_read_as_it_was_written(hours: float) -> None:
    when = datetime(2026, 5, 4, 3, 2, 1, tzinfo=timezone(timedelta(hours=hours)))
    written = Signature("Ann", "ann@example.org", when)
    assert Signature.parse(str(written)) == written
