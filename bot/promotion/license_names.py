"""Licences by their SPDX identifiers: in large or small letters, and old identifiers as those that replaced them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from license_expression import get_spdx_licensing

if TYPE_CHECKING:
    from collections.abc import Mapping

_OWN: Final = "licenseref-"
# SPDX specification 2.3, annex D: idstring is letters, digits, "-" and "."; a document may be named before it.
_OWN_REFERENCE = re.compile(r"(documentref-[a-z0-9.-]+:)?licenseref-[a-z0-9.-]+")
_WITH_IN_NAME: Final = "-with-"
NOTHING_SAID: Final = frozenset({"noassertion", "none"})


def canonical(name: str) -> str:
    """Give one spelling for all that name the same licence, as SPDX compares them: agpl-3.0 is agpl-3.0-only.

    What SPDX does not list comes back in small letters. `WITH` and its exception stay: "gpl-2.0-only with x".
    """
    folded = " ".join(name.casefold().split())
    return _identifiers().get(folded, folded)


def is_known(name: str) -> bool:
    """Whether a canonical name says which licence it is.

    SPDX lists it, or it is such a name and "+" (this version or a later one), or the document's own (LicenseRef-...),
    which by the SPDX specification is none of the listed ones.
    """
    listed = _identifiers()
    name = without_exception(name)
    return name in listed or name.removesuffix("+") in listed or _OWN_REFERENCE.fullmatch(name) is not None


def without_exception(name: str) -> str:
    """Give the licence that a canonical name is of, where an old one says an exception too, else the name itself."""
    base, within, _ = name.partition(_WITH_IN_NAME)
    return canonical(base) if within and canonical(base) in _identifiers() else name


@cache
def _identifiers() -> Mapping[str, str]:
    """Map each spelling, in small letters, to the canonical one; the library's own LicenseRef-... are left out."""
    symbols = get_spdx_licensing().known_symbols.values()
    found: dict[str, str] = {}
    for symbol in symbols:
        if symbol.is_exception:
            continue
        identifier = symbol.key.casefold()
        if not identifier.startswith(_OWN):
            found[identifier] = identifier
        for alias in symbol.aliases:
            if not alias.casefold().startswith(_OWN):
                found.setdefault(alias.casefold(), identifier)
    return found
