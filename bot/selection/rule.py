"""What makes a tag acceptable: the rule that a policy hands to the choice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from bot.selection import patterns
from bot.selection.constraint import Constraint
from bot.selection.decision import Reason
from bot.selection.variants import suffix_of
from bot.selection.version import InvalidVersion, Version

if TYPE_CHECKING:
    from bot.images import Platform

ANY_VERSION: Final = Constraint.parse("*")
SIGNATURES_AND_ATTESTATIONS: Final = (r"\.(sig|att|sbom)$",)
_NUMBERS_OF_A_CANDIDATE: Final = 3


class Strategy(Enum):
    """How tags are ordered."""

    SEMVER = "semver"


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """Which tags may be chosen, and what orders them.

    `exclude` holds RE2 patterns that are searched anywhere in a tag. `platforms` are those an image must offer; None
    means those of the image in use. Raises InvalidPattern when made with a pattern that RE2 refuses.
    """

    strategy: Strategy = Strategy.SEMVER
    constraint: Constraint = ANY_VERSION
    exclude: tuple[str, ...] = SIGNATURES_AND_ATTESTATIONS
    platforms: frozenset[Platform] | None = None

    def __post_init__(self) -> None:
        for pattern in self.exclude:
            patterns.check(pattern)


class RestrictionKind(Enum):
    """What a person or the bot itself may lay upon an image."""

    HOLD = "hold"
    IGNORE = "ignore"
    PIN = "pin"
    SNOOZE = "snooze"
    QUARANTINE = "quarantine"


@dataclass(frozen=True, slots=True)
class Restriction:
    """Something laid upon an image from outside its policy. `reason` is a sentence of whoever laid it."""

    kind: RestrictionKind
    reason: str = ""


def examine(rule: SelectionRule, name: str) -> Version | Reason:
    """Tell the version of a tag that `rule` lets be chosen by its name, or the reason why it does not.

    A candidate writes all three numbers: "1.2" may move under its readers, and Flux does not take it either.
    """
    found = _judge(rule, name, _NUMBERS_OF_A_CANDIDATE)
    return Reason.OTHER_VARIANT if isinstance(found, Version) and suffix_of(name) else found


def standing(rule: SelectionRule, name: str) -> Version | Reason:
    """Tell the version of a tag that `rule` lets stand in a file, or the reason why it does not.

    More tags may stand than may be chosen: "1.2" stands for 1.2.0.
    """
    return _judge(rule, name, 1)


def version_of(name: str) -> Version | None:
    """Read a tag as a version; None when it is none."""
    try:
        return Version.parse(name)
    except InvalidVersion:
        return None


def _judge(rule: SelectionRule, name: str, numbers: int) -> Version | Reason:
    if patterns.any_found(rule.exclude, name):
        return Reason.EXCLUDED
    version = version_of(name)
    if version is None or version.parts < numbers:
        return Reason.NOT_A_VERSION
    if rule.constraint.allows(version):
        return version
    is_barred = version.prerelease and rule.constraint.allows_but_for_prerelease(version)
    return Reason.PRE_RELEASE if is_barred else Reason.OUT_OF_RANGE
