"""The names by which documents call vulnerabilities, and which of them are one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_ONE_EACH: Final = ("CVE-", "GHSA-")


def aliases(name: str, others: Iterable[str]) -> frozenset[str]:
    """Give those of `others` that are the same vulnerability as `name`.

    Only between CVE and GHSA identifiers: an advisory of a distribution (DSA, RHSA, ALAS) is about several
    vulnerabilities, which would become one by it.
    """
    if not name.startswith(_ONE_EACH):
        return frozenset()
    return frozenset(other for other in others if other.startswith(_ONE_EACH) and other != name)
