"""The names by which documents call vulnerabilities, and which of them are one."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_OTHER_NAMES: Final = 50

_ONE_EACH: Final = ("CVE-", "GHSA-")


def aliases(name: str, others: Iterable[str]) -> frozenset[str]:
    """Give those of `others` that are the same vulnerability as `name`, at most 50.

    Only between CVE and GHSA identifiers: an advisory of a distribution (DSA, RHSA, ALAS) is about several
    vulnerabilities, which would become one by it.
    """
    if not name.startswith(_ONE_EACH):
        return frozenset()
    same = dict.fromkeys(other for other in others if other.startswith(_ONE_EACH) and other != name)
    return frozenset(islice(same, MOST_OTHER_NAMES))
