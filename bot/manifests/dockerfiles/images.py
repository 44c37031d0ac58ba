"""An image of a Dockerfile as an occurrence: where its name, tag and digest stand, also in different instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles.values import Fragment, Value
from bot.manifests.holding import LONGEST_NAME, LONGEST_TEXT, parts_of, written_as
from bot.manifests.obstacles import DIGEST_BESIDE, ESCAPED, NAME_OF_WHOLE, NO_DIGEST, NO_TAG, TEMPLATE
from bot.manifests.occurrences import Found, Held, Obstacle, Occurrence, Part
from bot.manifests.reasons import SkipReason
from bot.manifests.references import reference_in
from bot.manifests.targets import stands_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.images import ImageReference
    from bot.manifests.dockerfiles.values import Written

_KIND: Final = "Dockerfile"
_RANKS: Final = {part: rank for rank, part in enumerate((Part.WHOLE, Part.TAG, Part.DIGEST, Part.NAME, Part.REGISTRY))}
_PUT_TOGETHER: Final = Obstacle(SkipReason.TEMPLATE, "the image is put together from variables")
_NAMES: Final = frozenset({Part.NAME, Part.REGISTRY})
_OPAQUE: Final = frozenset({_PUT_TOGETHER, TEMPLATE})


class Image(NamedTuple):
    """An image that the file names: the way to it, the stage it belongs to, and what its value is made of.

    `written` is where it is asked for, `homes` are the instructions whose markers are about it, the nearest
    first.
    """

    field: str
    stage: str
    written: Written
    value: Value
    homes: tuple[int, ...] = ()


class Asked(NamedTuple):
    """What markers ask of an image: the policy, the parts that may be written (None: all), and what is wrong."""

    marker: str | None = None
    writable: frozenset[Part] | None = None
    obstacle: Obstacle | None = None


def found_image(path: str, image: Image, asked: Asked) -> Found:
    """Make the occurrence of an image."""
    text = image.value.text if image.value.is_known else image.written.text
    reference = reference_in(text) if image.value.is_known else None
    pieces, obstacle = _pieces(image, reference, asked)
    obstacle = obstacle or asked.obstacle
    held = _held(pieces, asked)
    names_image = asked.writable is not None and Part.NAME in asked.writable
    occurrence = Occurrence(
        path=path,
        reference=reference,
        text=text if reference else text[:LONGEST_TEXT],
        kind=_KIND,
        namespace="",
        name=image.stage[:LONGEST_NAME],
        container="",
        field=image.field,
        line=image.written.line if obstacle in _OPAQUE else _line(held, image.written),
        marker=asked.marker,
        parts={} if obstacle else parts_of(held, reference),
        obstacle=obstacle,
        standing=stands_at(reference) if names_image and reference else None,
    )
    return Found(occurrence, held)


def found_part(path: str, field: str, stage: str, piece: tuple[Part, Fragment], marker: str) -> Found:
    """Make the occurrence of a value that holds a part of an image only because it is marked."""
    part, fragment = piece
    written = fragment.written
    held = _held([piece], Asked(marker))
    obstacle = _value_obstacle([fragment])
    standing = {Part.TAG: fragment.text, Part.DIGEST: f"@{fragment.text}"}.get(part, "")
    occurrence = Occurrence(
        path=path,
        reference=None,
        text=written_as(held),
        kind=_KIND,
        namespace="",
        name=stage[:LONGEST_NAME],
        container="",
        field=field,
        line=written.line,
        marker=marker,
        parts={} if obstacle else parts_of(held, None),
        obstacle=obstacle,
        standing=standing,
    )
    return Found(occurrence, held)


def _pieces(
    image: Image, reference: ImageReference | None, asked: Asked
) -> tuple[Sequence[tuple[Part, Fragment]], Obstacle | None]:
    value = image.value
    if reference is None:
        return _unreadable(image, asked)
    if len(value.fragments) == 1 and asked.writable is None:
        return [(Part.WHOLE, value.fragments[0])], _value_obstacle(value.fragments)
    pieces = _apart(value, reference)
    if pieces is None:
        return _everything(value, reference), _PUT_TOGETHER
    return pieces, _value_obstacle(value.fragments) or _missing(pieces, asked)


def _unreadable(image: Image, asked: Asked) -> tuple[Sequence[tuple[Part, Fragment]], Obstacle | None]:
    """Hold what is no image reference as it stands, or not at all where variables make it."""
    pieces = _everything(image.value, None)
    if "{{" in image.written.text:
        return pieces, TEMPLATE
    if not image.value.is_known or image.value.text != image.written.text:
        return pieces, _PUT_TOGETHER
    if asked.writable is not None:
        return pieces, NO_TAG
    return [(Part.WHOLE, fragment) for _, fragment in pieces], _value_obstacle(image.value.fragments)


def _value_obstacle(fragments: Iterable[Fragment]) -> Obstacle | None:
    return ESCAPED if any(fragment.written.span is None for fragment in fragments) else None


def _missing(pieces: Sequence[tuple[Part, Fragment]], asked: Asked) -> Obstacle | None:
    """Say which part is asked for and is not there, or must not be left behind."""
    parts = {part for part, _ in pieces}
    if asked.writable is None:
        return None if parts & {Part.TAG, Part.DIGEST} else NO_TAG
    if not parts & asked.writable:
        return NO_TAG if Part.TAG in asked.writable else NO_DIGEST
    if asked.writable <= _NAMES and len({fragment.written for _, fragment in pieces}) == 1:
        return NAME_OF_WHOLE
    is_pinned = Part.TAG in asked.writable and Part.DIGEST in parts - asked.writable
    return DIGEST_BESIDE if is_pinned else None


def _everything(value: Value, reference: ImageReference | None) -> list[tuple[Part, Fragment]]:
    """List what an image is made of that cannot be edited, so that nobody edits it for another image either."""
    name_end = len(_name(value.text, reference)) if reference else 0
    pieces: list[tuple[Part, Fragment]] = []
    at = 0
    for fragment in value.fragments:
        pieces.append((Part.NAME if at < name_end else Part.TAG, fragment))
        at += len(fragment.text)
    return pieces


def _apart(value: Value, reference: ImageReference) -> list[tuple[Part, Fragment]] | None:
    """Find the parts of an image that stand apart; None where one of them is itself put together."""
    text = value.text
    name_end = len(_name(text, reference))
    ranges: list[tuple[Part, int, int]] = [(Part.NAME, 0, name_end)]
    if reference.tag:
        ranges.append((Part.TAG, name_end + 1, name_end + 1 + len(reference.tag)))
    if reference.digest:
        ranges.append((Part.DIGEST, len(text) - len(reference.digest), len(text)))
    pieces: list[tuple[Part, Fragment]] = []
    for part, start, end in ranges:
        fragment = _cut(value, start, end)
        if fragment is not None:
            pieces.append((part, fragment))
        elif part is Part.NAME and (names := _registry_and_name(value, end)):
            pieces += names
        else:
            return None
    return pieces


def _registry_and_name(value: Value, end: int) -> list[tuple[Part, Fragment]]:
    """Cut a name in two where it is put together at a slash: the registry, maybe with a path, and the repository."""
    text = value.text
    first = len(value.fragments[0].text)
    for slash in (first - 1, first):
        registry, name = _cut(value, 0, slash), _cut(value, slash + 1, end)
        if text[slash] == "/" and registry and name:
            return [(Part.REGISTRY, registry), (Part.NAME, name)]
    return []


def _cut(value: Value, start: int, end: int) -> Fragment | None:
    """Give some characters of a value, if they stand together in the file."""
    at = 0
    for fragment in value.fragments:
        length = len(fragment.text)
        if at <= start < end <= at + length:
            begin = fragment.start - at
            return Fragment(fragment.written, begin + start, begin + end)
        at += length
    return None


def _name(text: str, reference: ImageReference) -> str:
    name = text.partition("@")[0]
    return name.removesuffix(f":{reference.tag}") if reference.tag else name


def _held(pieces: Sequence[tuple[Part, Fragment]], asked: Asked) -> tuple[Held, ...]:
    return tuple(
        Held(
            part=part,
            text=fragment.written.text,
            start=fragment.start,
            end=fragment.end,
            span=fragment.written.span,
            line=fragment.written.line,
            is_writable=asked.writable is None or part in asked.writable,
        )
        for part, fragment in pieces
    )


def _line(held: Sequence[Held], written: Written) -> int:
    """Tell the line of the tag, or of the first part that stands where none is written."""
    return min(held, key=lambda each: _RANKS[each.part]).line if held else written.line
