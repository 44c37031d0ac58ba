"""Suggestions in review comments: found in the text, and put in the place of the lines they are about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

OPENING = re.compile(r"^ {0,3}(?P<fence>`{3,}|~{3,})\s*suggestion\s*$")


def first_suggestion(body: str) -> list[str] | None:
    """Return the lines of the first suggestion block of a comment; None where there is none, or it has no end."""
    lines = re.split(r"\r\n|\n", body)
    for place, line in enumerate(lines):
        match = OPENING.match(line)
        if match:
            return _until(match["fence"], lines[place + 1 :])
    return None


def replaced(content: bytes, first: int, last: int, lines: Sequence[str]) -> bytes:
    """Return a file with other lines in the place of lines ``first`` to ``last``; none of them removes these.

    The new lines end as those of the file do, and a file without a line feed at its end stays without.
    """
    before = content.splitlines(keepends=True) if b"\r" not in content.replace(b"\r\n", b"") else _lines(content)
    ending = b"\r\n" if before[last - 1].endswith(b"\r\n") else b"\n"
    after = [line.encode() + ending for line in lines]
    if after and not before[last - 1].endswith(b"\n"):
        after[-1] = after[-1].removesuffix(ending)
    return b"".join([*before[: first - 1], *after, *before[last:]])


def _until(fence: str, lines: Sequence[str]) -> list[str] | None:
    found: list[str] = []
    for line in lines:
        if re.fullmatch(rf" {{0,3}}{re.escape(fence[0])}{{{len(fence)},}}\s*", line):
            return found
        found.append(line)
    return None


def _lines(content: bytes) -> list[bytes]:
    return [line for line in re.split(rb"(?<=\n)", content) if line]
