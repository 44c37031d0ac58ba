"""Read a file: bytes in, the images in it out, each with the bytes it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import ImageReference, InvalidImageReference
from bot.manifests.markers import marker_after, may_hold_markers
from bot.manifests.occurrences import Obstacle, Occurrence, Part, Span
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.source import Position, Source
from bot.manifests.tree import Alias, Scalar, Unreadable, grow
from bot.manifests.workloads import Note, Place, places_in

if TYPE_CHECKING:
    from collections.abc import Sequence

_MUST_HOLD: Final = b"image"
_STRING_TAGS: Final = frozenset({None, "!", "tag:yaml.org,2002:str"})
_BLOCK_STYLES: Final = frozenset({"|", ">"})
_BLOCK = Obstacle(SkipReason.BLOCK_SCALAR, "the value is a block of text and is not edited")
_TAGGED = Obstacle(SkipReason.TAGGED, "the value carries a YAML tag that is not known here")
_ESCAPED = Obstacle(SkipReason.ESCAPED, "the value is written with escapes or over several lines, not as it reads")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was read in one file: the images in the order of the file, and what could not be followed."""

    occurrences: tuple[Occurrence, ...] = ()
    skipped: tuple[Skipped, ...] = ()


def find_images(path: str, content: bytes) -> list[Occurrence]:
    """Every image in a file, in the order of the file; an empty list for a file that cannot be read.

    `read_manifest` tells the reasons as well.
    """
    return list(read_manifest(path, content).occurrences)


def read_manifest(path: str, content: bytes) -> Manifest:
    """Every image in a file and the reason for each thing that was left out. Never raises for what a file holds."""
    try:
        source = Source(content)
        return _read(path, source) if _MUST_HOLD in content else Manifest()
    except Unreadable as unreadable:
        return Manifest(skipped=(Skipped(path, unreadable.line, unreadable.reason, unreadable.message),))


def _read(path: str, source: Source) -> Manifest:
    places: list[tuple[int, Place]] = []
    notes: list[Note] = []
    try:
        for number, root in enumerate(grow(source.yaml)):
            for item in places_in(root):
                if isinstance(item, Place):
                    places.append((number, item))
                else:
                    notes.append(item)
    except Unreadable as unreadable:
        raise _template(unreadable, source) from unreadable
    skipped = tuple(Skipped(path, note.line, note.reason, note.message) for note in sorted(notes))
    return Manifest(_occurrences(path, source, places), skipped)


def _template(unreadable: Unreadable, source: Source) -> Unreadable:
    """Helm and other templates are not YAML, and nobody's mistake."""
    if unreadable.reason is SkipReason.BROKEN_YAML and b"{{" in source.content:
        return Unreadable(SkipReason.TEMPLATE, "the file is a template, not YAML", unreadable.line)
    return unreadable


def _occurrences(path: str, source: Source, places: Sequence[tuple[int, Place]]) -> tuple[Occurrence, ...]:
    ends = [_end(place.node) for _, place in places]
    anchors = [_end(place.node.target) for _, place in places if isinstance(place.node, Alias)]
    positions = source.positions(ends + anchors)
    marked = may_hold_markers(source.content)
    found = [_occurrence(path, source.content, numbered, positions, marked=marked) for numbered in places]
    return tuple(occurrence for _, occurrence in sorted(zip(ends, found, strict=True), key=lambda pair: pair[0]))


def _end(node: object) -> int:
    assert isinstance(node, Scalar | Alias)
    assert node.end_mark is not None
    return int(node.end_mark.index)


def _occurrence(
    path: str, content: bytes, numbered: tuple[int, Place], positions: dict[int, Position], *, marked: bool
) -> Occurrence:
    document, place = numbered
    node = place.node
    scalar = node.target if isinstance(node, Alias) else node
    assert isinstance(scalar, Scalar)
    text = str(scalar.value)
    reference = _reference(text.rstrip("\n") if scalar.style in _BLOCK_STYLES else text)
    end, line = positions[_end(node)]
    value = _value_span(content, scalar, positions[_end(scalar)].byte)
    obstacle = _obstacle(node, scalar, value, positions)
    return Occurrence(
        path=path,
        reference=reference,
        text=text,
        kind=place.kind,
        namespace=place.namespace,
        name=place.name,
        container=place.container,
        field=place.field,
        line=line,
        marker=marker_after(content, end) if marked else None,
        parts={} if obstacle or value is None else _parts(value, reference),
        document=document,
        obstacle=obstacle,
        anchor=value if isinstance(node, Alias) else None,
    )


def _obstacle(
    node: Scalar | Alias, scalar: Scalar, value: Span | None, positions: dict[int, Position]
) -> Obstacle | None:
    if isinstance(node, Alias):
        line = positions[_end(scalar)].line
        return Obstacle(SkipReason.ALIAS, f"the value is an alias of line {line}; only that place can be edited")
    if scalar.style in _BLOCK_STYLES:
        return _BLOCK
    if scalar.tag not in _STRING_TAGS:
        return _TAGGED
    return _ESCAPED if value is None else None


def _value_span(content: bytes, scalar: Scalar, end: int) -> Span | None:
    """Give the bytes of the value without its quotes, or None when they are not the value's text as it is.

    Counted from the end, because the start mark of a scalar lies before its anchor and its tag.
    """
    if scalar.style in _BLOCK_STYLES:
        return None
    quote = (scalar.style or "").encode()
    value = str(scalar.value).encode()
    span = Span(end - len(quote) - len(value), end - len(quote))
    written = content[span.start - len(quote) : end]
    return span if written == quote + value + quote else None


def _reference(text: str) -> ImageReference | None:
    try:
        return ImageReference.parse(text)
    except InvalidImageReference:
        return None


def _parts(value: Span, reference: ImageReference | None) -> dict[Part, Span]:
    """Cut the value into name, tag and digest. A reference is ASCII, so that characters are bytes."""
    parts = {Part.WHOLE: value}
    if reference is None:
        return parts
    end = value.end
    if reference.digest:
        parts[Part.DIGEST] = Span(end - len(reference.digest), end)
        end -= len(reference.digest) + 1
    if reference.tag:
        parts[Part.TAG] = Span(end - len(reference.tag), end)
        end -= len(reference.tag) + 1
    parts[Part.NAME] = Span(value.start, end)
    return parts
