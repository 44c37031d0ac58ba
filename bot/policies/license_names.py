"""Licences by their SPDX identifiers: in large or small letters, and old identifiers as those that replaced them."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from license_expression import LicenseSymbol, Licensing

NOTHING_SAID: Final = frozenset({"noassertion", "none"})

# SPDX specification 2.3, annex D: what a document names itself, of its own or of another document.
_OWN: Final = ("licenseref-", "documentref-")
_WITH_IN_NAME: Final = "-with-"
_ONLY: Final = "-only"
_OR_LATER: Final = "-or-later"
_JOINING: Final = re.compile(r"[()]|(?:^|\s)(?:and|or)(?:\s|$)", re.IGNORECASE)


def canonical(name: str) -> str:
    """Give one spelling for all that name the same licence, as SPDX compares them: agpl-3.0 is agpl-3.0-only.

    What SPDX does not list comes back in small letters. `WITH` and its exception stay: "gpl-2.0-only with x".
    """
    folded = " ".join(name.casefold().split())
    return _identifiers().get(folded, folded)


def is_known(name: str) -> bool:
    """Whether a canonical name says which licence it is: SPDX lists it, or it is a bare such name and "+".

    "+" is "this version or a later one". What says so already, or says that it is only this one, is not bare. A
    document's own licence (LicenseRef-...) may be any, also one that SPDX lists under another name.
    """
    listed = _identifiers()
    bare = name.removesuffix("+")
    is_bare = not bare.endswith((_ONLY, _OR_LATER)) and _WITH_IN_NAME not in bare
    return name in listed or without_exception(name) in listed or (is_bare and bare in listed)


def is_own(name: str) -> bool:
    """Whether a canonical name is a document's own (LicenseRef-...), which SPDX does not list."""
    return name.startswith(_OWN)


def is_exception(name: str) -> bool:
    """Whether SPDX lists this name as an exception, which stands behind WITH."""
    return name.casefold() in _exceptions() and _WITH_IN_NAME not in name.casefold()


def is_expression(text: str) -> bool:
    """Whether a text is an SPDX expression of licences, some of them known or a document's own, and no single one.

    Words that only look so, such as "GPL v2 or later (GPLv2+)", are none. SPDX specification 2.3, annex D.
    """
    if not _JOINING.search(text):
        return False
    try:
        found = _licensing().license_symbols(text, decompose=False, simple=True)
    except Exception:  # noqa: BLE001 - the library's own errors are not all of one kind: "()" is an IndexError
        return False
    licenses = [canonical(getattr(symbol, "license_symbol", symbol).key) for symbol in found]
    return any(is_known(name) or is_own(name) or name in NOTHING_SAID for name in licenses)


def without_exception(name: str) -> str:
    """Give the licence that a canonical name is of, where it is an old one that says an exception too, else itself.

    SPDX deprecated these: gpl-2.0-with-classpath-exception and five others.
    """
    base, within, _ = name.partition(_WITH_IN_NAME)
    return canonical(base) if within and name in _exceptions() else name


def or_later(name: str) -> Iterator[str]:
    """Give the canonical names of this version of a licence or a later one; nothing where it says so itself."""
    if not name.endswith((_OR_LATER, "+")):
        yield f"{name}+"
    if name.endswith(_ONLY):
        yield f"{name.removesuffix(_ONLY)}{_OR_LATER}"


def names() -> Iterable[str]:
    """Give the SPDX identifiers of licences as SPDX writes them, for suggestions."""
    return (symbol.key for symbol in _symbols(exceptions=False) if not is_own(symbol.key.casefold()))


@cache
def _identifiers() -> Mapping[str, str]:
    """Map each spelling, in small letters, to the canonical one; the library's own LicenseRef-... are left out."""
    found: dict[str, str] = {}
    for symbol in _symbols(exceptions=False):
        identifier = symbol.key.casefold()
        if not is_own(identifier):
            found[identifier] = identifier
        for alias in _spellings(symbol.aliases):
            found.setdefault(alias, alias if is_own(identifier) else identifier)
    return found


@cache
def _exceptions() -> frozenset[str]:
    return frozenset(one for symbol in _symbols(exceptions=True) for one in _spellings((symbol.key, *symbol.aliases)))


def _spellings(written: Iterable[str]) -> Iterator[str]:
    return (one.casefold() for one in written if not is_own(one.casefold()))


def _symbols(*, exceptions: bool) -> Iterable[LicenseSymbol]:
    return (each for each in _licensing().known_symbols.values() if each.is_exception is exceptions)


@cache
def _licensing() -> Licensing:
    """Give what the library knows. It is imported here since it takes longer than all else that reads a policy file."""
    from license_expression import get_spdx_licensing  # noqa: PLC0415

    return get_spdx_licensing()
