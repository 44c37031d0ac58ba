"""Small things that all shapes share: times, ids of git objects, links."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import node_id

if TYPE_CHECKING:
    from datetime import datetime

Json = dict[str, Any]


def moment(when: datetime | None) -> str | None:
    """Write a time as GitHub does: ``2026-05-04T03:02:01Z``."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if when else None


def object_node(prefix: str, oid: str) -> str:
    """Return the node id of a git object, which has no number of its own."""
    return node_id(prefix, int(oid[:12], 16))


def links(**targets: str) -> Json:
    """Return GitHub's ``_links``: each a record with ``href``."""
    return {("self" if name == "itself" else name): {"href": target} for name, target in targets.items()}
