"""Whether a node stands in its document just once: what is written into it changes nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.manifests.tree import Alias, Mapping, Scalar, Sequence
from bot.manifests.ways import below

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.manifests.tree import Node

_INDEX: Final = re.compile(r"\[([0-9]{1,9})\]")
_BEHIND_A_STEP: Final = (".", "[")


def path_to(node: Node, way: str, roots: Iterable[Node | None], yaml: bytes) -> list[Node] | None:
    """Give the nodes from a root to a node, both among them, by the way to it ("spec.containers[0]").

    None where an alias or a merge key brings the node there, or where the node, or what it stands in, has an anchor
    whose name stands behind a `*` somewhere in `yaml`.
    """
    for root in roots:
        path = _walked(root, way)
        if path is not None and path[-1] is node:
            return None if any(is_shared(each, yaml) for each in path) else path
    return None


def is_shared(node: Node, yaml: bytes) -> bool:
    """Whether a node is an alias, or an alias may stand for it."""
    if isinstance(node, Alias):
        return True
    return node.anchor is not None and b"*" + str(node.anchor).encode() in yaml


def _walked(root: Node | None, way: str) -> list[Node] | None:
    if root is None:
        return None
    path, at = [root], ""
    while at != way:
        step = _step(path[-1], way, at)
        if step is None:
            return None
        at = step[0]
        path.append(step[1])
    return path


def _step(node: Node, way: str, at: str) -> tuple[str, Node] | None:
    """Go one key or one element further along the way."""
    if isinstance(node, Sequence):
        index = _INDEX.match(way, len(at))
        is_there = index is not None and int(index[1]) < len(node.children)
        return (at + index[0], node.children[int(index[1])]) if index and is_there else None
    if isinstance(node, Mapping):
        for key, value in zip(node.children[::2], node.children[1::2], strict=True):
            if isinstance(key, Scalar):
                further = below(at, str(key.value))
                if way == further or (way.startswith(further) and way.startswith(_BEHIND_A_STEP, len(further))):
                    return further, value
    return None
