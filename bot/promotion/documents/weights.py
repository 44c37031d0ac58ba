"""How much of a document is read: what it tells, with all the names by which it tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from bot.promotion.documents.told import Unreadable
from bot.promotion.documents.values import MOST_ENTRIES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.promotion.documents.told import Opinion
    from bot.promotion.evidence import Vulnerability

T = TypeVar("T")


def weight_of_finding(finding: Vulnerability) -> int:
    """Count a finding and its other names."""
    return 1 + len(finding.aliases)


def weight_of_opinion(opinion: Opinion) -> int:
    """Count each name of a vulnerability with each component that it is said of."""
    return len(opinion.names) * max(1, len(opinion.components))


def bounded_findings(found: Iterable[Vulnerability]) -> tuple[Vulnerability, ...]:
    """Give all findings; raise Unreadable as soon as they weigh more than `MOST_ENTRIES`."""
    return tuple(_bounded(found, weight_of_finding))


def bounded_opinions(found: Iterable[Opinion]) -> tuple[Opinion, ...]:
    """Give all opinions; raise Unreadable as soon as they weigh more than `MOST_ENTRIES`."""
    return tuple(_bounded(found, weight_of_opinion))


def _bounded(found: Iterable[T], weight: Callable[[T], int]) -> Iterator[T]:
    total = 0
    for each in found:
        total += weight(each)
        if total > MOST_ENTRIES:
            raise Unreadable(f"it tells of more than {MOST_ENTRIES:,} vulnerabilities, by all their names")
        yield each
