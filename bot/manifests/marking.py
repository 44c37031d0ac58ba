"""Which image each marker is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bot.manifests.places import Inside, Note, Owner, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manifests.occurrences import Part
    from bot.manifests.tree import Node


class MarkedPlace(NamedTuple):
    """A place and the marker that is about it. `writable`: the parts that the marker asks for, None for all.

    `standing` is what a marked value without an image's name stands at, as `stands_at` writes it.
    """

    place: Place
    marker: str | None = None
    writable: frozenset[Part] | None = None
    standing: str | None = None


class Marking(NamedTuple):
    """Every place of a document with its marker, also values that are places only because they are marked.

    `inside` are the block scalars in whose text markers stand.
    """

    places: tuple[MarkedPlace, ...]
    notes: tuple[Note, ...] = ()
    inside: tuple[Inside, ...] = ()


class Read(NamedTuple):
    """A document as it was read: its root, who owns what stands in it, and the places found in it."""

    root: Node | None
    owner: Owner
    places: Sequence[Place]


def mark(text: str, documents: Sequence[Read]) -> list[Marking]:
    """Tell for each document of `text` which place each marker in it is about. The marks of nodes count in `text`."""
    return [Marking(tuple(MarkedPlace(place) for place in document.places)) for document in documents]
