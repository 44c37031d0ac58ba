"""Read a file: bytes in, the images in it out, each with the bytes it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.dockerfiles import read_dockerfile
from bot.manifests.documents import documents_in, is_worth_reading
from bot.manifests.fields import line_of
from bot.manifests.holding import Surroundings, characters_of, hold
from bot.manifests.inner_text import Unplaced, inner_texts
from bot.manifests.layouts import findings_in
from bot.manifests.markers.marked_lines import mark_lines
from bot.manifests.markers.marking import MarkedPlace, Marking, Read, mark
from bot.manifests.markers.syntax import MARKER_KEY
from bot.manifests.occurrences import Found, Obstacle
from bot.manifests.owners import owner_of
from bot.manifests.parsing import roots_of, skipped_for
from bot.manifests.places import Inside, Note, Place
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import Format, format_of
from bot.manifests.sharing import without_shared
from bot.manifests.source import Source
from bot.manifests.tree import Budget, Mapping, Sequence, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Sequence as Several

    from bot.manifests.occurrences import Occurrence
    from bot.manifests.source import Stretch, Text
    from bot.manifests.tree import Node

_NAMES_OF_YAML: Final = ('.yaml"]', '.yml"]', '.json"]')
_MARKER: Final = MARKER_KEY.encode()
_IN_TEXT: Final = Obstacle(
    SkipReason.TEXT_IN_TEXT, "it stands in a text inside of another one; only a marked line is edited there"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was read in one file: the images in the order of the file, and what could not be followed."""

    occurrences: tuple[Occurrence, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class ReadDocument(NamedTuple):
    """Documents of a file that were parsed together: where they stand, the first one's number, from 0, and each root.

    It is one document, but where several could not be cut apart for certain.
    """

    stretch: Stretch
    number: int
    roots: Several[Node | None]


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as the editor needs it: how each image is held, and the trees that were read.

    `trees` are all of them, also of texts in texts; `documents` are those of the file itself.
    """

    found: tuple[Found, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    trees: tuple[Node | None, ...] = ()
    documents: tuple[ReadDocument, ...] = ()


def find_images(path: str, content: bytes) -> list[Occurrence]:
    """Every image in a file, in the order of the file; an empty list for a file that cannot be read.

    `read_manifest` tells the reasons as well.
    """
    return [found.occurrence for found in read(path, content).found]


def read_manifest(path: str, content: bytes) -> Manifest:
    """Every image in a file and the reason for each thing that was left out. Never raises for what a file holds."""
    reading = read(path, content)
    return Manifest(tuple(found.occurrence for found in reading.found), reading.skipped)


def read(path: str, content: bytes, is_wanted: Callable[[bytes], bool] = is_worth_reading) -> Reading:
    """Read a file for the editor. Never raises for what a file holds.

    `is_wanted` tells by their bytes which texts are worth parsing; it has to want all that may hold an image.
    """
    try:
        source = Source(content)
        if format_of(path) is Format.DOCKERFILE:
            found, skipped = read_dockerfile(path, source)
            return Reading(tuple(found), tuple(skipped))
        return _File(path, source, is_wanted).read() if is_wanted(content) else Reading()
    except Unreadable as unreadable:
        return Reading(skipped=(skipped_for(path, content, unreadable),))


class _File:
    """One file of YAML while it is read."""

    def __init__(self, path: str, source: Source, is_wanted: Callable[[bytes], bool]) -> None:
        self._path = path
        self._source = source
        self._is_wanted = is_wanted
        self._documents: list[ReadDocument] = []
        self._found: list[Found] = []
        self._skipped: list[Skipped] = []
        self._trees: list[Node | None] = []
        self._budget = Budget()
        self._budget_inside = Budget()

    def read(self) -> Reading:
        for document in documents_in(self._source):
            if self._is_wanted(document.stretch.yaml):
                roots = roots_of(document.stretch, self._budget)
                self._documents.append(ReadDocument(document.stretch, document.number, roots))
                self._read_roots(document.stretch, roots, document.number)
        found = sorted(self._found, key=_in_order)
        skipped = sorted(self._skipped, key=lambda each: each.line or 0)
        return Reading(tuple(found), tuple(skipped), tuple(self._trees), tuple(self._documents))

    def _read_roots(self, text: Text, roots: Several[Node | None], number: int, around: Inside | None = None) -> None:
        """Find what stands in documents: the first has this number, or all are the text that `around` holds."""
        findings = [findings_in(root, self._path) for root in roots]
        read = [
            Read(root, owner_of(root), [each for each in found if isinstance(each, Place)])
            for root, found in zip(roots, findings, strict=True)
        ]
        held: list[tuple[MarkedPlace, int]] = []
        inside: dict[int, tuple[Inside, int]] = {}
        for index, (marking, found) in enumerate(zip(self._marked(text, read), findings, strict=True)):
            document = number if around else number + index
            self._note(text, (*(each for each in found if isinstance(each, Note)), *marking.notes))
            held += [(each, document) for each in without_shared(roots[index], marking.places)]
            texts = (*(each for each in found if isinstance(each, Inside)), *marking.inside)
            inside |= {id(each.node): (each, document) for each in texts}
        self._trees += roots
        self._hold(text, held, around)
        # What is an image itself, or stands in a text already, is not taken apart again.
        closed = inside if around else {id(piece.node) for each, _ in held for piece in each.place.pieces}
        self._note(text, _marked_in_vain(each for node, (each, _) in inside.items() if node in closed))
        self._read_inside(text, [each for node, each in inside.items() if node not in closed])

    def _hold(self, text: Text, places: Several[tuple[MarkedPlace, int]], around: Inside | None) -> None:
        """Make occurrences of places, each with the number of its document."""
        if not places:
            return
        self._budget.find(len(places))
        positions = text.positions(character for marked, _ in places for character in characters_of(marked.place))
        surroundings = Surroundings(self._path, self._source.content, positions)
        for marked, document in places:
            is_line = marked.marker is not None and not isinstance(text, Unplaced)
            placed = marked if around is None else _within(marked, around, is_marked_line=is_line)
            self._found.append(hold(placed, document, surroundings))

    def _marked(self, text: Text, read: Several[Read]) -> list[Marking]:
        markers = text.yaml.count(_MARKER)
        if markers:
            self._budget.find(markers)
            return mark(text.yaml.decode(), read)
        return [Marking(tuple(MarkedPlace(place) for place in document.places)) for document in read]

    def _note(self, text: Text, notes: Iterable[Note]) -> None:
        told = [Skipped(self._path, text.line_in_file(note.line), note.reason, note.message) for note in notes]
        self._budget.find(len(told))
        self._skipped += told

    def _read_inside(self, text: Text, inside: Several[tuple[Inside, int]]) -> None:
        """Read the texts that scalars hold, each in the document of this number."""
        self._budget.find(len(inside))
        scalars = [each.node for each, _ in inside]
        for (each, document), inner in zip(inside, inner_texts(scalars, text, self._source.content), strict=True):
            if inner is None:
                self._note(text, _marked_in_vain([each]))
                self._read_inner(Unplaced(each.node, text), document, each)
            else:
                self._read_inner(inner, document, each)

    def _read_inner(self, inner: Text, document: int, around: Inside) -> None:
        """Read a text in a text: as YAML where it has fields or items, else only its marked lines."""
        if not is_worth_reading(inner.yaml):
            return
        roots = self._grown_inside(inner, around)
        if any(isinstance(root, Mapping | Sequence) for root in roots):
            self._read_roots(inner, roots, document, around)
        elif _MARKER in inner.yaml and not isinstance(inner, Unplaced):
            self._budget.find(inner.yaml.count(_MARKER))
            marking = mark_lines(inner, around.owner)
            self._note(inner, marking.notes)
            self._hold(inner, [(each, document) for each in marking.places], around)

    def _grown_inside(self, inner: Text, around: Inside) -> list[Node | None]:
        """Parse a text in a text; nothing where it is no YAML, which is only told where its name says that it is."""
        try:
            return roots_of(inner, self._budget_inside)
        except Unreadable as unreadable:
            if around.field.endswith(_NAMES_OF_YAML):
                self._skipped.append(skipped_for(self._path, inner.yaml, unreadable))
            return []


def _in_order(found: Found) -> tuple[int, int]:
    """Sort by the line and, where a line holds several images, by the first byte of their values."""
    return found.occurrence.line, min((held.span.start for held in found.held if held.span is not None), default=0)


def _marked_in_vain(inside: Iterable[Inside]) -> Iterable[Note]:
    message = "markers in a text are followed only in a literal block (`|`) that does not stand in a text itself"
    for each in inside:
        if MARKER_KEY in each.node.value:
            yield Note(line_of(each.node), SkipReason.TEXT_IN_TEXT, message)


def _within(marked: MarkedPlace, around: Inside, *, is_marked_line: bool) -> MarkedPlace:
    """Place what was found in a text into what holds that text. Only marked lines are edited there."""
    place = marked.place
    inner = place._replace(
        field=f"{around.field}: {place.field}" if place.field else around.field,
        owner=place.owner if place.owner.kind else around.owner,
        obstacle=place.obstacle or (None if is_marked_line else _IN_TEXT),
    )
    return marked._replace(place=inner)
