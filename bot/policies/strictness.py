"""What stricter means: the one table of the keys that an organisation may enforce."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from bot.images import quoted
from bot.policies import enforced_keys
from bot.policies.durations import shown_duration
from bot.policies.findings import RegistryPrefix
from bot.policies.policy import Delivery
from bot.policies.rules import Severity
from bot.selection import ALL_UPDATES, PinDigest, UpdateKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import time

    from bot.images import Platform
    from bot.policies.models import AutoMergeSection, WindowSection

_MINUTES_A_DAY: Final = 24 * 60
_MINUTES_A_WEEK: Final = 7 * _MINUTES_A_DAY
_WHOLE_WEEK: Final = (1 << _MINUTES_A_WEEK) - 1


@dataclass(frozen=True, slots=True)
class Measure:
    """How the values of a key compare.

    `is_as_strict` tells whether its first argument is as strict as its second, or stricter: so is each value as
    itself, and what is as strict as something is as strict as all that this is as strict as. `demand` says what an
    enforced value leaves to choose from; it follows the name of the key.
    """

    is_as_strict: Callable[[Any, Any], bool]
    demand: Callable[[Any], str]


def _fails_as_early(value: Severity | None, demanded: Severity | None) -> bool:
    return demanded is None or (value is not None and value <= demanded)


def _is_as_severe(value: Severity | None, demanded: Severity | None) -> bool:
    return demanded is None or (value is not None and value >= demanded)


def _holds(value: Iterable[object], demanded: Iterable[object]) -> bool:
    return set(value) >= set(demanded)


def _updates_at_most(value: Iterable[UpdateKind] | None, demanded: Iterable[UpdateKind] | None) -> bool:
    return set(_kinds(value)) <= set(_kinds(demanded))


def _offers(value: Iterable[Platform] | None, demanded: Iterable[Platform] | None) -> bool:
    if demanded is None or value is None:
        return demanded is None
    return _holds(_platforms(value), _platforms(demanded))


def _pins_as_often(value: PinDigest, demanded: PinDigest) -> bool:
    return _PINNING.index(value) >= _PINNING.index(demanded)


_PINNING: Final = (PinDigest.NEVER, PinDigest.IF_NOT_PRESENT, PinDigest.ALWAYS)


def _merges_as_rarely(value: AutoMergeSection | None, demanded: AutoMergeSection | None) -> bool:
    """Whether nothing is merged that the other would not merge, and at no other time."""
    if value is None or demanded is None:
        return value is None
    return (
        _updates_at_most(value.updates, demanded.updates)
        and value.require_checks >= demanded.require_checks
        and _is_open_as_rarely(value.window, demanded.window)
    )


def _is_open_as_rarely(value: WindowSection | None, demanded: WindowSection | None) -> bool:
    """Whether a window lies within another, by the same clock. What is always open has no need of a clock."""
    if demanded is None or _minutes(demanded.days, demanded.hours) == _WHOLE_WEEK:
        return True
    if value is None or value.timezone != demanded.timezone:
        return False
    return not _minutes(value.days, value.hours) & ~_minutes(demanded.days, demanded.hours)


@lru_cache(maxsize=256)
def _minutes(days: frozenset[int], hours: tuple[time, time]) -> int:
    """Give the minutes of the week in which a window is open, each as a bit."""
    begin, end = (each.hour * 60 + each.minute for each in hours)
    length = end - begin if end > begin else end - begin + _MINUTES_A_DAY
    bits = 0
    for day in days:
        bits |= ((1 << length) - 1) << (day * _MINUTES_A_DAY + begin)
    return (bits & _WHOLE_WEEK) | (bits >> _MINUTES_A_WEEK)


def _covers_no_more(value: Iterable[object], demanded: Iterable[object]) -> bool:
    return all(any(_is_part(each, allowed) for allowed in demanded) for each in value)


def _covers_as_much(value: Iterable[object], demanded: Iterable[object]) -> bool:
    return _covers_no_more(demanded, value)


def _is_part(value: object, whole: object) -> bool:
    """Whether a registry, or a part of it, lies within another; anything else is only part of itself."""
    if isinstance(value, RegistryPrefix) and isinstance(whole, RegistryPrefix):
        return whole.holds(value)
    return value == whole


def _kinds(updates: Iterable[UpdateKind] | None) -> list[UpdateKind]:
    given = ALL_UPDATES if updates is None else frozenset(updates)
    return [kind for kind in UpdateKind if kind in given]


def _platforms(platforms: Iterable[Platform]) -> list[Platform]:
    return sorted({platform.normalised() for platform in platforms}, key=str)


def _words(items: Iterable[object]) -> str:
    return ", ".join(map(str, items))


def _and_more(items: Iterable[object]) -> str:
    words = _words(items)
    return f"holds {words}, and perhaps more" if words else _ANYTHING


def _or_fewer(items: Iterable[object]) -> str:
    words = _words(items)
    return f"holds nothing but {words}" if words else "is empty"


def _shown_merging(demanded: AutoMergeSection | None) -> str:
    if demanded is None:
        return "is false"
    conditions = [f"has no `updates` but {_words(kind.value for kind in _kinds(demanded.updates))}"]
    if demanded.require_checks:
        conditions.append("`require-checks: true`")
    if demanded.window is not None:
        conditions.append(f"a `window` within the organisation's, by the clock of {demanded.window.timezone}")
    return f"is false, or {', '.join(conditions)}"


def _either(words: Sequence[str]) -> str:
    *others, last = words
    return f"is {', '.join(others)} or {last}" if others else f"is {last}"


def _shown_lowest(demanded: Severity | None) -> str:
    return _ANYTHING if demanded is None else _either([each.word for each in Severity if each <= demanded])


def _shown_highest(demanded: Severity | None) -> str:
    return _ANYTHING if demanded is None else _either([each.word for each in Severity if each >= demanded])


def _shown_pinning(demanded: PinDigest) -> str:
    return _either([pin.value for pin in _PINNING[_PINNING.index(demanded) :]])


def _shown_delivery(demanded: Delivery) -> str:
    return _ANYTHING if demanded is Delivery.COMMIT else f"is {demanded.value}"


_ANYTHING: Final = "is anything"
_AS_EARLY: Final = Measure(_fails_as_early, _shown_lowest)
_ONLY_FALSE: Final = Measure(lambda value, demanded: bool(value <= demanded), lambda _: "is false")
_ONLY_TRUE: Final = Measure(lambda value, demanded: bool(value >= demanded), lambda _: "is true")
_MORE: Final = Measure(_covers_as_much, _and_more)
_FEWER: Final = Measure(_covers_no_more, _or_fewer)

MEASURES: Final[Mapping[str, Measure]] = {
    enforced_keys.FAIL_ON: _AS_EARLY,
    enforced_keys.COMMENT_ON: _AS_EARLY,
    enforced_keys.MIN_AGE: Measure(
        lambda value, demanded: bool(value >= demanded), lambda demanded: f"is {shown_duration(demanded)} or longer"
    ),
    enforced_keys.UPDATES: Measure(
        _updates_at_most, lambda demanded: _or_fewer(kind.value for kind in _kinds(demanded))
    ),
    enforced_keys.EXCLUDE: Measure(_holds, lambda demanded: _and_more(map(quoted, demanded))),
    enforced_keys.PLATFORMS: Measure(_offers, lambda demanded: _and_more(_platforms(demanded or ()))),
    enforced_keys.PIN_DIGEST: Measure(_pins_as_often, _shown_pinning),
    enforced_keys.WORKFLOWS: _ONLY_FALSE,
    enforced_keys.AUTO_MERGE: Measure(_merges_as_rarely, _shown_merging),
    enforced_keys.DELIVERY: Measure(
        lambda value, demanded: demanded is Delivery.COMMIT or value is Delivery.PULL_REQUEST, _shown_delivery
    ),
}

SEVERITY: Final = Measure(_is_as_severe, _shown_highest)

OPTIONS: Final[Mapping[str, Measure]] = {
    "allow": _FEWER,
    "private": _MORE,
    "mutable-tags": _MORE,
    "cpu-limit": _ONLY_TRUE,
    "liveness": _ONLY_TRUE,
}
