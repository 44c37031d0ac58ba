"""A file's patch read as hunks: which lines of either side it shows, and where lines of the old file went."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = re.compile(r"^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hunk: its sign (space, plus, minus), and its number in the old and in the new file."""

    text: str
    old: int | None
    new: int | None

    def number(self, side: str) -> int | None:
        """Return the line's number on a side of the diff: ``LEFT`` is the old file, ``RIGHT`` the new one."""
        return self.old if side == "LEFT" else self.new


@dataclass(frozen=True, slots=True)
class Hunk:
    """One hunk of a patch; ``first_old`` is where it begins in the old file."""

    head: str
    first_old: int
    lines: tuple[Line, ...]

    def numbers(self, side: str) -> set[int]:
        """Return the numbers of all lines that it shows of a side, context included."""
        return {number for line in self.lines if (number := line.number(side)) is not None}

    def until(self, side: str, number: int) -> str:
        """Return its text from the head to a line, as GitHub shows it beside a comment."""
        shown = [self.head]
        for line in self.lines:
            shown.append(line.text)
            if line.number(side) == number:
                break
        return "\n".join(shown)


def hunks(patch: str | None) -> list[Hunk]:
    """Read a patch's hunks in their order; none where there is no patch."""
    found: list[tuple[str, list[str]]] = []
    for text in (patch or "").split("\n"):
        if text.startswith("@@ "):
            found.append((text, []))
        elif found and text[:1] in {" ", "+", "-"}:
            found[-1][1].append(text)
    return [_hunk(head, texts) for head, texts in found]


def hunk_with(patch: str | None, side: str, number: int) -> Hunk | None:
    """Return the hunk that shows a line of a side."""
    return next((hunk for hunk in hunks(patch) if number in hunk.numbers(side)), None)


def moved(patch: str | None, number: int) -> int | None:
    """Return the number that a line of the old file has in the new one; None where it was changed or removed."""
    shift = 0
    for hunk in hunks(patch):
        if number < hunk.first_old:
            break
        for line in hunk.lines:
            if line.old == number:
                return line.new
            shift += (line.new is not None) - (line.old is not None)
    return number + shift


def _hunk(head: str, texts: list[str]) -> Hunk:
    match = HEAD.match(head)
    assert match is not None
    old, new = int(match[1]) + (match[2] == "0"), int(match[3])  # a side without lines names the line before
    return Hunk(head, old, tuple(_numbered(texts, old, new)))


def _numbered(texts: list[str], old: int, new: int) -> Iterator[Line]:
    for text in texts:
        yield Line(text, None if text[0] == "+" else old, None if text[0] == "-" else new)
        old += text[0] != "+"
        new += text[0] != "-"
