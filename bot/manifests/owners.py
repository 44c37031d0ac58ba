"""Which Kubernetes object a mapping is."""

from __future__ import annotations

from bot.manifests.fields import fields, followed, text_of
from bot.manifests.places import Owner
from bot.manifests.tree import Mapping, Node


def owner_of(node: Node | None) -> Owner:
    """Read kind, namespace and name of an object; what it does not say, or says twice, is ""."""
    root = followed(node)
    if not isinstance(root, Mapping):
        return Owner()
    values = fields(root).values
    metadata = followed(values.get("metadata"))
    named = fields(metadata).values if isinstance(metadata, Mapping) else {}
    return Owner(text_of(values.get("kind")), text_of(named.get("namespace")), text_of(named.get("name")))
