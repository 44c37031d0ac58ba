"""Which image each marker is about."""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Final

from bot.manifests.markers.comments import find_comments
from bot.manifests.markers.marked import MarkedPlace, Marking, Read
from bot.manifests.markers.marked_images import Mark, marked_image, unclear
from bot.manifests.markers.marked_values import MarkedValue, marked_values
from bot.manifests.markers.meant import Image, Nothing, Value
from bot.manifests.markers.outline import NOTHING, Outline
from bot.manifests.markers.subjects import Subjects
from bot.manifests.markers.syntax import MARKER_KEY, parse_marker
from bot.manifests.obstacles import TWO_MARKERS
from bot.manifests.places import Inside, Note
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.manifests.markers.comments import Comment
    from bot.manifests.places import Place

__all__ = ["MarkedPlace", "Marking", "Read", "mark"]

_ALMOST: Final = re.compile(rf'"{re.escape(MARKER_KEY)}"|{re.escape(MARKER_KEY)}\W?\s*:')
_NO_MARKER: Final = (
    'this looks like a marker and is none: write {"$imagepolicy": "namespace:name"} and nothing else in the comment'
)

_WITHIN_AND_BESIDE: Final = "markers stand in this text as well as beside it, and only those within it count"


def mark(text: str, documents: Sequence[Read]) -> list[Marking]:
    """Tell for each document of `text` which place each marker in it is about. The marks of nodes count in `text`.

    Time is linear in the text, whatever it holds. Raises Unreadable where merge keys are chained too deep.
    """
    return _Marker(text, documents).markings() if documents else []


class _Marker:
    """Goes through the comments of a text and keeps the markers by what they are about."""

    def __init__(self, text: str, documents: Sequence[Read]) -> None:
        self._documents = documents
        self._places = [place for document in documents for place in document.places]
        self._outline = Outline(documents)
        self._subjects = Subjects(text, self._outline, self._places)
        self._comments, self._blocks = find_comments(text, self._outline.leaves, self._outline.starts)
        self._holding_markers = frozenset(self._blocks)
        self._markers: dict[Value | Image, list[str]] = {}
        self._notes: list[list[Note]] = [[] for _ in documents]
        self._unclear: dict[int, str] = {}

    def markings(self) -> list[Marking]:
        """Give the places of each document with their markers."""
        for comment in self._comments:
            self._take(comment)
        marked = self._marked_places()
        inside: list[list[Inside]] = [[] for _ in self._documents]
        for number in self._blocks:
            leaf = self._outline.leaves[number]
            if isinstance(leaf.node, Scalar):
                held = Inside(self._outline.owner(leaf), self._outline.way(leaf), leaf.node)
                inside[leaf.document].append(held)
        return [
            Marking(tuple(places), tuple(notes), tuple(texts))
            for places, notes, texts in zip(marked, self._notes, inside, strict=True)
        ]

    def _take(self, comment: Comment) -> None:
        marker = parse_marker(comment.text)
        if marker is None:
            if _ALMOST.search(comment.text):
                self._take_broken(comment)
            return
        subject = self._subjects.of(comment)
        if isinstance(subject, Nothing):
            self._note(comment, subject.reason, subject.message)
            self._unclear.update((image, subject.message) for image in subject.images)
            return
        if isinstance(subject, Value) and subject.number in self._holding_markers:
            self._note(comment, SkipReason.MARKER_NOT_UNDERSTOOD, _WITHIN_AND_BESIDE)
            return
        if subject in self._markers:
            self._note(comment, TWO_MARKERS.reason, TWO_MARKERS.message)
        self._markers.setdefault(subject, []).append(marker)

    def _take_broken(self, comment: Comment) -> None:
        """Tell of a comment that should be a marker; an image beside it follows nobody until it is mended."""
        self._note(comment, SkipReason.MARKER_NOT_UNDERSTOOD, _NO_MARKER)
        if comment.text.strip().lstrip("#").lstrip().startswith("{"):
            subject = self._subjects.of(comment)
            place = None if isinstance(subject, Nothing) else self._subjects.place_of(subject)
            images = subject.images if isinstance(subject, Nothing) else {place} - {None}
            self._unclear.update((image, _NO_MARKER) for image in images if image is not None)

    def _note(self, comment: Comment, reason: SkipReason, message: str) -> None:
        document = 0 if comment.leaf == NOTHING else self._outline.leaves[comment.leaf].document
        self._notes[document].append(Note(comment.line, reason, message))

    def _marked_places(self) -> list[list[MarkedPlace]]:
        """Give every place with the markers about it, and what is one because it is marked."""
        marks: dict[int, list[Mark]] = {}
        values: list[MarkedValue] = []
        for subject, markers in self._markers.items():
            place = self._subjects.place_of(subject)
            if place is None:
                if len(markers) == 1:
                    values.append(MarkedValue(self._outline.leaves[subject.number], markers[0]))
            elif len(markers) > 1:
                self._unclear[place] = TWO_MARKERS.message
            else:
                marks.setdefault(place, []).append(Mark(markers[0], self._subjects.parts_at(subject)))
        numbers = count()
        found = [
            [_marked(place, next(numbers), marks, self._unclear) for place in document.places]
            for document in self._documents
        ]
        for document, marked in marked_values(values, self._outline):
            found[document].append(marked)
        return found


def _marked(
    place: Place, number: int, marks: Mapping[int, Sequence[Mark]], unclear_ones: Mapping[int, str]
) -> MarkedPlace:
    if number in unclear_ones:
        return unclear(place, unclear_ones[number])
    return marked_image(place, marks.get(number, ()))
