"""Digests beside an image that are no part of it as it is read: a new tag would leave them behind."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.manifests.fields import fields, followed, text_of
from bot.manifests.tree import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from collections.abc import Mapping as Values

    from bot.manifests.tree import Node

_DIGEST: Final = re.compile(r"@?sha256:[0-9a-f]{64}")
_LENGTHS: Final = frozenset({len("sha256:") + 64, len("@sha256:") + 64})
# Digests by platform are few; whatever is longer is no list of them.
_MOST_INSIDE: Final = 100
# What has one of these is an image of its own.
_OF_ANOTHER: Final = ("repository", "repo", "image", "name", "newName")


def holds_digest_beside(values: Values[str, Node], taken: Collection[str]) -> bool:
    """Tell whether a field other than those `taken` is a digest, or a mapping or sequence with one in it."""
    return any(_is_digest(value) or _holds_digest(value) for key, value in values.items() if key not in taken)


def is_digest_at(values: Values[str, Node], keys: Iterable[str]) -> bool:
    """Tell whether one of some fields is a digest."""
    return any(key in values and _is_digest(values[key]) for key in keys)


def _is_digest(node: Node) -> bool:
    text = text_of(node).rstrip("\n")
    return len(text) in _LENGTHS and _DIGEST.fullmatch(text) is not None


def _holds_digest(node: Node) -> bool:
    target = followed(node)
    if isinstance(target, Mapping):
        values = fields(target).values
        is_another = any(isinstance(followed(values.get(key)), Scalar) for key in _OF_ANOTHER)
        return not is_another and any(_is_digest(each) for each in islice(values.values(), _MOST_INSIDE))
    if isinstance(target, Sequence):
        return any(_is_digest(each) for each in islice(target.children, _MOST_INSIDE))
    return False
