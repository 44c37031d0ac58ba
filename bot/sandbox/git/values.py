"""What git stores and reports, as plain values, with the parsers of git's own formats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LONGEST_PATCH = 3000  # lines
LARGEST_PATCH = 500_000  # characters
IDENTITY = re.compile(r"^(?P<name>.*?) ?<(?P<email>[^>]*)> (?P<when>-?\d+) (?P<zone>[+-]\d{4})$")


@dataclass(frozen=True, slots=True)
class GitObject:
    """One object: ``kind`` is blob, tree, commit or tag; ``size`` in bytes."""

    oid: str
    kind: str
    size: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Signature:
    """Who made a commit, and when."""

    name: str
    email: str
    when: datetime

    def __str__(self) -> str:
        """As it stands in a commit object."""
        return f"{_clean(self.name)} <{_clean(self.email)}> {int(self.when.timestamp())} {self.when:%z}"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read the value of an ``author`` or ``committer`` line."""
        found = IDENTITY.match(line)
        if found is None:
            return cls(line, "", datetime.fromtimestamp(0, UTC))
        zone = found["zone"]
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5])) * (-1 if zone[0] == "-" else 1)
        when = datetime.fromtimestamp(int(found["when"]), timezone(offset))
        return cls(found["name"], found["email"], when)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit."""

    oid: str
    tree: str
    parents: tuple[str, ...]
    author: Signature
    committer: Signature
    message: str

    @property
    def headline(self) -> str:
        """The first line of the message."""
        return self.message.split("\n", 1)[0]

    @property
    def body(self) -> str:
        """The message after its first line, without the empty line between."""
        return self.message.partition("\n")[2].strip("\n")

    @classmethod
    def parse(cls, oid: str, content: bytes) -> Commit:
        """Read a commit object."""
        head, _, message = content.decode(errors="replace").partition("\n\n")
        fields: dict[str, list[str]] = {}
        for line in head.split("\n"):
            name, _, value = line.partition(" ")
            fields.setdefault(name, []).append(value)
        author, committer = Signature.parse(fields["author"][0]), Signature.parse(fields["committer"][0])
        return cls(oid, fields["tree"][0], tuple(fields.get("parent", ())), author, committer, message.rstrip("\n"))


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a tree; ``path`` from the tree listed, ``size`` in bytes for blobs."""

    path: str
    mode: str  # 100644 | 100755 | 120000 | 040000 | 160000
    kind: str  # blob | tree | commit
    oid: str
    size: int | None

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @classmethod
    def parse(cls, line: bytes) -> TreeEntry:
        """Read one record of ``git ls-tree -l -z``."""
        facts, _, path = line.partition(b"\t")
        mode, kind, oid, size = facts.decode().split()
        return cls(path.decode(errors="surrogateescape"), mode, kind, oid, None if size == "-" else int(size))


@dataclass(frozen=True, slots=True)
class NewEntry:
    """An entry to write into a tree; ``oid`` None removes the path."""

    path: str
    mode: str
    oid: str | None


@dataclass(frozen=True, slots=True)
class FileChange:
    """How one file differs between two commits; ``oid`` is the new file's, of a removed one the old file's."""

    path: str
    status: str  # added | removed | modified | renamed
    additions: int
    deletions: int
    oid: str
    previous_path: str | None
    patch: str | None

    @property
    def shown_patch(self) -> str | None:
        """The patch as far as GitHub shows it: none of a file that changes too much, as of a binary one.

        https://docs.github.com/repositories/creating-and-managing-repositories/repository-limits: "Diff limits"; that
        REST leaves patches out sooner than the page does is not written down, only seen.
        """
        if self.patch is None or len(self.patch) > LARGEST_PATCH:
            return None
        return self.patch if self.patch.count("\n") < LONGEST_PATCH else None


@dataclass(frozen=True, slots=True)
class RefMove:
    """A ref's way from one object to another; zeros mean that it does not exist."""

    ref: str
    before: str
    after: str


def _clean(text: str) -> str:
    return re.sub(r"[<>\n\0]", "", text)
