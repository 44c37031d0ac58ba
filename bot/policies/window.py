"""The hours in which something may be done, by the clock of a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_DAYS_AHEAD: Final = 15  # a window of one day in the week may fall into hours that clocks leave out


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
        return any(begin <= now < end for begin, end in self._spans(now, 1))

    def opens_at(self, now: datetime) -> datetime:
        """Tell when the window is open next: `now` itself when it is open."""
        for begin, end in self._spans(now, _DAYS_AHEAD):
            if now < end:
                return max(begin, now)
        return now + _DAY * _DAYS_AHEAD

    def _spans(self, now: datetime, days_ahead: int) -> list[tuple[datetime, datetime]]:
        """Give when the window opens and closes, in UTC, from the day before `now` on.

        Where clocks are put forward some hours do not exist: a window of nothing but them has no span on that day.
        """
        zone = ZoneInfo(self.timezone)
        today = now.astimezone(zone).date()
        later = _DAY if self.ends <= self.begins else timedelta(0)
        days = (today + _DAY * ahead for ahead in range(-1, days_ahead + 1))
        spans = (
            (
                datetime.combine(day, self.begins, zone).astimezone(UTC),
                datetime.combine(day + later, self.ends, zone).astimezone(UTC),
            )
            for day in days
            if day.weekday() in self.days
        )
        return [(begin, end) for begin, end in spans if begin < end]
