"""The text that a block scalar holds, as a text of its own that knows where in the file each character stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.manifests.source import Text
    from bot.manifests.tree import Scalar


def inner_text(scalar: Scalar, outer: Text, content: bytes) -> Text | None:
    """Give the text of a literal block scalar; None where its lines are not those of the file."""
    return None
