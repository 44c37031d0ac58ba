"""Values that are images only because they are marked: what stands in them, and the parts of one image together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import is_null, text_of
from bot.manifests.markers.marked import MarkedPlace
from bot.manifests.markers.marked_images import value_of
from bot.manifests.markers.outline import NOTHING
from bot.manifests.markers.syntax import part_asked, without_part
from bot.manifests.obstacles import DIGEST_BESIDE, NO_DIGEST, NO_TAG, NO_VERSION
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.places import Piece, Place
from bot.manifests.reasons import SkipReason
from bot.manifests.references import DIGEST, reference_in
from bot.manifests.texts import image_in, tag_in
from bot.manifests.tree import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.manifests.markers.outline import Leaf, Outline

_ORDER: Final = (Part.NAME, Part.TAG, Part.DIGEST)


class MarkedValue(NamedTuple):
    """A value that is part of no image that was found, and the marker beside it."""

    leaf: Leaf
    marker: str


class _Reading(NamedTuple):
    """What a marker asks for in a value, what stands there now, and what keeps it from being moved."""

    piece: Piece
    standing: str | None
    obstacle: Obstacle | None = None


def marked_values(values: Sequence[MarkedValue], outline: Outline) -> Iterator[tuple[int, MarkedPlace]]:
    """Make an image of each marked value, with the number of its document.

    Values of one mapping that ask for different parts for one policy are one image together.
    """
    groups: dict[tuple[int, str, bool], list[MarkedValue]] = {}
    for value in values:
        asks_for_part = part_asked(value.marker) is not None
        groups.setdefault((value.leaf.holder, without_part(value.marker), asks_for_part), []).append(value)
    for (holder, _, asks_for_part), group in groups.items():
        parts = {part_asked(value.marker) for value in group}
        is_in_mapping = holder != NOTHING and isinstance(outline.branches[holder].node, Mapping)
        if is_in_mapping and asks_for_part and 1 < len(group) == len(parts):
            yield group[0].leaf.document, _together(group, outline)
        else:
            yield from ((value.leaf.document, _alone(value, outline)) for value in group)


def _doubled(leaf: Leaf, outline: Outline) -> Obstacle | None:
    key = outline.doubled_key(leaf)
    return None if key is None else Obstacle(SkipReason.DUPLICATE_KEY, f"the key {key!r} stands twice in one mapping")


def _alone(value: MarkedValue, outline: Outline) -> MarkedPlace:
    reading = _read(value)
    leaf, asked = value.leaf, part_asked(value.marker)
    place = Place(
        outline.owner(leaf),
        outline.name_beside(leaf),
        outline.way(leaf),
        (reading.piece,),
        _doubled(leaf, outline) or reading.obstacle,
    )
    return MarkedPlace(place, value.marker, None if asked is None else frozenset({asked}), reading.standing)


def _together(group: Sequence[MarkedValue], outline: Outline) -> MarkedPlace:
    """Make one image of values for its parts, in the field of the mapping that holds them."""
    readings = sorted(map(_read, group), key=lambda reading: _ORDER.index(reading.piece.part))
    pieces = tuple(reading.piece for reading in readings)
    leaf = group[0].leaf
    place = Place(
        outline.owner(leaf),
        outline.name_beside(leaf),
        outline.way(outline.branches[leaf.holder]),
        pieces,
        _doubled(leaf, outline) or next((reading.obstacle for reading in readings if reading.obstacle), None),
    )
    standing = None if _is_repository(readings[0].piece) else "".join(reading.standing or "" for reading in readings)
    return MarkedPlace(place, without_part(group[0].marker), frozenset(piece.part for piece in pieces), standing)


def _read(value: MarkedValue) -> _Reading:
    asked = part_asked(value.marker)
    text = _text(value.leaf)
    if asked is Part.NAME:
        return _Reading(Piece(Part.NAME, value.leaf.node), "")
    if asked is Part.DIGEST:
        return _digest(value.leaf, text)
    image = image_in(text) if asked is None else None
    if image is not None:
        return _Reading(Piece(Part.WHOLE, value.leaf.node, *image), None)
    # Flux writes the whole image where no part is asked for: what is no image either has to be a version at least.
    return _tag(value.leaf, text, is_version=asked is None)


def _tag(leaf: Leaf, text: str, *, is_version: bool) -> _Reading:
    tag = tag_in(text, is_version=is_version)
    if tag is not None:
        obstacle = DIGEST_BESIDE if text.startswith("@", tag[1]) else None
        return _Reading(Piece(Part.TAG, leaf.node, *tag), text[tag[0] : tag[1]], obstacle)
    # The reader says of templates that they are some.
    obstacle = None if "{{" in text else NO_VERSION if text else NO_TAG
    return _Reading(Piece(Part.TAG, leaf.node), "", obstacle)


def _digest(leaf: Leaf, text: str) -> _Reading:
    digest = DIGEST.search(text)
    if digest is None:
        return _Reading(Piece(Part.DIGEST, leaf.node), "", NO_DIGEST)
    return _Reading(Piece(Part.DIGEST, leaf.node, *digest.span()), f"@{digest[0]}")


def _text(leaf: Leaf) -> str:
    """Give the text of a value without the line end of a block; "" for null."""
    return "" if is_null(leaf.node) else text_of(leaf.node).rstrip("\n")


def _is_repository(name: Piece) -> bool:
    """Whether a piece is the name of an image, so that the image can be told."""
    if name.part is not Part.NAME:
        return False
    reference = reference_in(value_of(name))
    return reference is not None and reference.tag is None and reference.digest is None
