"""What changed between two commits, file by file, read from one ``git diff``."""

from __future__ import annotations

import itertools
import re
from operator import itemgetter
from typing import TYPE_CHECKING

from bot.sandbox.git.process import run
from bot.sandbox.git.values import FileChange

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
FLAGS = ("--no-color", "--no-ext-diff", "--find-renames", "--full-index")
Fact = tuple[str, str, str, str | None]


async def changed_files(directory: Path, base: str, head: str) -> list[FileChange]:
    """Return the changed files by path; ``patch`` holds the hunks as GitHub shows them, None for binary files."""
    raw = await run(directory, "diff", *FLAGS, "--raw", "-z", "--no-abbrev", base, head)
    patches = _split_patches((await run(directory, "diff", *FLAGS, "--patch", base, head)).decode(errors="replace"))
    facts = _parse_raw(raw.decode(errors="surrogateescape"))
    pairs = zip(_as_often_as_printed(facts), patches, strict=True)
    return [_change(fact, [patch for _, patch in printed]) for fact, printed in itertools.groupby(pairs, itemgetter(0))]


def _as_often_as_printed(facts: list[Fact]) -> Iterator[Fact]:
    """Repeat a file that became a link or a submodule, or was one: git prints its end and its beginning."""
    for fact in facts:
        yield from itertools.repeat(fact, 2 if fact[1] == "T" else 1)


def _parse_raw(text: str) -> list[Fact]:
    """(path, status letter, oid, previous path) from the NUL separated raw format."""
    fields = iter(text.split("\0"))
    found = []
    for head in fields:
        if not head:
            continue
        _, _, old, new, letter = head.split(" ")
        oid = old if letter == "D" else new
        path, previous = next(fields), None
        if letter[0] in "RC":
            path, previous = next(fields), path
        found.append((path, letter[0], oid, previous))
    return found


def _split_patches(text: str) -> list[str]:
    return re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]


def _change(fact: Fact, patches: list[str]) -> FileChange:
    path, letter, oid, previous = fact
    lines = [line for patch in patches for line in _hunks(patch)]
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    return FileChange(
        path, STATUSES.get(letter, "changed"), added, removed, oid, previous, "\n".join(lines) if lines else None
    )


def _hunks(patch: str) -> list[str]:
    """Return the lines from the first hunk on; none for a binary file."""
    start = patch.find("\n@@ ")
    return patch[start + 1 :].rstrip("\n").split("\n") if start >= 0 else []
