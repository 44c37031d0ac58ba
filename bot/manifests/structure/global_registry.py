"""The registry that a chart's values name for all of its images: `global.imageRegistry`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed
from bot.manifests.occurrences import Part
from bot.manifests.places import Piece
from bot.manifests.structure.image_maps import has_host, is_address, is_scalar, text
from bot.manifests.structure.roles import OBJECT
from bot.manifests.tree import Alias, Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping as Values

    from bot.manifests.structure.image_maps import Claim
    from bot.manifests.tree import Node

_GLOBAL: Final = "global"
_REGISTRY: Final = "imageRegistry"
_REPOSITORY: Final = "repository"


def registry_of_all(root: Node) -> Scalar | Alias | None:
    """Give the value of `global.imageRegistry` at the root of values, None where it is empty or none.

    Bitnami's charts put it before the repository of each image (charts/bitnami/common, common.images.image).
    Raises Unreadable where merges are chained deeper than anybody writes them.
    """
    values = _values(root)
    if not OBJECT.isdisjoint(values):
        return None
    registry = _values(values.get(_GLOBAL)).get(_REGISTRY)
    if not isinstance(registry, Alias | Scalar) or not is_scalar(registry):
        return None
    return registry if text(registry) and not is_address(registry) else None


def below_registry(claim: Claim, values: Values[str, Node], registry: Scalar | Alias) -> Claim:
    """Put the registry of all images before one whose `repository` names no host and has no registry beside it."""
    pieces = {piece.part: piece for piece in claim.pieces}
    name, own = pieces.get(Part.NAME), pieces.get(Part.REGISTRY)
    if claim.key is not None or name is None or name.node is not values.get(_REPOSITORY) or has_host(text(name.node)):
        return claim
    if own is not None and text(own.node):
        return claim
    others = (piece for piece in claim.pieces if piece.part is not Part.REGISTRY)
    return claim._replace(pieces=(Piece(Part.REGISTRY, registry), *others))


def _values(node: Node | None) -> Values[str, Node]:
    target = followed(node)
    return fields(target).values if isinstance(target, Mapping) else {}
