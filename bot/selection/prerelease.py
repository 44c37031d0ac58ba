"""Which pre-release of a version is the newer one, as a key that sorts."""

from __future__ import annotations

import re
from typing import Final

PrereleaseKey = tuple[tuple[int, int | str], ...]

RELEASED: Final[PrereleaseKey] = ((2, 0),)
_IDENTIFIERS: Final = re.compile(r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")


def prerelease_key(text: str) -> PrereleaseKey | None:
    """Tell where a pre-release such as "rc.1" is in the order of semver.org, rule 11; None where it is none.

    Identifiers of digits alone are numbers, lower than words, which compare by bytes; fewer identifiers come before
    more. RELEASED, the key of "", comes after every pre-release. A number with a leading zero is refused, one of any
    size is a number.
    """
    if not text:
        return RELEASED
    if _IDENTIFIERS.fullmatch(text) is None:
        return None
    identifiers = text.split(".")
    if any(each.isdigit() and each[0] == "0" and len(each) > 1 for each in identifiers):
        return None
    return tuple((0, int(each)) if each.isdigit() else (1, each) for each in identifiers)
