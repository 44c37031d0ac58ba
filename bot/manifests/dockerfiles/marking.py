"""Which image of a Dockerfile each marker is about: a comment speaks of what the instruction below it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles.images import Asked, Image, found_image, found_part
from bot.manifests.dockerfiles.values import LONGEST_VALUE, Fragment, Value
from bot.manifests.markers.syntax import parse_marker, part_asked, without_part
from bot.manifests.obstacles import TWO_MARKERS
from bot.manifests.occurrences import Obstacle, Part
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.references import DIGEST, reference_in
from bot.manifests.texts import image_in, tag_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.manifests.dockerfiles.lines import Line, Script
    from bot.manifests.dockerfiles.values import Written
    from bot.manifests.occurrences import Found

_MARKS_NOTHING: Final = "the marker stands above nothing that could follow it"
_DIFFERENT_POLICIES: Final = Obstacle(
    SkipReason.MARKER_NOT_UNDERSTOOD, "the markers of this image and of its parts name different policies"
)


class Assigned(NamedTuple):
    """A value that ARG or ENV gives to a name. `field` tells both, `stage` the build stage."""

    field: str
    stage: str
    written: Written


class _Marker(NamedTuple):
    line: int
    text: str


def follow(
    path: str, script: Script, images: Iterable[Image], assigned: Mapping[int, Sequence[Assigned]]
) -> tuple[list[Found], list[Skipped]]:
    """Make the occurrences of the images of a file, and of the values that are marked; and tell of idle markers.

    `assigned` are the values of the instructions that have comments, by the index of the instruction.
    """
    marking = _Marking(path, script)
    found = [found_image(path, image, marking.asked_of(image)) for image in images]
    for index, values in assigned.items():
        found += marking.marked(index, values)
    return found, marking.idle()


class _Marking:
    """The markers of a file, by the instruction that they stand above; and which of them were of use."""

    def __init__(self, path: str, script: Script) -> None:
        self._path = path
        self._above = {
            index: markers
            for index, instruction in enumerate(script.instructions)
            if (markers := _markers_in(instruction.comments))
        }
        self._loose = _markers_in(script.loose)
        self._used: set[_Marker] = set()

    def asked_of(self, image: Image) -> Asked:
        """Say what the markers above an image and above its parts ask for together."""
        above = [self._above[home] for home in image.homes if home in self._above]
        markers = [marker for each in above for marker in each]
        self._used.update(markers)
        if not markers:
            return Asked()
        if len(markers) > len(above):
            return Asked(obstacle=TWO_MARKERS)
        policy = without_part(markers[0].text)
        if any(without_part(marker.text) != policy for marker in markers):
            return Asked(obstacle=_DIFFERENT_POLICIES)
        parts = frozenset(part_asked(marker.text) for marker in markers)
        if None in parts:
            return Asked(policy)
        named = {Part.REGISTRY} if Part.NAME in parts else set[Part]()
        writable = frozenset(part for part in parts if part) | named
        return Asked(markers[0].text if len(parts) == 1 else policy, writable)

    def marked(self, index: int, values: Sequence[Assigned]) -> list[Found]:
        """Find what a marker is about that stands above the one value of an instruction that is no image by itself."""
        markers = [marker for marker in self._above.get(index, []) if marker not in self._used]
        if len(values) != 1 or len(markers) != 1:
            return []
        found = self._found(values[0], markers[0].text)
        if found is None:
            return []
        self._used.update(markers)
        return [found]

    def idle(self) -> list[Skipped]:
        """Tell of the markers that are about nothing."""
        above = [marker for markers in self._above.values() for marker in markers if marker not in self._used]
        return [
            Skipped(self._path, marker.line, SkipReason.MARKS_NOTHING, _MARKS_NOTHING)
            for marker in (*above, *self._loose)
        ]

    def _found(self, value: Assigned, marker: str) -> Found | None:
        written = value.written
        if len(written.text) > LONGEST_VALUE or ("$" in written.text and not written.is_literal):
            return None
        part = part_asked(marker)
        if DIGEST.fullmatch(written.text) and part is not Part.DIGEST:
            return None
        image = image_in(written.text) if part is None else None
        if image:
            whole = Value((Fragment(written, *image),))
            return found_image(self._path, Image(value.field, value.stage, written, whole), Asked(marker))
        piece = _piece_in(written, part)
        return found_part(self._path, value.field, value.stage, piece, marker) if piece else None


def _markers_in(comments: Iterable[Line]) -> list[_Marker]:
    texts = ((comment.number, parse_marker(comment.text.decode())) for comment in comments)
    return [_Marker(line, text) for line, text in texts if text is not None]


def _piece_in(written: Written, part: Part | None) -> tuple[Part, Fragment] | None:
    """Find a part of an image in a marked value; where the marker asks for none, the version in it."""
    place: tuple[int, int] | None
    match part:
        case Part.DIGEST:
            match = DIGEST.search(written.text)
            place = match.span() if match else None
        case Part.NAME:
            place = _name_in(written.text)
        case _:
            place = tag_in(written.text, is_version=part is None)
    return (part or Part.TAG, Fragment(written, *place)) if place else None


def _name_in(text: str) -> tuple[int, int] | None:
    reference = reference_in(text)
    if reference is None:
        return None
    name = text.partition("@")[0]
    return 0, len(name.removesuffix(f":{reference.tag}") if reference.tag else name)
