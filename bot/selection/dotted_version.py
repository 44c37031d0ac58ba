"""A version as one to four numbers with dots between them."""

from __future__ import annotations

import re
from typing import Final

from bot.selection.written import Written

_NUMBERS: Final = re.compile(r"(v?)([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?(?:\.([0-9]+))?([-_+].*)?", re.DOTALL)


def dotted(text: str) -> Written | None:
    """Take a version of at most three numbers apart: `v?N[.N[.N]]`, and what follows from `-`, `_` or `+` on."""
    written = dotted_of_four(text)
    return written if written is None or written.fourth is None else None


def dotted_of_four(text: str) -> Written | None:
    """Take a version of at most four numbers apart: `v?N[.N[.N[.N]]]`, and what follows from `-`, `_` or `+` on.

    The fourth number orders after the three.
    """
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    v, major, minor, patch, fourth, rest = match.groups()
    numbers = (major, minor, patch) if patch else (major, minor) if minor else (major,)
    return Written(v == "v", numbers, fourth, rest or "")
