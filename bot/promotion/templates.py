"""The new tag of an image: its template filled in, in UTC and in English."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from bot.images import is_tag, quoted
from bot.policies.tag_templates import KEYWORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT: Final = 3

# What strftime does, but for the words, which the place where the bot runs must not choose.
_MOMENTS: Final[Mapping[str, Callable[[datetime], str]]] = {
    "%A": lambda at: _DAYS[at.weekday()],
    "%a": lambda at: _DAYS[at.weekday()][:_SHORT],
    "%w": lambda at: str(at.isoweekday() % 7),
    "%d": lambda at: f"{at.day:02}",
    "%B": lambda at: _MONTHS[at.month - 1],
    "%b": lambda at: _MONTHS[at.month - 1][:_SHORT],
    "%m": lambda at: f"{at.month:02}",
    "%Y": lambda at: f"{at.year:04}",
    "%y": lambda at: f"{at.year % 100:02}",
    "%H": lambda at: f"{at.hour:02}",
    "%I": lambda at: f"{(at.hour - 1) % 12 + 1:02}",
    "%p": lambda at: "AM" if at.hour < 12 else "PM",  # noqa: PLR2004 (noon)
    "%M": lambda at: f"{at.minute:02}",
    "%S": lambda at: f"{at.second:02}",
    "%f": lambda at: f"{at.microsecond:06}",
    "%Z": lambda _: "UTC",
    "%j": lambda at: f"{_day_of_year(at):03}",
    "%W": lambda at: f"{(_day_of_year(at) + 6 - at.weekday()) // 7:02}",
}
_KEYWORD = re.compile(r"%.?", re.DOTALL)


class InvalidTargetTag(ValueError):
    """A template that made no tag. It says what came out, or which keyword nobody knows."""


def target_tag(template: str, tag: str, at: datetime) -> str:
    """Make the new tag of `tag`, promoted `at` (aware), by `bot.policies.tag_templates`.

    Weeks begin on Monday, and those days before the year's first are in week 00, as strftime's %W has it. Raises
    InvalidTargetTag where the result is no tag by the OCI distribution specification, "Pulling manifests".
    """
    if at.tzinfo is None:
        message = "the time of a promotion has a time zone"
        raise ValueError(message)
    moment = at.astimezone(UTC)
    made = _KEYWORD.sub(lambda found: _filled(found[0], tag, moment), template)
    if not is_tag(made):
        message = (
            f"the template {quoted(template)} makes {quoted(made)} of the tag {quoted(tag)}, and that is no tag: "
            "one has letters, digits, `_`, `.`, `-`, at most 128, and begins with no `.` and no `-`"
        )
        raise InvalidTargetTag(message)
    return made


def _filled(keyword: str, tag: str, moment: datetime) -> str:
    if keyword not in KEYWORDS:
        message = f"the template of the new tag holds {quoted(keyword)}, which is no keyword"
        raise InvalidTargetTag(message)
    return tag if keyword == "%n" else _MOMENTS[keyword](moment)


def _day_of_year(at: datetime) -> int:
    return at.timetuple().tm_yday
