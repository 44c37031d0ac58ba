"""A range of versions, in the language of Masterminds' semver 3.5 that Flux's users write."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from bot.images import quoted
from bot.selection.comparator import Comparator, Operator, Precision
from bot.selection.version import InvalidVersion, Version

Group = tuple[Comparator, ...]

LONGEST_CONSTRAINT: Final = 512
MOST_GROUPS: Final = 32

_SPACE = r"[\t\n\f\r ]"
# With the bar, as Masterminds has it: it decides what belongs to a hyphen range beside ||. Runs of digits and of spaces
# are taken whole and not begun in their middle, else a range of 512 of them would take milliseconds.
_NUMBER = r"(?<![0-9xX*|])[0-9xX*|]++"
_IDENTIFIERS = r"[0-9A-Za-z-]++(?:\.[0-9A-Za-z-]++)*+"
_VERSION = rf"v?{_NUMBER}(?:\.{_NUMBER}){{0,2}}(?:-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?"
_COMPARATOR = re.compile(
    rf"(!=|>=|=>|<=|=<|~>|=|>|<|~|\^|){_SPACE}*"
    rf"(v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(-{_IDENTIFIERS})?(?:\+{_IDENTIFIERS})?)"
)
_SEPARATOR = re.compile(rf"{_SPACE}*,{_SPACE}*|{_SPACE}+")
_SPACES = re.compile(rf"{_SPACE}*")
_HYPHEN_RANGE = re.compile(rf"(?:(?<!{_SPACE}){_SPACE}++)?({_VERSION}){_SPACE}++-{_SPACE}++({_VERSION}){_SPACE}*+")
_WILDCARDS: Final = frozenset({"x", "X", "*"})
_SYNONYMS: Final = {"": "=", "=>": ">=", "=<": "<=", "~>": "~"}


class InvalidConstraint(ValueError):
    """A text that is no range of versions. `.text` is the text as it came, `.reason` says what is wrong with it."""

    def __init__(self, text: str, reason: str) -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"{quoted(text)} is not a range of versions: {reason}")


@dataclass(frozen=True, slots=True)
class Constraint:
    """Groups of comparisons: a version passes when it passes every comparison of one group.

    A pre-release passes only a group of which some comparison names a pre-release (`^1.x-0`), and then for every
    release, not only for the one that is named: `groups_for_prereleases` holds these groups.
    """

    text: str
    groups: tuple[Group, ...]
    groups_for_prereleases: tuple[Group, ...] = field(compare=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> Constraint:
        """Read a range; raise InvalidConstraint.

        Operators are `= != > < >= <= ~ ^` (also `=>`, `=<`, `~>`), wildcards `x`, `X`, `*`. Space or comma mean "and",
        `||` means "or", `1.0 - 2.0` is `>=1.0, <=2.0`. At most 512 characters and 32 groups. Write spaces around `||`
        beside a hyphen range: Masterminds reads `1||2 - 3` as `>=1 || 2, <=3`, and it is read so here.
        """
        if len(text) > LONGEST_CONSTRAINT:
            raise InvalidConstraint(text, f"it is longer than {LONGEST_CONSTRAINT} characters")
        groups = _HYPHEN_RANGE.sub(r">=\1, <=\2 ", text).split("||")
        if len(groups) > MOST_GROUPS:
            raise InvalidConstraint(text, f"it has more than {MOST_GROUPS} alternatives")
        read = tuple(_read_group(group, text) for group in groups)
        return cls(text, read, tuple(group for group in read if _names_prerelease(group)))

    def allows(self, version: Version) -> bool:
        """Whether `version` is in the range."""
        return _holds_any(self.groups_for_prereleases if version.prerelease else self.groups, version)

    def allows_but_for_prerelease(self, version: Version) -> bool:
        """Whether `version` is in the range, or would be if the range let pre-releases in."""
        return _holds_any(self.groups, version)

    def __str__(self) -> str:
        return " ".join(self.text.split())


def _names_prerelease(group: Group) -> bool:
    return any(comparator.version.prerelease for comparator in group)


def _holds_any(groups: tuple[Group, ...], version: Version) -> bool:
    """Whether all comparisons of some group hold. Loops: any() and all() take three times as long for a few items."""
    for group in groups:
        for comparator in group:
            if not comparator.holds(version):
                break
        else:
            return True
    return False


def _read_group(group: str, text: str) -> Group:
    """Read comparisons with separators between them, from the left; nothing may be left over."""
    if not group.strip():
        raise InvalidConstraint(text, "it is empty, or empty beside ||; write * for any version")
    comparators = []
    position = _SPACES.match(group).end()  # type: ignore[union-attr]  # matches the empty text too
    while True:
        match = _COMPARATOR.match(group, position)
        if match is None:
            raise InvalidConstraint(text, f"{quoted(group[position:])} does not begin with a version or an operator")
        comparators.append(_read_comparator(match, text))
        separator = _SEPARATOR.match(group, match.end())
        position = separator.end() if separator else match.end()
        if position == len(group) and not (separator and "," in separator[0]):
            return tuple(comparators)
        if separator is None:
            raise InvalidConstraint(text, _not_understood(text, group[position:], match[0]))


def _not_understood(text: str, rest: str, before: str) -> str:
    reason = f"{quoted(rest)} is not understood after {quoted(before)}"
    hyphen_range = _HYPHEN_RANGE.search(text)
    if hyphen_range is None:
        return reason
    shown = quoted(hyphen_range[0])
    return f"{reason}, where {shown} was read as a range; put a comma, or || between spaces, beside it"


def _read_comparator(match: re.Match[str], text: str) -> Comparator:
    symbol, written, *numbers, prerelease = match.groups()
    precision = Precision(_numbers_before_wildcard(numbers))
    if precision is not Precision.PATCH:
        known = [*numbers[:precision], "0", "0", "0"][:3]
        written = ".".join(known) + (prerelease or "")
    try:
        version = Version.parse(written)
    except InvalidVersion as error:
        raise InvalidConstraint(text, f"{quoted(match[2])} is not a version: {error.reason}") from None
    return Comparator(Operator(_SYNONYMS.get(symbol, symbol)), version, precision)


def _numbers_before_wildcard(numbers: list[str | None]) -> int:
    for count, number in enumerate(numbers):
        if number is None or number in _WILDCARDS:
            return count
    return len(numbers)
