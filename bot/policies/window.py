"""The hours in which something may be done, by the clock of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_DAYS_AHEAD: Final = 8


@dataclass(frozen=True, slots=True)
class Window:
    """Some hours of some days of the week.

    `days` count from Monday, 0. `begins` and `ends` are times of the clock in `timezone` (a name of the tz database);
    a window that ends at or before its beginning ends on the next day, and belongs to the day on which it begins.
    """

    days: frozenset[int]
    begins: time
    ends: time
    timezone: str

    def is_open(self, now: datetime) -> bool:
        """Whether `now` is within the window."""
        today = now.astimezone(ZoneInfo(self.timezone))
        return any(begin <= now < end for begin, end in self._spans(today - _DAY, 2))

    def opens_at(self, now: datetime) -> datetime:
        """Tell when the window is open next: `now` itself when it is open."""
        today = now.astimezone(ZoneInfo(self.timezone))
        for begin, end in self._spans(today - _DAY, _DAYS_AHEAD + 1):
            if now < end:
                return max(begin, now)
        return now + timedelta(days=_DAYS_AHEAD)

    def _spans(self, first: datetime, days: int) -> list[tuple[datetime, datetime]]:
        zone = ZoneInfo(self.timezone)
        dates = [(first + _DAY * number).date() for number in range(days)]
        later = _DAY if self.ends <= self.begins else timedelta(0)
        return [
            (datetime.combine(day, self.begins, zone), datetime.combine(day + later, self.ends, zone))
            for day in dates
            if day.weekday() in self.days
        ]
