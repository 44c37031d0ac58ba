"""Which lines of a changed file GitHub lets be commented: those in the hunks of its diff."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_HUNK: Final = re.compile(r"^@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@", re.MULTILINE)


class Anchor(NamedTuple):
    """Where a comment on a file is put: `line`, or from `start_line` to it; without a `line` about the whole file."""

    line: int | None
    start_line: int | None = None


FILE: Final = Anchor(None)


def hunks(patch: str | None) -> list[range]:
    """Give the lines of the new file, from 1, of each hunk of a patch as GitHub's API tells it; None: no patch."""
    found = (_lines(match) for match in _HUNK.finditer(patch or ""))
    return [lines for lines in found if lines]


def anchor(lines: tuple[int, int], patch: str | None) -> Anchor:
    """Say where to put a comment about some lines, the first and the last: on them where one hunk has them all.

    Else on the file. The rule: GitHub refuses a line outside of the diff, and a range over two hunks.
    """
    start, end = lines
    if not any(start in hunk and end in hunk for hunk in hunks(patch)):
        return FILE
    return Anchor(end, start if start < end else None)


def _lines(match: re.Match[str]) -> range:
    start, count = int(match[1]), int(match[2] or 1)
    return range(start, start + count)
