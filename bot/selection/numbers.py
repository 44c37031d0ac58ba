"""A tag that is a number: exact, however large."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

LONGEST_NUMBER: Final = 256
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def number_key(text: str) -> Decimal | None:
    """Read a decimal number; None where `text` is none.

    It is digits with an optional sign and fraction, of at most 256 characters: 7, 007, +7, -7.50. What other readers
    of numbers also accept (1e3, 0x10, Inf, nan, 1_000) is none here. Keys compare exactly and hash: 007, 7 and 7.0 are
    one number.
    """
    if len(text) > LONGEST_NUMBER or _NUMBER.fullmatch(text) is None:
        return None
    return Decimal(text)
