"""Times as documents write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from bot.promotion.documents.values import text

# RFC 3339, and Go's fractions of nine digits; a time without a zone could be any of 27 hours.
_TIME: Final = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?\s?([Zz]|UTC|[+-]\d\d:?\d\d)")
_ZERO_YEAR: Final = 1


def aware(value: object) -> datetime | None:
    """Give a time of RFC 3339 as aware UTC; None where it is none, has no zone, or is Go's zero time."""
    found = _TIME.fullmatch(text(value).strip())
    if not found:
        return None
    date, clock, fraction, zone = found.groups()
    offset = "+00:00" if zone.upper() in {"Z", "UTC"} else zone
    try:
        at = datetime.fromisoformat(f"{date}T{clock}{(fraction or '')[:7]}{offset}").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year > _ZERO_YEAR else None
