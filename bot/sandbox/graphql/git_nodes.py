"""What git holds, as GraphQL shows it: refs, commits, trees, their entries and blobs."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.sandbox.git import TreeEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.sandbox.git import Commit
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import Repository

PREFIXES = {"commit": "C", "tree": "T", "blob": "B", "tag": "TA"}


@dataclass(frozen=True, slots=True)
class RefNode:
    """A branch or tag and the object it names; ``name`` is the full one."""

    repository: Repository
    name: str
    oid: str

    @property
    def prefix(self) -> str:
        """The namespace: ``refs/heads/`` of a branch."""
        return "/".join(self.name.split("/", 2)[:2]) + "/"

    @property
    def short_name(self) -> str:
        """The name without its namespace."""
        return self.name.removeprefix(self.prefix)

    @property
    def node_id(self) -> str:
        """The global id: it stays while the ref moves."""
        return git_node_id("REF", self.repository, self.name)


@dataclass(frozen=True, slots=True)
class GitNode:
    """An object of a repository: what all kinds have."""

    repository: Repository
    oid: str

    @property
    def node_id(self) -> str:
        """The global id."""
        return git_node_id(PREFIXES[self.kind], self.repository, self.oid)

    @property
    def kind(self) -> str:
        """Git's name of the kind."""
        return "tag"


@dataclass(frozen=True, slots=True)
class CommitNode(GitNode):
    """A commit."""

    commit: Commit

    @property
    def kind(self) -> str:
        """Git's name of the kind."""
        return "commit"


@dataclass(frozen=True, slots=True)
class SignatureNode:
    """GitHub's own signature on a commit that it made."""

    commit: Commit


@dataclass(frozen=True, slots=True)
class TreeNode(GitNode):
    """A folder; ``path`` where it was reached by a path, with a slash at its end."""

    path: str = ""

    @property
    def kind(self) -> str:
        """Git's name of the kind."""
        return "tree"


@dataclass(frozen=True, slots=True)
class BlobNode(GitNode):
    """The content of a file."""

    content: bytes

    @property
    def kind(self) -> str:
        """Git's name of the kind."""
        return "blob"


@dataclass(frozen=True, slots=True)
class TreeEntryNode:
    """One line of a folder; ``path`` as far as it is known how the folder was reached."""

    repository: Repository
    entry: TreeEntry
    path: str


def git_node_id(prefix: str, repository: Repository, name: str) -> str:
    """Write a global id for a thing that git keeps, from its repository and its name there."""
    return f"{prefix}_kwDO{base64.urlsafe_b64encode(f'{repository.id}:{name}'.encode()).decode().rstrip('=')}"


async def find_ref(call: Call, repository: Repository, name: str) -> RefNode | None:
    """Return a ref by its full name, or by a branch's or tag's; None when there is none."""
    call.token.require(repository, "contents")
    for full in (name, f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}"):
        oid = await repository.git.resolve(full) if full.startswith("refs/") else None
        if oid is not None:
            return RefNode(repository, full, oid)
    return None


async def find_object(call: Call, repository: Repository, revision: str, path: str = "") -> GitNode | None:
    """Return the object that an oid, a ref or ``ref:path`` names; None when there is none."""
    call.token.require(repository, "contents")
    found = await repository.git.read(revision)
    if found is None:
        return None
    if found.kind == "commit":
        return await commit_node(repository, found.oid)
    if found.kind == "blob":
        return BlobNode(repository, found.oid, found.content)
    if found.kind == "tree":
        folder = (path or revision.partition(":")[2]).strip("/")
        return TreeNode(repository, found.oid, f"{folder}/" if folder else "")
    return GitNode(repository, found.oid)


async def find_entry(commit: CommitNode, path: str) -> TreeEntryNode | None:
    """Return the entry of a commit's tree at a path; None when there is none."""
    folder, _, name = path.rpartition("/")
    tree = await commit.repository.git.read(f"{commit.oid}:{folder}")
    if tree is None or tree.kind != "tree":
        return None
    for mode, entry_name, oid in _entries(tree.content):
        if entry_name == name:
            kind = {"040000": "tree", "160000": "commit"}.get(mode, "blob")
            return TreeEntryNode(commit.repository, TreeEntry(name, mode, kind, oid, None), path)
    return None


def _entries(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Read git's own form of a tree: mode (six digits), name and oid of each entry."""
    place = 0
    while place < len(content):
        space = content.index(b" ", place)
        end = content.index(b"\0", space)
        oid = content[end + 1 : end + 21]
        yield content[place:space].decode().zfill(6), content[space + 1 : end].decode(errors="replace"), oid.hex()
        place = end + 21


async def commit_node(repository: Repository, oid: str) -> CommitNode | None:
    """Return a commit; None when the repository has none of this oid."""
    commit = await repository.git.commit(oid)
    return None if commit is None else CommitNode(repository, commit.oid, commit)


async def git_node(call: Call, identifier: str) -> RefNode | GitNode | None:
    """Return what a global id made here names; None when it is none of these ids, or names nothing any more."""
    prefix, _, packed = identifier.partition("_kwDO")
    try:
        number, _, name = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode().partition(":")
        repository = call.world.repositories.get(int(number))
    except (binascii.Error, ValueError):
        return None
    if repository is None or not call.token.sees(repository):
        return None
    if prefix == "REF":
        return await find_ref(call, repository, name)
    return await find_object(call, repository, name)
