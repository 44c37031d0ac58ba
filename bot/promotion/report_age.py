"""Which reports on an image are of an age to count, and what is said of the others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.promotion.wording import duration, moment, shown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.policies.promotions import Evidence
    from bot.promotion.evidence import ScanReport

FUTURE_ALLOWED: Final = timedelta(minutes=5)
"""How far the clock of who made a document may be ahead."""


def usable(
    reports: Iterable[ScanReport], now: datetime, longest: timedelta
) -> tuple[tuple[ScanReport, ...], tuple[str, ...]]:
    """Give the reports that count at `now`, and for each of the others why it counts for nothing.

    A report counts from when it was made until `longest` later; one that does not say when counts for nothing.
    """
    count: list[ScanReport] = []
    complaints: list[str] = []
    for report in reports:
        complaint = _complaint(report, now, longest)
        if complaint is None:
            count.append(report)
        else:
            complaints.append(f"{shown(report.source.place)} {complaint}")
    return tuple(count), tuple(complaints)


def outdated(
    reports: Iterable[ScanReport], counting: Collection[ScanReport], kinds: frozenset[Evidence]
) -> frozenset[Evidence]:
    """Give those of some kinds that reported something, where nothing as good of any of them is among what counts now.

    A report that may be less than a scan (`is_partial`) is not as good as a whole one.
    """
    at_hand = [each.is_partial for each in counting if each.source.kind in kinds]
    if False in at_hand:
        return frozenset()
    return frozenset(
        each.source.kind for each in reports if each.source.kind in kinds and not (each.is_partial and at_hand)
    )


def _complaint(report: ScanReport, now: datetime, longest: timedelta) -> str | None:
    if report.made_at is None:
        return "does not say when it was made"
    if report.made_at > now + FUTURE_ALLOWED:
        return f"is from {moment(report.made_at)}, which is still to come"
    if now - report.made_at > longest:
        return f"is from {moment(report.made_at)}, more than {duration(longest)} ago"
    return None
