"""Users' regular expressions in objects: each is looked at once, and there is a bound on all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.selection import InvalidPattern, patterns

if TYPE_CHECKING:
    from bot.policies.flux.fields import Fields

# A short pattern can take RE2 a quarter of a second: some thousands of them would take an hour.
MOST_PATTERNS: Final = 500


def is_usable(pattern: str, fields: Fields, key: str) -> bool:
    """Whether a pattern, which stands at a key, is one of RE2; where it is none that is refused in the report."""
    seen = fields.report.patterns
    if pattern not in seen and len(seen) >= MOST_PATTERNS:
        fields.refuse(key, f"holds one of too many patterns; the objects together have at most {MOST_PATTERNS}")
        return False
    seen.add(pattern)
    try:
        patterns.check(pattern)
    except InvalidPattern as error:
        fields.refuse(key, f"will not do: {error}")
        return False
    return True
