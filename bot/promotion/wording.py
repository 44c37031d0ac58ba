"""How what was seen in an image is put into words: bounded, on one line, with nothing in it that hides."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Collection

MOST_LISTED: Final = 10
LONGEST_NAME: Final = 100
LONGEST_SEEN: Final = 1_500


def listed(texts: Collection[str], most: int = MOST_LISTED) -> str:
    """Name the first texts, hostile or not, and how many more there are: "a, b and 12 more"."""
    shown = ", ".join(plain(text, LONGEST_NAME) or "(empty)" for text in islice(texts, most))
    left = len(texts) - most
    return shown if left <= 0 else f"{shown} and {left} more"


def counted(number: int, noun: str) -> str:
    """Put a number before a noun whose plural ends in s: "1 report", "2 reports"."""
    return f"{number} {noun}" if number == 1 else f"{number:,} {noun}s"
