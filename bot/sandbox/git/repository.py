"""One bare repository: questions about what it holds, and writes that are atomic."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bot.sandbox.git.difference import changed_files
from bot.sandbox.git.process import GitFailed, ObjectReader, run
from bot.sandbox.git.values import Commit, FileChange, GitObject, NewEntry, RefMove, Signature, TreeEntry

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

REGULAR_FILE = "100644"
NOWHERE = "0" * 40


class GitRepository:
    """A bare repository in a folder. Refs are full names (``refs/heads/main``); oids are 40 hex digits."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._reader = ObjectReader(directory)
        self._ahead: dict[tuple[str, str], int] = {}
        self._merged: dict[tuple[str, str], str | None] = {}
        self._changes: dict[tuple[str, str], list[FileChange]] = {}

    @classmethod
    async def create(cls, directory: Path, default_branch: str) -> GitRepository:
        """Make an empty bare repository."""
        await asyncio.to_thread(directory.mkdir, parents=True)
        await run(directory, "init", "--quiet", "--bare", f"--initial-branch={default_branch}")
        return cls(directory)

    async def close(self) -> None:
        """End the long-lived reader."""
        await self._reader.close()

    async def resolve(self, revision: str) -> str | None:
        """Return the oid of what a revision names (a branch, a ref, an oid, ``HEAD``, ``main:folder``), or None."""
        found = await self._reader.info(revision)
        return found.oid if found else None

    async def branch(self, name: str) -> str | None:
        """Return the commit at a branch's head."""
        return await self.resolve(f"refs/heads/{name}")

    async def branches(self) -> dict[str, str]:
        """All branches with their heads, by name."""
        return {ref.removeprefix("refs/heads/"): oid for ref, oid in (await self.refs("refs/heads/")).items()}

    async def refs(self, prefix: str = "refs/") -> dict[str, str]:
        """All refs below a prefix which ends with ``/``."""
        printed = await run(self.directory, "for-each-ref", "--format=%(refname) %(objectname)", prefix)
        return dict(line.split(" ") for line in printed.decode().splitlines())

    async def read(self, revision: str) -> GitObject | None:
        """Return the object a revision names, with its content, or None."""
        return await self._reader.read(revision)

    async def commit(self, revision: str) -> Commit | None:
        """Return the commit a revision names, or None."""
        found = await self._reader.read(f"{revision}^{{commit}}")
        return Commit.parse(found.oid, found.content) if found else None

    async def entries(self, tree: str, *, recursive: bool = False) -> list[TreeEntry] | None:
        """Tell what a tree (or a commit's tree) holds, folders before what is in them; None without it."""
        flags = ["-r", "-t"] if recursive else []
        try:
            printed = await run(self.directory, "ls-tree", "-l", "-z", *flags, tree)
        except GitFailed:
            return None
        return [TreeEntry.parse(line) for line in printed.split(b"\0") if line]

    async def is_ancestor(self, older: str, newer: str) -> bool:
        """Whether the newer commit contains the older one."""
        return await self.ahead(newer, older) == 0

    async def ahead(self, base: str, head: str) -> int:
        """How many commits the head has which the base has not."""
        if (base, head) not in self._ahead:
            printed = await run(self.directory, "rev-list", "--count", f"{base}..{head}")
            self._ahead[base, head] = int(printed)
        return self._ahead[base, head]

    async def commits_between(self, base: str | None, head: str, limit: int = 250) -> list[Commit]:
        """Return the commits of ``head`` which ``base`` has not, oldest first; all of them without a base."""
        span = f"{base}..{head}" if base else head
        printed = await run(self.directory, "rev-list", "--reverse", "--topo-order", span)
        found = [await self.commit(oid) for oid in printed.decode().split()[-limit:]]
        return [commit for commit in found if commit]

    async def brought(self, move: RefMove) -> set[str]:
        """Return the commits that a ref has after a move and had not before; none where it is made or deleted."""
        if NOWHERE in {move.before, move.after}:
            return set()
        printed = await run(self.directory, "rev-list", f"{move.before}..{move.after}")
        return set(printed.decode().split())

    async def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor of two commits."""
        try:
            return (await run(self.directory, "merge-base", one, other)).decode().strip()
        except GitFailed:
            return None

    async def changes(self, base: str, head: str) -> list[FileChange]:
        """How the files differ between two commits (or trees), by path, with patches."""
        if (base, head) not in self._changes:
            self._changes[base, head] = await changed_files(self.directory, base, head)
        return self._changes[base, head]

    async def merged_tree(self, base: str, head: str) -> str | None:
        """Return the tree of a merge of two commits, or None where they conflict."""
        if (base, head) not in self._merged:
            self._merged[base, head] = await self._merge_tree(base, head)
        return self._merged[base, head]

    async def _merge_tree(self, base: str, head: str) -> str | None:
        try:
            return (await run(self.directory, "merge-tree", "--write-tree", base, head)).decode().split()[0]
        except GitFailed as failed:
            if failed.status == 1:
                return None
            raise

    async def reverted_tree(self, head: str, undone: Commit, signature: Signature) -> str | None:
        """Return the tree of a head without what a commit changed against its first parent; None at a conflict.

        A merge of two stand-ins whose common ancestor is the commit itself.
        """
        there, parent = await self.commit(head), await self.commit(undone.parents[0])
        if there is None or parent is None:
            return None
        ends = [
            await self.write_commit(tree, [undone.oid], "stand-in", author=signature, committer=signature)
            for tree in (there.tree, parent.tree)
        ]
        return await self.merged_tree(*ends)

    async def write_blob(self, content: bytes) -> str:
        """Store a blob; returns its oid."""
        return (await run(self.directory, "hash-object", "-w", "--stdin", stdin=content)).decode().strip()

    async def write_blobs(self, contents: Sequence[bytes]) -> list[str]:
        """Store many blobs with one process; returns their oids in the same order."""
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / str(number) for number in range(len(contents))]
            for path, content in zip(paths, contents, strict=True):
                path.write_bytes(content)
            stdin = "".join(f"{path}\n" for path in paths).encode()
            return (await run(self.directory, "hash-object", "-w", "--stdin-paths", stdin=stdin)).decode().split()

    async def write_tree(self, base: str | None, entries: Sequence[NewEntry]) -> str:
        """Store a tree: the base tree with some paths set or removed; returns its oid."""
        with tempfile.TemporaryDirectory() as folder:
            extra = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
            if base is not None:
                await run(self.directory, "read-tree", base, extra=extra)
            lines = [f"{entry.mode if entry.oid else 0} {entry.oid or '0' * 40}\t{entry.path}\0" for entry in entries]
            stdin = "".join(lines).encode(errors="surrogateescape")
            await run(self.directory, "update-index", "-z", "--index-info", stdin=stdin, extra=extra)
            return (await run(self.directory, "write-tree", extra=extra)).decode().strip()

    async def write_commit(
        self, tree: str, parents: Sequence[str], message: str, *, author: Signature, committer: Signature
    ) -> str:
        """Store a commit object; no ref moves. Returns its oid."""
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author}", f"committer {committer}", "", message]
        content = ("\n".join(lines).rstrip("\n") + "\n").encode()
        printed = await run(self.directory, "hash-object", "-t", "commit", "-w", "--stdin", stdin=content)
        return printed.decode().strip()

    async def change_files(
        self,
        parent: str | None,
        additions: Mapping[str, bytes],
        deletions: Collection[str],
        message: str,
        *,
        author: Signature,
        committer: Signature,
    ) -> str:
        """Store a commit on top of a parent with some files written (as regular files) and some removed."""
        oids = await self.write_blobs(list(additions.values()))
        entries = [NewEntry(path, REGULAR_FILE, oid) for path, oid in zip(additions, oids, strict=True)]
        entries += [NewEntry(path, REGULAR_FILE, None) for path in deletions]
        tree = await self.write_tree(parent, entries)
        return await self.write_commit(tree, [parent] if parent else [], message, author=author, committer=committer)

    async def move(self, moves: Sequence[RefMove]) -> None:
        """Move refs, all or none; raises GitFailed where one does not stand at ``before``."""
        lines = ["start", *(f"update {move.ref} {move.after} {move.before}" for move in moves), "prepare", "commit"]
        await run(self.directory, "update-ref", "--stdin", stdin="\n".join([*lines, ""]).encode())

    async def borrow(self, other: GitRepository) -> None:
        """Know all objects of another repository without copying them, as forks do, and begin with its branches."""
        alternates = self.directory / "objects" / "info" / "alternates"
        await asyncio.to_thread(alternates.write_text, f"{other.directory.absolute() / 'objects'}\n")
        await self.move([RefMove(ref, NOWHERE, oid) for ref, oid in (await other.refs("refs/heads/")).items()])

    async def take(self, other: GitRepository, oid: str) -> None:
        """Copy a commit with all that it needs from a repository that borrows from this one."""
        await run(other.directory, "push", "--quiet", str(self.directory), f"{oid}:refs/pull/{oid}/head")

    async def valid_ref(self, ref: str) -> bool:
        """Whether git allows the name."""
        try:
            await run(self.directory, "check-ref-format", ref)
        except GitFailed:
            return False
        return True

    async def archive(self, commit: str, prefix: str) -> bytes:
        """Return the files of a commit as a gzipped tar archive below a folder."""
        return await run(self.directory, "archive", "--format=tar.gz", f"--prefix={prefix}/", commit)
