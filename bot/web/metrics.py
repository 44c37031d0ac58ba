"""What an operator can count about the doors and about what waits behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog
from prometheus_client import Counter, Gauge, generate_latest

from bot.store import StoreError

if TYPE_CHECKING:
    from datetime import datetime

    from bot.store import Store

log = structlog.get_logger()

DELIVERIES: Final = Counter(
    "niro_deliveries", "Deliveries, by what sent them and how they were answered", ("source", "answer")
)
OLDEST_DELIVERY: Final = Gauge(
    "niro_deliveries_oldest_waiting_seconds", "How long the oldest delivery that is not handled yet has waited"
)
DEAD_DELIVERIES: Final = Gauge("niro_deliveries_dead", "Deliveries of the last week that could not be handled")
OPEN_WORK: Final = Gauge("niro_work_open", "Work that waits or is being done, by kind", ("kind",))
DEAD_WORK: Final = Gauge("niro_work_dead", "Work that was given up and wants a person, by kind", ("kind",))
STORE_ANSWERS: Final = Gauge("niro_store_answers", "Whether the database answered when the metrics were read: 1 or 0")

REFUSALS: Final = {
    400: "malformed",
    401: "unsigned",
    404: "unknown_hook",
    408: "too_slow",
    413: "too_large",
    429: "too_many",
    500: "failed",
    503: "not_stored",
}
"""What a refusal's status means at a door."""


async def exposition(store: Store, now: datetime) -> bytes:
    """Return every metric in Prometheus' text format; what the store knows is read now."""
    try:
        counts = await store.due.counts()
        oldest = await store.deliveries.oldest_waiting(now)
        dead = await store.deliveries.count_dead()
    except StoreError as error:
        log.warning("metrics.store_failed", reason=str(error))
        STORE_ANSWERS.set(0)
        return generate_latest()
    STORE_ANSWERS.set(1)
    OLDEST_DELIVERY.set(0 if oldest is None else oldest.total_seconds())
    DEAD_DELIVERIES.set(dead)
    OPEN_WORK.clear()
    DEAD_WORK.clear()
    for kind, count in counts.items():
        OPEN_WORK.labels(kind).set(count.open)
        DEAD_WORK.labels(kind).set(count.dead)
    return generate_latest()
