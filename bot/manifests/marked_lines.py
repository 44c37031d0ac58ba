"""Marked lines of a text that is no YAML: scripts, environment files, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.markers import MARKER_KEY, parse_marker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.source import Text

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#+\s*\{")


class MarkedLine(NamedTuple):
    """The characters that a marker is about, from `start` to `end` in the decoded text, and what the marker says.

    An empty range stands where the comment does: the marker is about nothing.
    """

    start: int
    end: int
    marker: str


class _Line(NamedTuple):
    start: int
    value: str
    marker: str | None


def marked_lines(text: Text) -> list[MarkedLine]:
    """Find the lines of a text that a marker is about, in their order.

    A marker in the comment at the end of a line is about what stands before it, without the white space around it. A
    marker in a comment alone on its line is about the next line, where that holds something else than a comment.
    """
    decoded = text.yaml.decode()
    if MARKER_KEY not in decoded:
        return []
    found: list[MarkedLine] = []
    above: _Line | None = None
    for line in _lines(decoded):
        is_alone = line.marker is not None and not line.value.strip()
        if above is not None:
            found.append(_about(line if _has_value(line) else above, above.marker))
        if line.marker is not None and not is_alone:
            found.append(_about(line, line.marker))
        above = line if is_alone else None
    if above is not None:
        found.append(_about(above, above.marker))
    return found


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.split("\n"):
        comment = _COMMENT.search(line) if MARKER_KEY in line else None
        marker = parse_marker(line[comment.start() :]) if comment else None
        yield _Line(start, line if comment is None or marker is None else line[: comment.start()], marker)
        start += len(line) + 1


def _has_value(line: _Line) -> bool:
    """Whether a line is what the marker above it can be about: no comment, nothing marked by itself."""
    return line.marker is None and line.value.strip() != "" and not line.value.lstrip().startswith("#")


def _about(line: _Line, marker: str | None) -> MarkedLine:
    start = line.start + len(line.value) - len(line.value.lstrip())
    assert marker is not None
    return MarkedLine(start, start + len(line.value.strip()), marker)
