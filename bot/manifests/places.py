"""Where an image stands in a tree of YAML: what the finders of this room hand to the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from bot.manifests.occurrences import Obstacle, Part
    from bot.manifests.reasons import SkipReason
    from bot.manifests.tree import Alias, Scalar


class Owner(NamedTuple):
    """The object that an image belongs to; what the file does not say is ""."""

    kind: str = ""
    namespace: str = ""
    name: str = ""


class Piece(NamedTuple):
    """One part of an image, and where its text stands: in a scalar, or in the one that an alias stands for.

    `start` and `end` count characters of the scalar's text; `end` None is its end.
    """

    part: Part
    node: Scalar | Alias
    start: int = 0
    end: int | None = None


class Place(NamedTuple):
    """One image: a piece for the whole reference, or one for each part that stands apart.

    `field` is the way from the root of the document ("spec.template.spec.containers[0].image"), of a split image the
    way to what holds its parts. `obstacle` says why it is only reported and never edited.
    """

    owner: Owner
    container: str
    field: str
    pieces: tuple[Piece, ...]
    obstacle: Obstacle | None = None


class Note(NamedTuple):
    """Something where an image might stand and that is not read as one. `line` counts from 1 in the parsed text."""

    line: int
    reason: SkipReason
    message: str


class Inside(NamedTuple):
    """A scalar whose text is YAML of its own: a file in a ConfigMap, the values of a chart."""

    owner: Owner
    field: str
    node: Scalar


Finding: TypeAlias = Place | Note | Inside
