"""Until when somebody wants no news: a length of time from now, or a day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

LONGEST: Final = timedelta(days=366)
"""A year; what is to last longer is a hold."""

_LONGEST_TEXT: Final = 20
_LENGTH: Final = re.compile(r"(?:[0-9]{1,6}[mhdw])+")
_PART: Final = re.compile(r"([0-9]+)([mhdw])")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNITS: Final = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class InvalidMoment(ValueError):
    """A text that names no moment to wait for; it says why."""


def looks_like_moment(text: str) -> bool:
    """Whether somebody who wrote this meant a length of time or a day."""
    return len(text) <= _LONGEST_TEXT and (_LENGTH.fullmatch(text) or _DATE.fullmatch(text)) is not None


def read_moment(text: str, now: datetime) -> datetime:
    """Read "3d", "2w", "1d12h" from `now` (aware), or "2027-01-31", the day's begin in UTC. Returns aware UTC.

    Raises InvalidMoment for anything else, for what is past, and for more than a year.
    """
    if not looks_like_moment(text):
        raise InvalidMoment("is neither a length of time, such as 3d or 2w, nor a date, such as 2027-01-31")
    moment = _day(text) if _DATE.fullmatch(text) else now.astimezone(UTC) + _length(text)
    if moment <= now:
        raise InvalidMoment("is not in the future")
    if moment - now > LONGEST:
        raise InvalidMoment("is more than a year away; hold says until somebody resumes it")
    return moment


def _day(text: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise InvalidMoment("is no day of the calendar") from None


def _length(text: str) -> timedelta:
    length = timedelta()
    for count, unit in _PART.findall(text):
        length += timedelta(**{_UNITS[unit]: int(count)})
    return min(length, 2 * LONGEST)
