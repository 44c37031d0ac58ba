"""Values that aliases carry to places where they are no image: an edit at the anchor would move those too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from bot.manifests.fields import followed, line_of
from bot.manifests.occurrences import Obstacle
from bot.manifests.reasons import SkipReason
from bot.manifests.tree import Alias, Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Sequence as Several

    from bot.manifests.markers.marked import MarkedPlace
    from bot.manifests.tree import Node

_VERSIONS: Final = frozenset({"version", "appVersion", "targetRevision", "revision", "ref", "chart"})
_PARTS: Final = frozenset({"tag", "imageTag", "newTag", "digest", "image"})
_FREE: Final = frozenset({"labels", "annotations", "matchLabels"})


class _Use(NamedTuple):
    """A scalar or alias, the key that it stands at, and the key of the mapping around it; "" where there is none."""

    node: Scalar | Alias
    key: str
    around: str
    is_at_root: bool
    is_key: bool = False


def without_shared(root: Node | None, marked: Several[MarkedPlace]) -> Several[MarkedPlace]:
    """Keep images from being edited whose value is, by an anchor, the version or the image of something else too.

    Labels, arguments and the like may carry a value along: there it says the same as the image.
    """
    anchored = {id(scalar) for each in marked for scalar in _scalars(each) if scalar.anchor is not None}
    if not anchored:
        return marked
    pieces = {id(piece.node) for each in marked for piece in each.place.pieces}
    others = {
        id(followed(use.node)): use
        for use in _uses(root)
        if id(followed(use.node)) in anchored and id(use.node) not in pieces and _is_something_else(use)
    }
    return [_kept(each, others) for each in marked]


def _scalars(marked: MarkedPlace) -> Iterator[Scalar]:
    for piece in marked.place.pieces:
        scalar = followed(piece.node)
        if isinstance(scalar, Scalar):
            yield scalar


def _is_something_else(use: _Use) -> bool:
    if use.is_key:
        return True
    if use.around in _FREE:
        return False
    if isinstance(use.node, Alias):
        return use.key in _VERSIONS or use.key in _PARTS
    return use.key in _VERSIONS and not use.is_at_root


def _kept(marked: MarkedPlace, others: dict[int, _Use]) -> MarkedPlace:
    use = next((others[id(scalar)] for scalar in _scalars(marked) if id(scalar) in others), None)
    if use is None or marked.place.obstacle is not None:
        return marked
    what = "a key" if use.is_key else f"the `{use.key}` of something else"
    message = f"an anchor makes this value {what} too, in line {line_of(use.node)}"
    return marked._replace(place=marked.place._replace(obstacle=Obstacle(SkipReason.ALIAS, message)))


def _uses(root: Node | None) -> Iterator[_Use]:
    """Give every scalar and alias. Aliases are not followed."""
    waiting: list[tuple[Node | None, str, str, int]] = [(root, "", "", 0)]
    while waiting:
        node, key, around, depth = waiting.pop()
        if isinstance(node, Scalar | Alias):
            yield _Use(node, key, around, is_at_root=depth == 1)
        elif isinstance(node, Mapping):
            children = node.children
            yield from (
                _Use(name, "", key, is_at_root=False, is_key=True)
                for name in children[::2]
                if isinstance(name, Scalar | Alias)
            )
            waiting += [
                (value, name.value if isinstance(name, Scalar) else "", key, depth + 1)
                for name, value in zip(children[::2], children[1::2], strict=True)
            ]
        elif isinstance(node, Sequence):
            waiting += [(child, "", key, depth + 1) for child in node.children]
