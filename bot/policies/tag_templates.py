"""The templates of new tags: text, and keywords of a percent sign and a letter, as MSR has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import is_tag, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Keyword:
    """What a keyword stands for, in UTC and in English, and the shortest text that it may become."""

    meaning: str
    shortest: str


KEYWORDS: Final[Mapping[str, Keyword]] = {
    "%n": Keyword("the tag that is promoted", "1"),
    "%A": Keyword("the day of the week, Sunday", "Friday"),
    "%a": Keyword("the day of the week, Sun", "Fri"),
    "%w": Keyword("the day of the week, 0 (Sunday) to 6", "5"),
    "%d": Keyword("the day of the month, 01 to 31", "01"),
    "%B": Keyword("the month, January", "May"),
    "%b": Keyword("the month, Jan", "May"),
    "%m": Keyword("the month, 01 to 12", "05"),
    "%Y": Keyword("the year, 2026", "2026"),
    "%y": Keyword("the year, 26", "26"),
    "%H": Keyword("the hour, 00 to 23", "00"),
    "%I": Keyword("the hour, 01 to 12", "12"),
    "%p": Keyword("AM or PM", "AM"),
    "%M": Keyword("the minute, 00 to 59", "00"),
    "%S": Keyword("the second, 00 to 59", "00"),
    "%f": Keyword("the microsecond, 000000 to 999999", "000000"),
    "%Z": Keyword("the time zone, which is UTC", "UTC"),
    "%j": Keyword("the day of the year, 001 to 366", "001"),
    "%W": Keyword("the week of the year, 00 to 53", "00"),
}

_KEYWORD = re.compile(r"%.?", re.DOTALL)


def complaint(template: str) -> str | None:
    """Say why `template` can never make a tag; None where it can. What is said follows the name of its key."""
    unknown = next((found for found in _KEYWORD.findall(template) if found not in KEYWORDS), None)
    if unknown == "%%":
        return "holds %%, a percent sign, and no tag may have one"
    if unknown == "%":
        return "ends in the middle of a keyword; a percent sign begins one, such as %n"
    if unknown is not None:
        known = ", ".join(sorted(KEYWORDS, key=str.lower))
        return f"knows the keywords {known}, not {quoted(unknown)}"
    if not is_tag(_shortest(template)):
        return (
            "makes no tag: a tag has letters, digits, `_`, `.`, `-`, at most 128, and begins with no `.` and no `-`; "
            f"not {quoted(template)}"
        )
    return None


def _shortest(template: str) -> str:
    return _KEYWORD.sub(lambda match: KEYWORDS[match[0]].shortest, template)
