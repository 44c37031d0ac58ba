"""One comparison of a range, such as `>=1.2` or `~1.x`, with the meaning that Masterminds' semver gives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bot.selection.version import Version


class Operator(Enum):
    """How a version is compared. A bare version is compared by EQUAL."""

    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    LESS = "<"
    GREATER_OR_EQUAL = ">="
    LESS_OR_EQUAL = "<="
    TILDE = "~"
    CARET = "^"

    __hash__ = object.__hash__  # Enum hashes the name, in Python, and this is looked up for each tag of a registry


class Precision(IntEnum):
    """How many numbers of the compared version were written before the first wildcard."""

    ANY = 0
    MAJOR = 1
    MINOR = 2
    PATCH = 3


@dataclass(frozen=True, slots=True)
class Comparator:
    """An operator and the version it compares with; numbers that were left open stand as 0 in `version`."""

    operator: Operator
    version: Version
    precision: Precision

    def holds(self, version: Version) -> bool:
        """Whether `version` passes. Whether pre-releases may pass at all is decided for the whole group, not here."""
        return _MEANING[self.operator](version, self)


def _equal(version: Version, comparator: Comparator) -> bool:
    if comparator.precision is Precision.PATCH:
        return version == comparator.version
    return _tilde(version, comparator)


def _not_equal(version: Version, comparator: Comparator) -> bool:
    bound = comparator.version
    if comparator.precision is Precision.MAJOR:
        return version.major != bound.major
    if comparator.precision is Precision.MINOR:
        return version.release[:2] != bound.release[:2] or version.prerelease != bound.prerelease
    return version != bound


def _greater(version: Version, comparator: Comparator) -> bool:
    bound = comparator.version
    if Precision.MAJOR <= comparator.precision <= Precision.MINOR:
        return version.release[: comparator.precision] > bound.release[: comparator.precision]
    return version > bound


def _less(version: Version, comparator: Comparator) -> bool:
    return version < comparator.version


def _greater_or_equal(version: Version, comparator: Comparator) -> bool:
    return version >= comparator.version


def _less_or_equal(version: Version, comparator: Comparator) -> bool:
    if comparator.precision is Precision.PATCH:
        return version <= comparator.version
    numbers = 1 if comparator.precision is Precision.MAJOR else 2
    return version.release[:numbers] <= comparator.version.release[:numbers]


def _tilde(version: Version, comparator: Comparator) -> bool:
    bound = comparator.version
    if version < bound:
        return False
    if bound.release == (0, 0, 0) and comparator.precision in {Precision.ANY, Precision.PATCH}:
        return True
    numbers = 1 if comparator.precision is Precision.MAJOR else 2
    return version.release[:numbers] == bound.release[:numbers]


def _caret(version: Version, comparator: Comparator) -> bool:
    bound = comparator.version
    if version < bound:
        return False
    if bound.major > 0 or comparator.precision is Precision.MAJOR:
        return version.major == bound.major
    if bound.minor > 0 or comparator.precision is Precision.MINOR:
        return version.release[:2] == bound.release[:2]
    return version.release == bound.release


_MEANING: Final[Mapping[Operator, Callable[[Version, Comparator], bool]]] = {
    Operator.EQUAL: _equal,
    Operator.NOT_EQUAL: _not_equal,
    Operator.GREATER: _greater,
    Operator.LESS: _less,
    Operator.GREATER_OR_EQUAL: _greater_or_equal,
    Operator.LESS_OR_EQUAL: _less_or_equal,
    Operator.TILDE: _tilde,
    Operator.CARET: _caret,
}
