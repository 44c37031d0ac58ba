"""Days, hours and time zones as they stand in a policy file: mon-fri, 09:00-17:00, Europe/Berlin."""

from __future__ import annotations

import difflib
import re
from datetime import time
from functools import lru_cache
from typing import Final, NoReturn
from zoneinfo import ZoneInfo, available_timezones

from bot.images import quoted
from bot.policies.values import read_text, refuse

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY: Final = frozenset(range(len(DAYS)))
ALL_HOURS: Final = (time(0), time(0))
HOURS_PATTERN: Final = r"^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-(?:([01][0-9]|2[0-3]):([0-5][0-9])|24:00)")
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_LONGEST_DAYS: Final = 100
_LONGEST_ZONE: Final = 64
_MOST_LETTERS_APART: Final = 3


def read_days(value: object) -> frozenset[int]:
    """Read days of the week, 0 for Monday: `mon-fri`, `mon,wed,sat-sun`, or a list of such."""
    if value == []:
        refuse("is empty; name a day or leave the key out")
    items = value if isinstance(value, list) else [value]
    return frozenset(day for item in items for part in _parts(item) for day in _span(part))


def _parts(item: object) -> list[str]:
    text = read_text(item)
    if len(text) > _LONGEST_DAYS:
        _refuse_days(text)
    return text.lower().split(",")


def _span(text: str) -> list[int]:
    """Read one day, or the days from one to another, over the end of the week where they are written so."""
    first, dash, last = (part.strip() for part in text.partition("-"))
    if first not in DAYS or (dash and last not in DAYS):
        _refuse_days(text.strip())
    begin = DAYS.index(first)
    count = (DAYS.index(last) - begin) % len(DAYS) if dash else 0
    return [(begin + ahead) % len(DAYS) for ahead in range(count + 1)]


def _refuse_days(text: str) -> NoReturn:
    refuse(f"is written in {', '.join(DAYS)} and spans of them such as mon-fri, not {quoted(text)}")


def read_hours(value: object) -> tuple[time, time]:
    """Read when a window begins and ends; one that ends at or before its beginning ends on the next day."""
    text = read_text(value)
    match = _HOURS.fullmatch(text)
    if match is None:
        refuse(f'is written as "09:00-17:00", from 00:00 to 24:00, not {quoted(text)}')
    begins = time(int(match[1]), int(match[2]))
    ends = time(int(match[3] or 0), int(match[4] or 0))
    if begins == ends and match[3] is not None:
        refuse(f'begins and ends at the same time: {quoted(text)}; the whole day is "00:00-24:00"')
    return begins, ends


def read_timezone(value: object) -> str:
    """Read the name of a time zone, as the tz database has it."""
    text = read_text(value)
    if len(text) > _LONGEST_ZONE or not _ZONE.fullmatch(text) or not _is_zone(text):
        refuse(f"is a time zone such as Europe/Berlin or UTC, not {quoted(text)}{_meant(text)}")
    return text


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not known, no name at all, or a folder of the database
        return False
    return True


def _meant(text: str) -> str:
    """Say what was probably meant: a zone spelt much alike, or the one whose last part was written alone."""
    folded = text.casefold().replace(" ", "_")
    zones = _zones().get(folded[:1], {})
    near = [name for name in zones if abs(len(name) - len(folded)) <= _MOST_LETTERS_APART]
    close = [folded] if folded in zones else difflib.get_close_matches(folded, near, n=1, cutoff=0.75)
    return f"; did you mean `{zones[close[0]]}`?" if close else ""


@lru_cache(maxsize=1)
def _zones() -> dict[str, dict[str, str]]:
    """Give every zone by its first letter and its name, and by the last part of it where no zone has that name."""
    names = sorted(available_timezones(), reverse=True)
    spelt = {name.rpartition("/")[2].casefold(): name for name in names} | {name.casefold(): name for name in names}
    by_letter: dict[str, dict[str, str]] = {}
    for spelling, name in spelt.items():
        by_letter.setdefault(spelling[:1], {})[spelling] = name
    return by_letter
