"""How what was seen in an image is put into words: bounded, on one line, with nothing in it that hides."""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Final

from bot.safe_text import plain, within

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from bot.images import Platform

MOST_LISTED: Final = 10
LONGEST_NAME: Final = 100
LONGEST_SEEN: Final = 1_500


def shown(text: str) -> str:
    """Show one name, hostile or not."""
    return plain(text, LONGEST_NAME) or "(empty)"


def listed(texts: Collection[str], most: int = MOST_LISTED) -> str:
    """Name the first texts, hostile or not, and how many more there are: "a, b and 12 more"."""
    named = ", ".join(shown(text) for text in islice(texts, most))
    left = len(texts) - most
    return named if left <= 0 else f"{named} and {left:,} more"


def counted(number: int, one: str, several: str) -> str:
    """Put a number before a noun: "1 criterion", "2 criteria"."""
    return f"{number:,} {one if number == 1 else several}"


def joined(sentences: Sequence[str]) -> str:
    """Join what was seen in several places, as much of it as there is room for; the first is always there."""
    first = plain(sentences[0], LONGEST_SEEN) if sentences else ""
    rest = within(sentences[1:MOST_LISTED], LONGEST_SEEN - len(first))
    left = len(sentences) - 1 - len(rest)
    more = [f"and {left:,} more"] if left > 0 else []
    return "; ".join([first, *rest, *more])


def on_platform(seen: str, platform: Platform | None) -> str:
    """Add where something was seen: "2 critical: CVE-2026-1 in linux/arm64"."""
    return seen if platform is None else f"{seen} in {shown(str(platform))}"


def moment(at: datetime) -> str:
    """Write a time: 2026-01-04 00:05 UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def duration(length: timedelta) -> str:
    """Write a length of time in its largest whole unit: 24h, 90m."""
    seconds = round(length.total_seconds())
    for unit, size in (("h", 3600), ("m", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"
