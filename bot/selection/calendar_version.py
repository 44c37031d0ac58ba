"""A version that is a date, the year first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.selection.written import Written

if TYPE_CHECKING:
    from collections.abc import Mapping

_YEAR: Final = r"(19[0-9]{2}|[2-9][0-9]{3})"
_SHORT_YEAR: Final = r"([0-9]{2})"
_MORE: Final = r"\.([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12][0-9]|3[01])"
_FORMS: Final[Mapping[str, str]] = {
    "YYYY.": _YEAR + _MORE,
    "YY.": _SHORT_YEAR + _MORE,
    "YYYY-MM-DD": f"{_YEAR}-{_MONTH}-{_DAY}",
    "YYYYMMDD": _YEAR + _MONTH + _DAY,
}
_PATTERNS: Final = [(form, re.compile(rf"(v?){date}([-+].*)?", re.DOTALL)) for form, date in _FORMS.items()]
_MOST_NUMBERS_OF_A_VERSION: Final = 3


def calendar(text: str) -> Written | None:
    """Take a calendar version apart: `v?`, a date, and what follows from `-` or `+` on; a number there is a counter.

    - `YYYY.N[.N[.N]]`, `YY.N[.N[.N]]`: two to four numbers, the year (1900 to 9999, or two digits) first.
    - `YYYY-MM-DD`, `YYYYMMDD`: three numbers, the months to 12, the days to 31.

    The four forms do not mix. No calendar is asked: 2024-02-31 is as good as any date.
    """
    for form, pattern in _PATTERNS:
        match = pattern.fullmatch(text)
        if match is not None:
            v, *written, rest = match.groups()
            numbers = [number for number in written if number is not None]
            version, more = numbers[:_MOST_NUMBERS_OF_A_VERSION], numbers[_MOST_NUMBERS_OF_A_VERSION:]
            return Written(bool(v), tuple(version), more[0] if more else None, rest or "", form)
    return None
