"""Lengths of time as people write them: 90s, 5m, 1h30m, 3d, 2w."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from bot.images import quoted
from bot.policies.values import read_text, refuse

LONGEST: Final = timedelta(days=3650)
SHORTEST_POLL: Final = timedelta(minutes=1)
DURATION_PATTERN: Final = r"^([0-9]+[smhdw])+$"

_UNITS: Final = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_LONGEST_TEXT: Final = 50
_WHOLE = re.compile(r"(?:[0-9]+[smhdw])+")
_PART = re.compile(r"([0-9]+)([smhdw])")


def read_duration(value: object) -> timedelta:
    """Read a length of time of at most ten years; `0s` is none."""
    text = read_text(value)
    if len(text) > _LONGEST_TEXT or not _WHOLE.fullmatch(text):
        refuse(f"is a length of time such as 90s, 5m, 24h, 3d, 2w or 1h30m, not {quoted(text)}")
    seconds = sum(int(count) * int(_UNITS[unit].total_seconds()) for count, unit in _PART.findall(text))
    if seconds > LONGEST.total_seconds():
        refuse(f"is at most ten years (3650d), not {quoted(text)}")
    return timedelta(seconds=seconds)


def read_poll(value: object) -> timedelta:
    """Read how often a registry is asked: not more than once a minute."""
    duration = read_duration(value)
    if duration < SHORTEST_POLL:
        refuse(f"is at least 1m, not {quoted(read_text(value))}")
    return duration


def shown_duration(duration: timedelta) -> str:
    """Write a length of time as a policy file has it, in its largest whole unit."""
    seconds = int(duration.total_seconds())
    units = sorted(_UNITS.items(), key=lambda unit: unit[1], reverse=True)
    unit, length = next(pair for pair in units if seconds % int(pair[1].total_seconds()) == 0 or pair[0] == "s")
    return f"{seconds // int(length.total_seconds())}{unit}" if seconds else "0s"
