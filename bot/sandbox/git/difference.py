"""What changed between two commits, file by file, read from one ``git diff``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.sandbox.git.process import run
from bot.sandbox.git.values import FileChange

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
FLAGS = ("--no-color", "--no-ext-diff", "--find-renames", "--full-index")


async def changed_files(directory: Path, base: str, head: str) -> list[FileChange]:
    """Return the changed files by path; ``patch`` holds the hunks as GitHub shows them, None for binary files."""
    raw = await run(directory, "diff", *FLAGS, "--raw", "-z", "--no-abbrev", base, head)
    patches = _split_patches((await run(directory, "diff", *FLAGS, "--patch", base, head)).decode(errors="replace"))
    facts = _parse_raw(raw.decode(errors="surrogateescape"))
    return [_change(*fact, patch) for fact, patch in zip(facts, patches, strict=True)]


def _parse_raw(text: str) -> list[tuple[str, str, str, str | None]]:
    """(path, status letter, oid, previous path) from the NUL separated raw format."""
    fields = iter(text.split("\0"))
    found = []
    for head in fields:
        if not head:
            continue
        _, _, _, oid, letter = head.split(" ")
        path, previous = next(fields), None
        if letter[0] in "RC":
            path, previous = next(fields), path
        found.append((path, letter[0], oid, previous))
    return found


def _split_patches(text: str) -> list[str]:
    return re.split(r"^diff --git ", text, flags=re.MULTILINE)[1:]


def _change(path: str, letter: str, oid: str, previous: str | None, patch: str) -> FileChange:
    start = patch.find("\n@@ ")
    hunks = patch[start + 1 :].rstrip("\n") if start >= 0 else None
    lines = hunks.split("\n") if hunks else []
    added, removed = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    return FileChange(path, STATUSES.get(letter, "changed"), added, removed, oid, previous, hunks)
