"""What it costs to list 100,000 tags in pages of 1,000, to list them again unchanged, and to record them with one new.

The registry is a process of its own that speaks HTTP over loopback; the store is a file of SQLite.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import uvloop

from benchmarks.cpu import each, in_a_new_process, median
from benchmarks.databases import folder, sqlite_url
from benchmarks.finding import most_memory
from benchmarks.registry import LARGE, TAGS_OF_LARGE, running_registry, tags_of_large
from benchmarks.table import Row
from benchmarks.working import LOOPBACK, Clock
from bot.registries import Registries, guarded_sessions
from bot.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.progress import Progress

RUNS = 3
HOSTS = 2
"""The second wants no tokens."""


@dataclass(slots=True)
class Cost:
    """Seconds of CPU, and of a clock."""

    cpu: float = 0.0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Costs:
    """What each step cost in one process; memory in mebibytes, before the first and at most while listing."""

    listed: Cost
    unchanged: Cost
    before: float
    most: float


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the ledger's part cost: all tags new, one new, none new, and reading all of them."""

    first: Cost
    one_new: Cost
    none_new: Cost
    read: Cost


def measure(progress: Progress) -> list[Row]:
    """List and record a few times, each time in a process that remembers nothing."""
    return uvloop.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    async with running_registry(HOSTS) as registry:
        listed = [await asyncio.to_thread(in_a_new_process, list_twice, registry.hosts[1]) for _ in range(RUNS)]
        asked = await registry.asked()
    progress.say(f"listing: {_each(run.listed for run in listed)}; again: {_each(run.unchanged for run in listed)}")
    with folder() as directory:
        kept = [await asyncio.to_thread(in_a_new_process, record, sqlite_url(directory)) for _ in range(RUNS)]
    progress.say(f"recording one new: {_each(run.one_new for run in kept)}; reading {_each(run.read for run in kept)}")
    middle = sorted(listed, key=lambda run: run.most - run.before)[RUNS // 2]
    what = f"{TAGS_OF_LARGE:,} tags"
    return [
        _row(f"listing {what}, {asked['list'] // RUNS // 2} pages", [run.listed for run in listed]),
        _row("the same unchanged", [run.unchanged for run in listed]),
        Row(f"memory to list {what}", f"{middle.most - middle.before:.0f} MB above {middle.before:.0f} MB at rest"),
        _row(f"recording {what}, all new", [run.first for run in kept]),
        _row(f"recording {what}, 1 new", [run.one_new for run in kept]),
        _row(f"recording {what}, none new", [run.none_new for run in kept]),
        _row(f"reading {what} from the ledger", [run.read for run in kept]),
    ]


def _row(what: str, costs: list[Cost]) -> Row:
    seconds = statistics.median(cost.seconds for cost in costs)
    return Row(what, f"{median([cost.cpu for cost in costs])}, {seconds:.2f} s by the clock")


def _each(costs: Iterator[Cost]) -> str:
    return each([cost.cpu for cost in costs])


def list_twice(host: str) -> Costs:
    """List the tags, and again with what is known of the list then."""
    return uvloop.run(_listed_twice(host))


async def _listed_twice(host: str) -> Costs:
    async with guarded_sessions(LOOPBACK) as sessions:
        registries = Registries(sessions, insecure_hosts=frozenset({host}))
        before = most_memory()
        with _cost() as listing:
            listed = await registries.tags(host, LARGE)
        most = most_memory()
        with _cost() as again:
            unchanged = await registries.tags(host, LARGE, known=listed.digest_of_list)
        assert (len(listed.names), unchanged.unchanged) == (TAGS_OF_LARGE, True)
        return Costs(listing, again, before, most)


def record(url: str) -> Recorded:
    """Record the tags in an empty store, and again with one more, and the same again; then read them."""
    return uvloop.run(_recorded(url))


async def _recorded(url: str) -> Recorded:
    names = tags_of_large()
    async with await Store.open(url) as store:
        first = await _record(store, names, appeared=TAGS_OF_LARGE)
        one_new = await _record(store, [*names, "new"], appeared=1)
        none_new = await _record(store, [*names, "new"], appeared=0)
        with _cost() as reading:
            read = await store.ledger.tags("registry.example", LARGE)
        assert len(read) == TAGS_OF_LARGE + 1
        return Recorded(first, one_new, none_new, reading)


async def _record(store: Store, names: list[str], *, appeared: int) -> Cost:
    with _cost() as cost:
        changes = await store.ledger.record("registry.example", LARGE, names, Clock()())
    assert len(changes.appeared) == appeared
    return cost


@contextmanager
def _cost() -> Iterator[Cost]:
    cost = Cost()
    cpu, begin = time.process_time(), time.monotonic()
    yield cost
    cost.cpu, cost.seconds = time.process_time() - cpu, time.monotonic() - begin
