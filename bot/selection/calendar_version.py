"""A version that is a date, the year first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.selection.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR: Final = r"(19[0-9]{2}|[2-9][0-9]{3})"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12][0-9]|3[01])"
_REST: Final = r"([-+].*)?"
_DATES: Final[Mapping[str, re.Pattern[str]]] = {
    "YYYY-MM-DD": re.compile(rf"(v?){_YEAR}-{_MONTH}-{_DAY}{_REST}", re.DOTALL),
    "YYYYMMDD": re.compile(rf"(v?){_YEAR}{_MONTH}{_DAY}{_REST}", re.DOTALL),
}
_DOTTED: Final[Mapping[str, re.Pattern[str]]] = {
    "YYYY.": re.compile(rf"(v?){_YEAR}\.([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_REST}", re.DOTALL),
    "YY.": re.compile(rf"(v?)([0-9]{{2}})\.([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_REST}", re.DOTALL),
}


def calendar(text: str) -> Written | None:
    """Take a calendar version apart: `v?`, a date, and what follows from `-` or `+` on; a number there is a counter.

    - `YYYY.N[.N[.N]]`, `YY.N[.N[.N]]`: two to four numbers, the year (1900 to 9999, or two digits) first.
    - `YYYY-MM-DD`, `YYYYMMDD`: three numbers, the months to 12, the days to 31.

    The four forms do not mix. No calendar is asked: 2024-02-31 is as good as any date.
    """
    for form, pattern in _DATES.items():
        match = pattern.fullmatch(text)
        if match is not None:
            v, year, month, day, rest = match.groups()
            return Written(bool(v), (year, month, day), None, rest or "", form)
    for form, pattern in _DOTTED.items():
        match = pattern.fullmatch(text)
        if match is not None:
            v, year, second, third, fourth, rest = match.groups()
            numbers = (year, second) if third is None else (year, second, third)
            return Written(bool(v), numbers, fourth, rest or "", form)
    return None
