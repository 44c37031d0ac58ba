"""The words of a decision: tags, times and rules as they are shown in its sentences."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from bot.images import is_tag, quoted
from bot.selection.decision import Explained, Reason
from bot.selection.rule import Order, Strategy, Versioning

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.selection.rule import SelectionRule

_DIGEST: Final = re.compile(r"[a-z0-9+._-]{1,32}:[0-9a-zA-Z]{1,128}")
_LONGEST_SHOWN: Final = 120
_UNITS: Final = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def shown_tag(name: str) -> str:
    """Show a tag in a sentence: as it is where it is a tag by grammar, else quoted and escaped."""
    return name if is_tag(name) else quoted(name)


def shown_digest(digest: str) -> str:
    """Show a digest in a sentence: as it is where it looks like one, else quoted and escaped."""
    return digest if _DIGEST.fullmatch(digest) else quoted(digest)


def moment(instant: datetime) -> str:
    """Show a moment to the minute: "2026-01-04 12:30 UTC"; at the ends of time with its own offset."""
    try:
        return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    except OverflowError:
        return instant.isoformat(" ", "minutes")


def in_words(duration: timedelta) -> str:
    """Show a duration in its largest whole unit: "3 days", "90 minutes"."""
    for name, unit in _UNITS:
        if duration >= unit and not duration % unit:
            count = duration // unit
            return f"{count} {name}" if count == 1 else f"{count} {name}s"
    return f"{duration.total_seconds():g} seconds"


def _shown_pattern(pattern: str) -> str:
    """Show a pattern as it was written, and quoted only where it holds what would not show."""
    is_plain = pattern.isascii() and pattern.isprintable() and "`" not in pattern and len(pattern) <= _LONGEST_SHOWN
    return f"`{pattern}`" if is_plain else quoted(pattern)


def because(reason: str) -> str:
    """Add whoever's reason to a sentence, between quotes; nothing where none was given."""
    return f": {quoted(reason)}" if reason else ""


def best(rule: SelectionRule, name: str) -> str:
    """Say that a tag is the one to choose."""
    return f"{shown_tag(name)} is the {_superlative(rule)}{_scope(rule)}"


def nothing_better(rule: SelectionRule, name: str) -> str:
    """Say that the tag in the file stays."""
    return f"{shown_tag(name)} stays: nothing {_comparative(rule)} is acceptable{_scope(rule)}"


def nothing_acceptable(rule: SelectionRule) -> str:
    """Say that there is no tag to choose."""
    return f"No tag is acceptable{_scope(rule)}"


def behind(rule: SelectionRule, name: str, selected: str) -> str:
    """Say that a tag comes after the selected one."""
    if rule.strategy in {Strategy.SEMVER, Strategy.NEWEST_BUILD}:
        return f"{shown_tag(name)} is older than {shown_tag(selected)}"
    return f"{shown_tag(name)} is not {_comparative(rule)} than {shown_tag(selected)}"


def _scope(rule: SelectionRule) -> str:
    return f" in the range {rule.constraint}" if rule.strategy is Strategy.SEMVER else ""


def _superlative(rule: SelectionRule) -> str:
    match rule.strategy:
        case Strategy.ALPHABETICAL:
            return f"{'last' if rule.order is Order.ASCENDING else 'first'} acceptable tag by the alphabet"
        case Strategy.NUMERICAL:
            return f"{'highest' if rule.order is Order.ASCENDING else 'lowest'} acceptable number"
        case Strategy.NEWEST_BUILD:
            return "newest acceptable build"
        case _:
            return "newest acceptable tag"


def _comparative(rule: SelectionRule) -> str:
    match rule.strategy:
        case Strategy.ALPHABETICAL:
            return "later" if rule.order is Order.ASCENDING else "earlier"
        case Strategy.NUMERICAL:
            return "higher" if rule.order is Order.ASCENDING else "lower"
        case _:
            return "newer"


_OUTSIDE: Final[Mapping[Reason, str]] = {
    Reason.NOT_A_TAG: "{tag} cannot be a tag",
    Reason.FILTERED_OUT: "{tag} does not match the filter {filter}",
    Reason.EXCLUDED: "{tag} is excluded by one of the patterns {exclude}",
    Reason.NOT_A_NUMBER: "{tag} is not a number{value}",
    Reason.OUT_OF_RANGE: "{tag} is not in the range {range}",
    Reason.PRE_RELEASE: "{tag} is a pre-release; the range {range} names none and so lets none in",
}
_NO_VERSION: Final[Mapping[Versioning, str]] = {
    Versioning.SEMVER: "is not a version of three numbers",
    Versioning.CALVER: "is not a date",
    Versioning.FOUR_PART: "is not a version of four numbers",
    Versioning.BUILD: "is not a version of three numbers with its build",
}


def outside(rule: SelectionRule, name: str, reason: Reason) -> Explained:
    """Put into a sentence why `rule` does not accept a tag by its name."""
    value = name if rule.filter is None else rule.filter.value(name) or ""
    of_value = "" if value == name else f": the filter takes {quoted(value)} out of it"
    if reason is Reason.NOT_A_VERSION:
        return Explained(reason, f"{shown_tag(name)} {_NO_VERSION[rule.versioning]}{of_value}")
    sentence = _OUTSIDE[reason].format(
        tag=shown_tag(name),
        range=rule.constraint,
        exclude=", ".join(map(_shown_pattern, rule.exclude)),
        filter="" if rule.filter is None else _shown_pattern(rule.filter.pattern),
        value=of_value,
    )
    return Explained(reason, sentence)
