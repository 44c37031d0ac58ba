"""Parse a part of a file: trees, or the reason why there are none, at the lines of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.manifests.reasons import Skipped, SkipReason
from bot.manifests.tree import Unreadable, grow

if TYPE_CHECKING:
    from bot.manifests.source import Text
    from bot.manifests.tree import Budget, Node


def roots_of(text: Text, budget: Budget) -> list[Node | None]:
    """Read the root of each document in a text, within what is left of a budget. Raises Unreadable."""
    try:
        return list(grow(text.yaml, budget))
    except Unreadable as unreadable:
        line = None if unreadable.line is None else text.line_in_file(unreadable.line)
        raise Unreadable(unreadable.reason, unreadable.message, line) from unreadable


def skipped_for(path: str, content: bytes, unreadable: Unreadable) -> Skipped:
    """Say why `content`, of the file at `path`, is passed over. Templates are not YAML, and nobody's mistake."""
    if unreadable.reason is SkipReason.BROKEN_YAML and b"{{" in content:
        return Skipped(path, unreadable.line, SkipReason.TEMPLATE, "the file is a template, not YAML")
    return Skipped(path, unreadable.line, unreadable.reason, unreadable.message)
