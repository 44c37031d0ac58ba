"""Read a file: bytes in, the images in it out, each with the bytes it takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.manifests.dockerfile import read_dockerfile
from bot.manifests.documents import documents_in, is_worth_reading
from bot.manifests.holding import Surroundings, characters_of, hold
from bot.manifests.inner_text import inner_text
from bot.manifests.layouts import findings_in
from bot.manifests.markers import MARKER_KEY
from bot.manifests.marking import MarkedPlace, Marking, Read, mark
from bot.manifests.occurrences import Found, Obstacle
from bot.manifests.owners import owner_of
from bot.manifests.places import Inside, Note, Place
from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.scope import Format, format_of
from bot.manifests.source import Source
from bot.manifests.tree import Unreadable, grow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.manifests.occurrences import Occurrence
    from bot.manifests.source import Text
    from bot.manifests.tree import Node

_MARKER: Final = MARKER_KEY.encode()
_IN_TEXT: Final = Obstacle(
    SkipReason.TEXT_IN_TEXT, "it stands in a text inside of another one; only a marked line is edited there"
)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was read in one file: the images in the order of the file, and what could not be followed."""

    occurrences: tuple[Occurrence, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A file as the editor needs it: how each image is held, and the trees that were read."""

    found: tuple[Found, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    trees: tuple[Node | None, ...] = ()


def find_images(path: str, content: bytes) -> list[Occurrence]:
    """Every image in a file, in the order of the file; an empty list for a file that cannot be read.

    `read_manifest` tells the reasons as well.
    """
    return [found.occurrence for found in read(path, content).found]


def read_manifest(path: str, content: bytes) -> Manifest:
    """Every image in a file and the reason for each thing that was left out. Never raises for what a file holds."""
    reading = read(path, content)
    return Manifest(tuple(found.occurrence for found in reading.found), reading.skipped)


def read(path: str, content: bytes) -> Reading:
    """Read a file for the editor. Never raises for what a file holds."""
    try:
        source = Source(content)
        if format_of(path) is Format.DOCKERFILE:
            found, skipped = read_dockerfile(path, source)
            return Reading(tuple(found), tuple(skipped))
        return _File(path, source).read() if is_worth_reading(content) else Reading()
    except Unreadable as unreadable:
        told = _template(unreadable, content)
        return Reading(skipped=(Skipped(path, told.line, told.reason, told.message),))


def _template(unreadable: Unreadable, content: bytes) -> Unreadable:
    """Helm and other templates are not YAML, and nobody's mistake."""
    if unreadable.reason is SkipReason.BROKEN_YAML and b"{{" in content:
        return Unreadable(SkipReason.TEMPLATE, "the file is a template, not YAML", unreadable.line)
    return unreadable


class _File:
    """One file of YAML while it is read."""

    def __init__(self, path: str, source: Source) -> None:
        self._path = path
        self._source = source
        self._found: list[Found] = []
        self._skipped: list[Skipped] = []
        self._trees: list[Node | None] = []

    def read(self) -> Reading:
        for document in documents_in(self._source):
            if is_worth_reading(document.stretch.yaml):
                self._read_text(document.stretch, document.number)
        found = sorted(self._found, key=lambda each: each.occurrence.line)
        skipped = sorted(self._skipped, key=lambda each: each.line or 0)
        return Reading(tuple(found), tuple(skipped), tuple(self._trees))

    def _read_text(self, text: Text, number: int, around: Inside | None = None) -> None:
        """Read a text that is parsed by itself, and each text inside of it."""
        roots = list(self._grown(text))
        findings = [findings_in(root, self._path) for root in roots]
        read = [
            Read(root, owner_of(root), [each for each in found if isinstance(each, Place)])
            for root, found in zip(roots, findings, strict=True)
        ]
        markings = _marked(text, read)
        inside = [each for found in findings for each in found if isinstance(each, Inside)]
        self._note(text, (each for found in findings for each in found if isinstance(each, Note)))
        for index, marking in enumerate(markings):
            self._note(text, marking.notes)
            self._hold(text, marking.places, number + (0 if around else index), around)
        if around is None:
            self._trees += roots
            self._read_inside(text, number, [*inside, *(each for marking in markings for each in marking.inside)])

    def _grown(self, text: Text) -> Iterable[Node | None]:
        try:
            yield from grow(text.yaml)
        except Unreadable as unreadable:
            line = None if unreadable.line is None else text.line_in_file(unreadable.line)
            raise Unreadable(unreadable.reason, unreadable.message, line) from unreadable

    def _hold(self, text: Text, places: Sequence[MarkedPlace], number: int, around: Inside | None) -> None:
        if not places:
            return
        positions = text.positions(character for marked in places for character in characters_of(marked.place))
        surroundings = Surroundings(self._path, self._source.content, positions, number)
        self._found += [hold(marked if around is None else _within(marked, around), surroundings) for marked in places]

    def _note(self, text: Text, notes: Iterable[Note]) -> None:
        self._skipped += [
            Skipped(self._path, text.line_in_file(note.line), note.reason, note.message) for note in notes
        ]

    def _read_inside(self, text: Text, number: int, inside: Iterable[Inside]) -> None:
        """Read the texts that scalars hold; what is no YAML in there is nobody's fault."""
        for each in {id(each.node): each for each in inside}.values():
            inner = inner_text(each.node, text, self._source.content)
            if inner is not None and is_worth_reading(inner.yaml):
                try:
                    self._read_text(inner, number, each)
                except Unreadable as unreadable:
                    self._skipped.append(Skipped(self._path, unreadable.line, unreadable.reason, unreadable.message))


def _marked(text: Text, read: Sequence[Read]) -> list[Marking]:
    if _MARKER in text.yaml:
        return mark(text.yaml.decode(), read)
    return [Marking(tuple(MarkedPlace(place) for place in document.places)) for document in read]


def _within(marked: MarkedPlace, around: Inside) -> MarkedPlace:
    """Place what was found in a text into what holds that text. Only marked lines are edited there."""
    place = marked.place
    inner = place._replace(
        field=f"{around.field}: {place.field}",
        owner=place.owner if place.owner.kind else around.owner,
        obstacle=place.obstacle or (None if marked.marker is not None else _IN_TEXT),
    )
    return marked._replace(place=inner)
