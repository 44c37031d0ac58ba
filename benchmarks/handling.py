"""How many stored deliveries a second become due work: claimed, parsed, routed, coalesced and marked."""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import uvloop

from benchmarks.databases import folder, postgres, postgres_url, sqlite_url
from benchmarks.payloads import mixed
from benchmarks.table import LeftOut, Row
from bot import flows  # noqa: F401 - registers every handler
from bot.assembly import now
from bot.flows.delivery import drain
from bot.flows.parts import Parts
from bot.store import Delivery, Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.progress import Progress

DELIVERIES = 5000
RUNS = 3


def measure(progress: Progress) -> list[Row]:
    """Measure on SQLite and, where it is installed, on PostgreSQL; on the event loop that `niro serve` runs on."""
    return uvloop.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    bodies = mixed(DELIVERIES)
    with folder() as directory:
        rates = [await _rate(sqlite_url(directory), bodies) for _ in range(RUNS)]
    progress.say(f"SQLite: {_shown(rates)}")
    rows = [Row("deliveries handled, SQLite", f"{statistics.median(rates):,.0f}/s", "1,000/s")]
    try:
        with postgres() as server:
            rates = [await _rate(postgres_url(server), bodies) for _ in range(RUNS)]
    except LeftOut as reason:
        progress.say(f"PostgreSQL is left out: {reason}")
        return rows
    progress.say(f"PostgreSQL: {_shown(rates)}")
    return [*rows, Row("deliveries handled, PostgreSQL", f"{statistics.median(rates):,.0f}/s", "500/s")]


def _shown(rates: list[float]) -> str:
    return ", ".join(f"{rate:,.0f}/s" for rate in rates)


async def _rate(url: str, bodies: list[tuple[str, bytes]]) -> float:
    async with _stored(url, bodies) as parts:
        begin = time.perf_counter()
        handled = 0
        while count := await drain(parts):
            handled += count
        seconds = time.perf_counter() - begin
        assert handled == len(bodies), f"{handled} of {len(bodies)} deliveries were handled"
        assert not await parts.store.deliveries.claim(1, now(), now() + timedelta(seconds=1))
        return handled / seconds


@asynccontextmanager
async def _stored(url: str, bodies: list[tuple[str, bytes]]) -> AsyncIterator[Parts]:
    async with await Store.open(url) as store:
        deliveries = [Delivery(f"id-{number}", "github", *each, now()) for number, each in enumerate(bodies)]
        await asyncio.gather(*(store.deliveries.append(delivery) for delivery in deliveries))
        unused: Any = None
        yield Parts(store=store, github=unused, registries=unused, clock=now, executor=unused)
