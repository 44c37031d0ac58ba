"""Quantities of Kubernetes, such as 100m and 128Mi: whether one says anything, or no more than nothing at all."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from bot.findings.view import View

# Kubernetes, apimachinery/pkg/api/resource, the grammar of Quantity. Longer numbers are nobody's.
_QUANTITY: Final = re.compile(
    r"[+-]?(?P<digits>[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]{1,4})?"
)
_NOTHING: Final = frozenset("0.")


class Amount(Enum):
    """What a view of a quantity says. Nobody can tell of one that a template fills in, or that is no quantity."""

    ABSENT = "nothing is written"
    ZERO = "it is written, and says no more than nothing"
    SOME = "it says how much"
    UNKNOWN = "nobody can tell"


def amount_of(view: View) -> Amount:
    """Tell what a quantity says. An empty text says as little as 0 does."""
    if view.is_absent:
        return Amount.ABSENT
    if view.is_doubtful or view.is_mapping or view.is_list:
        return Amount.UNKNOWN
    text = view.text
    read = _QUANTITY.fullmatch(text)
    if text == "" or (read and set(read["digits"]) <= _NOTHING):
        return Amount.ZERO
    return Amount.SOME if read else Amount.UNKNOWN
