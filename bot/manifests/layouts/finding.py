"""Find the images of one document by the layout that fits it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from bot.manifests.layouts.config_maps import holds_no_images
from bot.manifests.layouts.objects import objects_in
from bot.manifests.layouts.table import LAYOUTS
from bot.manifests.places import Note, Place
from bot.manifests.structure import images_below
from bot.manifests.tree import MOST_FINDINGS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.manifests.layouts.layout import Document
    from bot.manifests.places import Finding
    from bot.manifests.tree import Node


def findings_in(document: Node | None, path: str) -> list[Finding]:
    """Find the images in the root of one document of the file at `path`, in any order.

    Where no layout of the table fits, what looks like an image by its structure is one. Each value is found once,
    however many aliases and merge keys lead to it; an alias of a value is a place of its own.
    Raises Unreadable where a bound is passed.
    """
    found: list[Finding] = []
    for each in objects_in(document, path):
        if isinstance(each, Note):
            found.append(each)
        else:
            # One more than a file may hold: whoever reads the file refuses it then.
            found += islice(_images_of(each), MOST_FINDINGS + 1)
    return _once(found)


def _images_of(document: Document) -> Iterable[Finding]:
    for layout in LAYOUTS:
        if layout.fits(document):
            return layout.find(document)
    if holds_no_images(document):
        return ()
    return images_below(document.root, document.owner, document.way)


def _once(found: list[Finding]) -> list[Finding]:
    """Leave out what was found before: the same text as the same part of an image, the same note."""
    once: dict[object, Finding] = {}
    for each in found:
        once.setdefault(_identity(each), each)
    return list(once.values())


def _identity(found: Finding) -> object:
    if isinstance(found, Place):
        return tuple((id(piece.node), piece.part, piece.start) for piece in found.pieces)
    return found if isinstance(found, Note) else id(found.node)
