"""Whether a rule accepts a tag by its name alone, and where the tag stands in the rule's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bot.images import is_tag
from bot.selection import patterns
from bot.selection.decision import Reason
from bot.selection.numbers import number_key
from bot.selection.reading import ANY_FAMILY, Family, Reading, read, version_of
from bot.selection.rule import Strategy, Variant, Versioning

if TYPE_CHECKING:
    from decimal import Decimal

    from bot.selection.rule import SelectionRule

_NUMBERS_WRITTEN: Final = {Versioning.SEMVER: (3, 3), Versioning.BUILD: (3, 3), Versioning.FOUR_PART: (4, 4)}
_ANY_COUNT: Final = (1, 4)


class Value(NamedTuple):
    """A tag, or what a filter takes out of it, in an order that knows no versions. It has the shape of a Reading."""

    family: Family
    key: tuple[Decimal | str]
    text: str


Place: TypeAlias = Reading | Value


def ordered(rule: SelectionRule, name: str) -> Place | Reason:
    """Tell where a tag stands in the order of `rule`, or why it stands nowhere."""
    value = name if rule.filter is None else rule.filter.value(name)
    if value is None:
        return Reason.FILTERED_OUT
    if rule.strategy is Strategy.SEMVER:
        return read(value, rule.versioning, rule.variant) or Reason.NOT_A_VERSION
    if rule.strategy is Strategy.NUMERICAL:
        number = number_key(value)
        return Reason.NOT_A_NUMBER if number is None else Value(ANY_FAMILY, (number,), value)
    return Value(ANY_FAMILY, (value,), value)


def barred(rule: SelectionRule, name: str, place: Place) -> Reason | None:
    """Tell why a tag that stands in the order may not be chosen: it is excluded, or its version is out of range.

    Nor may a name that no reference can hold.
    """
    if patterns.any_found(rule.exclude, name):
        return Reason.EXCLUDED
    if not is_tag(name):
        return Reason.NOT_A_TAG
    if isinstance(place, Value):
        return None
    version = version_of(place)
    if rule.constraint.allows(version):
        return None
    is_barred = version.prerelease and rule.constraint.allows_but_for_prerelease(version)
    return Reason.PRE_RELEASE if is_barred else Reason.OUT_OF_RANGE


def reason_against(rule: SelectionRule, name: str) -> Reason | None:
    """Tell why a tag may not be chosen, judged by its name; that it is excluded comes before all else."""
    if patterns.any_found(rule.exclude, name):
        return Reason.EXCLUDED
    place = ordered(rule, name)
    return place if isinstance(place, Reason) else barred(rule, name, place)


def standing(rule: SelectionRule, name: str) -> Place | Reason:
    """Tell where the tag in a file stands in the order, whether or not it may be chosen.

    More may stand than may be chosen: with `variant: any`, which takes three numbers, "1.2" stands for 1.2.0.
    """
    found = ordered(rule, name)
    if found is Reason.NOT_A_VERSION and rule.variant is Variant.ANY:
        value = name if rule.filter is None else rule.filter.value(name)
        short = read(value or "", rule.versioning, Variant.KEEP)
        if short is not None and not short.family.suffix:
            return Reading(ANY_FAMILY, short.key, short.text)
    return found


def is_kept(rule: SelectionRule, family: Family, current: Place | None) -> bool:
    """Whether tags of `family` may take the place of `current`; None: nothing stands there that is a version.

    Then a tag has all the numbers of its versioning and no suffix.
    """
    if rule.strategy is not Strategy.SEMVER or rule.variant is Variant.ANY:
        return True
    if current is not None:
        return family == current.family
    least, most = _NUMBERS_WRITTEN.get(rule.versioning, _ANY_COUNT)
    return not family.suffix and least <= family.parts <= most
