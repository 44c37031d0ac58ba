"""Find the images of one document by the layout that fits it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.manifests.occurrences import Part
from bot.manifests.places import Owner, Piece, Place
from bot.manifests.workloads import places_in

if TYPE_CHECKING:
    from bot.manifests.places import Finding
    from bot.manifests.tree import Node


def findings_in(document: Node | None, path: str) -> list[Finding]:
    """Find the images in the root of one document of the file at `path`, in any order.

    Raises Unreadable where a bound is passed.
    """
    found: list[Finding] = []
    for item in places_in(document):
        if hasattr(item, "node"):
            owner = Owner(item.kind, item.namespace, item.name)
            found.append(Place(owner, item.container, item.field, (Piece(Part.WHOLE, item.node),)))
        else:
            found.append(item)
    return found
