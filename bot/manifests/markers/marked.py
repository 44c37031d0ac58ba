"""What is known of the places of a document once its markers were read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.manifests.occurrences import Part
    from bot.manifests.places import Inside, Note, Owner, Place
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
