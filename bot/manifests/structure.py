"""Images found by the structure of what holds them: Helm values, and custom resources of any kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.manifests.places import Finding, Owner
    from bot.manifests.tree import Node


def images_below(node: Node, owner: Owner, way: str) -> Iterator[Finding]:
    """Find every image at any depth below a node by structure alone; `way` is the path of `node` in its document."""
    yield from ()
