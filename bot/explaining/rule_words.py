"""A policy's rule in a few words: how tags are ordered, and what narrows the choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.selection import (
    ALL_UPDATES,
    Clock,
    Order,
    PinDigest,
    SelectionRule,
    Strategy,
    UpdateKind,
    Variant,
    Versioning,
)

if TYPE_CHECKING:
    from bot.policies import ImagePolicy


def range_of(policy: ImagePolicy) -> str | None:
    """Give the range as it was written; None where the strategy knows no ranges."""
    return policy.range if policy.rule.strategy is Strategy.SEMVER else None


def rule_words(policy: ImagePolicy) -> str:
    """Describe a rule: the strategy, its range, and each other setting that is not the default."""
    rule = policy.rule
    written = range_of(policy)
    words = {
        f"range {written}": written is not None,
        f"versioning {rule.versioning.value}": rule.versioning is not Versioning.SEMVER,
        "variant any": rule.variant is Variant.ANY,
        f"track {rule.track}": rule.track is not None,
        f"order {rule.order.value}": rule.order is not Order.ASCENDING,
        f"clock {rule.clock.value}": rule.clock is not Clock.PUSH,
        _exclude(rule): rule.exclude != SelectionRule().exclude,
        f"filter {rule.filter and rule.filter.pattern}": rule.filter is not None,
        f"extract {rule.filter and rule.filter.extract}": rule.filter is not None and bool(rule.filter.extract),
        f"updates {_updates(rule)}": rule.updates != ALL_UPDATES,
        f"platforms {_platforms(rule)}": rule.platforms is not None,
        f"min-age {_age(rule.min_age.total_seconds())}": bool(rule.min_age),
        f"pin {rule.pin}": rule.pin is not None,
        f"pin-digest {rule.pin_digest.value}": rule.pin_digest is not PinDigest.NEVER,
    }
    return ", ".join([rule.strategy.value, *(text for text, is_said in words.items() if is_said)])


def _exclude(rule: SelectionRule) -> str:
    return f"exclude {', '.join(rule.exclude)}" if rule.exclude else "exclude nothing"


def _updates(rule: SelectionRule) -> str:
    return ", ".join(kind.value for kind in UpdateKind if kind in rule.updates)


def _platforms(rule: SelectionRule) -> str:
    return ", ".join(sorted(map(str, rule.platforms or ())))


def _age(seconds: float) -> str:
    """Write an age in the largest unit that leaves no rest."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds / size:g}{unit}"
    return f"{seconds:g}s"
