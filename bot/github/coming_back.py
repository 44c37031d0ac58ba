"""When writers that were sent away come back: one after another, for each that comes too early reads in vain."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

CONTENT_GAP: Final = timedelta(seconds=10)
"""How often new content may be made once GitHub's 500 an hour are what keeps it."""

FARTHEST: Final = timedelta(minutes=30)
"""Nobody is sent farther behind the next free place: those before may not come back at all."""

_NEAR: Final = timedelta(seconds=15)
"""The limit of new content lets the next through within this time; what keeps a write longer is a hold."""


class ComingBack:
    """What this process told those whose writes are kept. Losing it costs some reads that lead to no write."""

    def __init__(self) -> None:
        self._told: dict[tuple[int, bool], datetime] = {}

    def when(self, installation: int, now: datetime, place: datetime, gap: timedelta, *, content: bool) -> datetime:
        """Return when somebody may try again who could write at `place` at the earliest.

        Each is told a time of its own: `gap` after the one before, ten seconds where new content is limited.
        """
        step = max(gap, CONTENT_GAP) if content and place <= now + _NEAR else gap
        last = self._told.get((installation, content))
        following = place if last is None else max(place, last + step)
        self._told[installation, content] = told = min(following, place + FARTHEST)
        return told
