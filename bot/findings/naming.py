"""How messages name what stands in a file: between backticks, and never at any length."""

from __future__ import annotations

from typing import Final

_LONGEST: Final = 120


def named(text: str) -> str:
    """Put a text between backticks, as it is; the end of a long one is left out."""
    return f"`{text[:_LONGEST]}...`" if len(text) > _LONGEST else f"`{text}`"
