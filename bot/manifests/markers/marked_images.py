"""Images beside which markers stand: the policy that they name together, and the parts that may be written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import text_of
from bot.manifests.markers.marked import MarkedPlace
from bot.manifests.markers.syntax import part_asked, without_part
from bot.manifests.obstacles import DIFFERENT_POLICIES, DIGEST_BESIDE, NAME_OF_WHOLE, NO_DIGEST, NO_TAG, NO_VERSION
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.places import Piece
from bot.manifests.reasons import SkipReason
from bot.manifests.references import cut, reference_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.manifests.places import Place

_WRONG_PART: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "the marker asks for another part of the image than it stands beside"
)
_NAMES: Final = frozenset({Part.NAME, Part.REGISTRY})


class Mark(NamedTuple):
    """A marker that is about an image. `parts` are those in the value that it stands beside, None for the image."""

    marker: str
    parts: frozenset[Part] | None = None


def unclear(place: Place, message: str) -> MarkedPlace:
    """Give an image of which markers do not tell what it follows: it follows nobody and is not edited."""
    return MarkedPlace(_hindered(place, Obstacle(SkipReason.MARKER_NOT_UNDERSTOOD, message)))


def marked_image(place: Place, marks: Sequence[Mark]) -> MarkedPlace:
    """Tell what an image follows by the markers that are about it: none, one, or some for its parts."""
    if not marks:
        return MarkedPlace(place)
    if len({without_part(mark.marker) for mark in marks}) > 1:
        return MarkedPlace(_hindered(place, DIFFERENT_POLICIES), marks[0].marker)
    if any(piece.part is Part.WHOLE for piece in place.pieces):
        return _whole(place, marks[0].marker)
    return _split(place, marks)


def value_of(piece: Piece) -> str:
    """Give the text of a piece."""
    return text_of(piece.node)[piece.start : piece.end].rstrip("\n")


def _whole(place: Place, marker: str) -> MarkedPlace:
    """Cut a whole image into its parts where the marker asks for one of them."""
    asked = part_asked(marker)
    if asked is None:
        return MarkedPlace(place, marker)
    if asked is Part.NAME:
        return MarkedPlace(_hindered(place, NAME_OF_WHOLE), marker)
    pieces = tuple(_cut(place.pieces[0]))
    parts = {piece.part for piece in pieces}
    if not pieces:
        hindered = place if "{{" in value_of(place.pieces[0]) else _hindered(place, NO_VERSION)
        return MarkedPlace(hindered, marker)
    place = place._replace(pieces=pieces)
    if asked not in parts:
        place = _hindered(place, NO_TAG if asked is Part.TAG else NO_DIGEST)
    elif asked is Part.TAG and Part.DIGEST in parts:
        place = _hindered(place, DIGEST_BESIDE)
    return MarkedPlace(place, marker, frozenset({asked}))


def _cut(whole: Piece) -> Iterator[Piece]:
    """Cut a whole reference into name, tag and digest; nothing where it is none."""
    reference = reference_in(value_of(whole))
    if reference is not None:
        for part, start, end in cut(reference):
            yield Piece(part, whole.node, whole.start + start, whole.start + end)


def _split(place: Place, marks: Sequence[Mark]) -> MarkedPlace:
    """Tell which parts of an image whose parts stand apart are marked. A marker for no part is about all of them."""
    policy = without_part(marks[0].marker)
    if any(part_asked(mark.marker) is None for mark in marks):
        return MarkedPlace(place, policy)
    here = frozenset(piece.part for piece in place.pieces)
    marked: set[Part] = set()
    for mark in marks:
        parts = _meant(mark, here)
        if not parts:
            return MarkedPlace(_hindered(place, _WRONG_PART), mark.marker)
        marked |= parts
    is_pinned = any(piece.part is Part.DIGEST and value_of(piece) for piece in place.pieces)
    if Part.TAG in marked and Part.DIGEST not in marked and is_pinned:
        place = _hindered(place, DIGEST_BESIDE)
    return MarkedPlace(place, marks[0].marker if len(marks) == 1 else policy, frozenset(marked))


def _meant(mark: Mark, here: frozenset[Part]) -> frozenset[Part]:
    """Tell the parts that a marker asks for among those that it stands beside."""
    asked = part_asked(mark.marker)
    beside = here if mark.parts is None else mark.parts
    return beside & (_NAMES if asked is Part.NAME else frozenset({asked}))


def _hindered(place: Place, obstacle: Obstacle) -> Place:
    return place._replace(obstacle=place.obstacle or obstacle)
