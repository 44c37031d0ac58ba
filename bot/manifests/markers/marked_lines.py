"""Marked lines of a text that is no YAML: scripts, environment files, properties."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from yaml import Mark
from yaml.events import SequenceStartEvent

from bot.manifests.markers.marked import MarkedPlace, Marking, Read
from bot.manifests.markers.marked_values import MarkedValue, marked_values
from bot.manifests.markers.outline import Outline
from bot.manifests.markers.syntax import MARKER_KEY, parse_marker, part_asked
from bot.manifests.occurrences import Part
from bot.manifests.places import Note
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.places import Owner
    from bot.manifests.source import Text

_MARKS_NOTHING: Final = "the marker stands above nothing that could follow it"
_NAME_ALONE: Final = "a marker for the name alone is followed in YAML only, where it is known what the name is"

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#+\s*\{")


class MarkedLine(NamedTuple):
    """The characters that a marker is about, from `start` to `end` in the decoded text, and what the marker says.

    `line` counts from 1. An empty range stands where the comment does: the marker is about nothing.
    """

    start: int
    end: int
    line: int
    marker: str


class _Line(NamedTuple):
    start: int
    number: int
    value: str
    marker: str | None


def mark_lines(text: Text, owner: Owner) -> Marking:
    """Make an image of what each marker in a text is about that is no YAML; the fields of the places are empty.

    A marker about nothing is noted, and one for the name alone. `owner` is the object that holds the text.
    """
    decoded = text.yaml.decode()
    lines = marked_lines(text)
    notes = [note for line in lines if (note := _note(line))]
    lines = [line for line in lines if _note(line) is None]
    values = Sequence(SequenceStartEvent(None, None, implicit=True, start_mark=_mark_at(0)), 0)
    values.children = [_scalar(decoded[line.start : line.end], line) for line in lines]
    outline = Outline([Read(values, owner, ())])
    marked = marked_values(
        [MarkedValue(leaf, line.marker) for leaf, line in zip(outline.leaves, lines, strict=True)], outline
    )
    return Marking(tuple(_without_field(place) for _, place in marked), tuple(notes))


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
    for number, line in enumerate(text.split("\n"), 1):
        comment = _COMMENT.search(line) if MARKER_KEY in line else None
        marker = parse_marker(line[comment.start() :]) if comment else None
        yield _Line(start, number, line if comment is None or marker is None else line[: comment.start()], marker)
        start += len(line) + 1


def _has_value(line: _Line) -> bool:
    """Whether a line is what the marker above it can be about: no comment, nothing marked by itself."""
    return line.marker is None and line.value.strip() != "" and not line.value.lstrip().startswith("#")


def _about(line: _Line, marker: str | None) -> MarkedLine:
    start = line.start + len(line.value) - len(line.value.lstrip())
    assert marker is not None
    return MarkedLine(start, start + len(line.value.strip()), line.number, marker)


def _note(line: MarkedLine) -> Note | None:
    if line.start == line.end:
        return Note(line.line, SkipReason.MARKS_NOTHING, _MARKS_NOTHING)
    if part_asked(line.marker) is Part.NAME:
        return Note(line.line, SkipReason.MARKER_NOT_UNDERSTOOD, _NAME_ALONE)
    return None


def _scalar(value: str, line: MarkedLine) -> Scalar:
    """Make a scalar of a part of a line. It is tagged as a text, so that it is never put in quotes."""
    return Scalar(None, "!", (False, True), value, _mark_at(line.start), _mark_at(line.end))


def _mark_at(character: int) -> Mark:
    return Mark("", character, 0, 0, None, 0)


def _without_field(marked: MarkedPlace) -> MarkedPlace:
    return marked._replace(place=marked.place._replace(field=""))
