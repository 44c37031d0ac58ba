"""Which image of a Dockerfile each marker is about: a comment speaks of what the instruction below it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfile_images import Asked, Image, found_image, found_part
from bot.manifests.dockerfile_values import Fragment, Value
from bot.manifests.holding import reference_in
from bot.manifests.markers import parse_marker, part_asked, without_part
from bot.manifests.occurrences import Part
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.texts import image_in, tag_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bot.manifests.dockerfile_lines import Line, Script
    from bot.manifests.dockerfile_values import Written
    from bot.manifests.occurrences import Found

_MARKS_NOTHING: Final = "the marker stands above nothing that could follow it"
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}(?![0-9a-f])")


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
        """Say what is asked of an image: by the nearest marker, and by others of its policy that are about parts."""
        markers = [marker for home in image.homes for marker in reversed(self._above.get(home, []))]
        if not markers:
            return Asked()
        policy = without_part(markers[0].text)
        mine = [marker for marker in markers if without_part(marker.text) == policy]
        self._used.update(mine)
        whole = [marker.text for marker in mine if part_asked(marker.text) is None]
        if whole:
            return Asked(whole[0])
        parts = frozenset(part for marker in mine if (part := part_asked(marker.text)))
        return Asked(mine[0].text if len(parts) == 1 else policy, parts)

    def marked(self, index: int, values: Sequence[Assigned]) -> list[Found]:
        """Find what a marker is about that stands above the one value of an instruction that is no image by itself."""
        markers = [marker for marker in reversed(self._above.get(index, [])) if marker not in self._used]
        if len(values) != 1 or not markers:
            return []
        found = self._found(values[0], markers[0].text)
        if found is None:
            return []
        self._used.add(markers[0])
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
        if "$" in written.text and not written.is_literal:
            return None
        part = part_asked(marker)
        image = image_in(written.text) if part is None else None
        if image:
            whole = Value((Fragment(written, *image),))
            return found_image(self._path, Image(value.field, value.stage, written, whole), Asked(marker))
        piece = _piece_in(written, part or Part.TAG)
        return found_part(self._path, value.field, value.stage, piece, marker) if piece else None


def _markers_in(comments: Iterable[Line]) -> list[_Marker]:
    texts = ((comment.number, parse_marker(comment.text.decode())) for comment in comments)
    return [_Marker(line, text) for line, text in texts if text is not None]


def _piece_in(written: Written, part: Part) -> tuple[Part, Fragment] | None:
    """Find a part of an image in a marked value."""
    place: tuple[int, int] | None
    match part:
        case Part.DIGEST:
            match = _DIGEST.search(written.text)
            place = match.span() if match else None
        case Part.NAME:
            place = _name_in(written.text)
        case _:
            place = tag_in(written.text)
    return (part, Fragment(written, *place)) if place else None


def _name_in(text: str) -> tuple[int, int] | None:
    reference = reference_in(text)
    if reference is None:
        return None
    name = text.partition("@")[0]
    return 0, len(name.removesuffix(f":{reference.tag}") if reference.tag else name)
