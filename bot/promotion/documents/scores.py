"""CVSS scores as documents write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.promotion.documents.values import number

if TYPE_CHECKING:
    from collections.abc import Iterable

_HIGHEST: Final = 10.0


def score(value: object) -> float | None:
    """Give a score from 0.0 to 10.0 (CVSS 3.1 specification, section 5), also one written as a text; else None."""
    found = number(value)
    return found if found is not None and 0 <= found <= _HIGHEST else None


def highest(scores: Iterable[float | None]) -> float | None:
    """Give the highest of the scores that are known."""
    return max((found for found in scores if found is not None), default=None)
