"""From the values at an image's place to a place, or to a note that says why they are not read as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from bot.manifests.fields import fields, followed, is_null, line_of
from bot.manifests.layouts.walking import doubled, walk
from bot.manifests.occurrences import Part
from bot.manifests.places import Inside, Note, Piece, Place
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import TypeAlias

    from bot.manifests.layouts.layout import Document
    from bot.manifests.layouts.walking import Steps
    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node

    Finder: TypeAlias = Callable[[Node, Owner, str], Iterator[Finding]]


def found_along(document: Document, rules: Sequence[tuple[Steps, Finder]]) -> Iterator[Finding]:
    """Walk each way from the root of a document and give what its finder finds at its ends.

    A finder takes the node, the object that it belongs to and its way in the file. What merge keys, aliases and ways
    that have something in common lead to more than once may come more than once.
    """
    for steps, finder in rules:
        reached, notes = walk(document.root, steps, document.way)
        yield from notes
        for each in reached:
            yield from finder(each.node, document.owner, each.way)


def whole(node: Node, owner: Owner, field: str, *, container: str = "", start: int = 0) -> Place | Note:
    """Make the place of a reference that stands in one value, from its character `start` on."""
    if not is_text(node):
        return unread(node, "image")
    return Place(owner, container, field, (Piece(Part.WHOLE, node, start),))


def split(parts: Iterable[tuple[Part, str, Node]], owner: Owner, field: str) -> Place | Note:
    """Make the place of an image whose parts stand apart: each part, the name of its key and its value."""
    pieces: list[Piece] = []
    for part, key, node in parts:
        if not is_text(node):
            return unread(node, key)
        pieces.append(Piece(part, node))
    return Place(owner, "", field, tuple(pieces))


def texts_inside(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Give a value of several lines as a text that is YAML of its own."""
    scalar = followed(node)
    if isinstance(scalar, Scalar) and "\n" in scalar.value:
        yield Inside(owner, way, scalar)


def doubled_among(mapping: Mapping, keys: Iterable[str]) -> Iterator[Note]:
    """Note each of the keys that stands twice in a mapping."""
    twice = fields(mapping).twice
    return (doubled(key, twice[key]) for key in keys if key in twice)


def is_text(node: Node | None) -> TypeGuard[Scalar | Alias]:
    """Whether a value is a scalar, or an alias of one."""
    return isinstance(followed(node), Scalar)


def is_empty(node: Node | None) -> bool:
    """Whether a value is not there, empty or null."""
    scalar = followed(node)
    if not isinstance(scalar, Scalar):
        return scalar is None
    return not scalar.value or is_null(scalar)


def is_template(node: Node | None) -> bool:
    """Whether a value is an unquoted `{{ ... }}`, which reads as a mapping whose key is a mapping."""
    mapping = followed(node)
    return isinstance(mapping, Mapping) and bool(mapping.children) and isinstance(mapping.children[0], Mapping)


def unread(node: Node, name: str) -> Note:
    """Note a value at an image's place that is no text; `name` is what its key calls it."""
    if is_template(node):
        return Note(line_of(node), SkipReason.TEMPLATE, f"the {name} here is a template, not a text")
    return Note(line_of(node), SkipReason.NOT_A_TEXT, f"the {name} here is not a text")
