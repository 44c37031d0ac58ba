"""What it costs to poll 5,000 images, which 50,000 policies of 10,000 repositories follow, when nothing is new.

The store is a file of SQLite or a server of PostgreSQL, the registry a process of its own that speaks HTTP over
loopback. Seconds of CPU are those of the bot's process, whole: the loop, the threads of the store and of the queue.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
import uvloop

from benchmarks.cpu import in_a_new_process
from benchmarks.databases import folder, postgres, postgres_url, sqlite_url
from benchmarks.finding import most_memory
from benchmarks.fleet import Fleet, fill
from benchmarks.registry import RegistryProcess, running_registry
from benchmarks.table import LeftOut, Row
from benchmarks.working import SLOTS, Addresses, Clock, Wake, at_work, parts_of
from bot.flows.failures import classify
from bot.flows.following import poll_after
from bot.jobs.performance import Performance
from bot.jobs.performing import performer
from bot.jobs.timing import Timing
from bot.jobs.work import PollImage, kind
from bot.logs import configure_logs

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from benchmarks.progress import Progress
    from bot.flows.parts import Parts
    from bot.jobs.work import Work
    from bot.store import DueWork

HOSTS = 10
PACED_SECONDS = 20
SETTLING_SECONDS = 2
"""What came due while the runner started is done by then."""

INTERVAL_SECONDS = 300
BACKLOG_SECONDS = 100
LEASE = timedelta(seconds=30)


class Polls:
    """Performs polls, and counts them."""

    def __init__(self, parts: Parts, enough: int) -> None:
        self.done = 0
        self.enough = asyncio.Event()
        self._enough = enough
        self._parts = parts

    async def __call__(self, work: Work) -> None:
        try:
            await performer(kind(work))(work, self._parts)
        finally:
            self.done += 1
            if self.done == self._enough:
                self.enough.set()


@dataclass(slots=True)
class Cost:
    """How many polls there were, and the seconds that they took: of the processor, and by a clock."""

    polls: int = 0
    cpu: float = 0.0
    seconds: float = 0.0

    def of(self, polls: int) -> float:
        """Return the seconds of CPU that so many polls take."""
        return self.cpu / self.polls * polls

    def __str__(self) -> str:
        return f"{self.polls:,} polls in {self.cpu:.1f} s of CPU and {self.seconds:.0f} s by the clock"


@dataclass(frozen=True, slots=True)
class Round:
    """All polls at once: what they cost, and what was asked."""

    cost: Cost
    asked: Counter[str]


@dataclass(frozen=True, slots=True)
class Polled:
    """What it cost: all polls at once, some without the queue, and at their own pace; memory in mebibytes."""

    at_once: Round | None
    queueless: Cost
    paced: Cost
    at_rest: float
    most: float


def measure(progress: Progress) -> list[Row]:
    """Measure on SQLite and, where it is installed, on PostgreSQL, there without the round of all at once."""
    with folder() as directory:
        rows = uvloop.run(_measured(progress, sqlite_url(directory), "SQLite", at_once=True))
    try:
        with postgres() as server:
            return [*rows, *uvloop.run(_measured(progress, postgres_url(server), "PostgreSQL", at_once=False))]
    except LeftOut as reason:
        progress.say(f"PostgreSQL is left out: {reason}")
        return rows


async def _measured(progress: Progress, url: str, database: str, *, at_once: bool) -> list[Row]:
    async with running_registry(HOSTS) as registry:
        fleet = Fleet(registry.hosts)
        await fill(url, fleet, Clock()())
        progress.say(f"{database}: filled")
        addresses = Addresses(url, registry.github_url, registry.hosts)
        polled = await asyncio.to_thread(in_a_new_process, poll_all, addresses, fleet, at_once=at_once)
    if polled.at_once is not None:
        progress.say(f"{database}, all at once: {polled.at_once.cost}; asked: {dict(polled.at_once.asked)}")
    progress.say(f"{database}, without the queue: {polled.queueless}")
    progress.say(f"{database}, at their own pace: {polled.paced}")
    return _rows(polled, fleet, database)


def _rows(polled: Polled, fleet: Fleet, database: str) -> list[Row]:
    what, count = f"polling {fleet.images:,} images, {database}", fleet.images
    memory = f"{polled.most:.0f} MB, {polled.at_rest:.0f} MB of it at rest"
    return [
        Row(f"{what}: 300 s of polls", f"{polled.paced.of(count):.0f} s of CPU", "< 150 s: half a core"),
        Row(f"{what}: the same without the queue", f"{polled.queueless.of(count):.0f} s of CPU"),
        Row(f"{what}: memory at most", memory, "< 200 MB"),
        *(_rows_of_round(polled.at_once, fleet, what) if polled.at_once else ()),
    ]


def _rows_of_round(done: Round, fleet: Fleet, what: str) -> list[Row]:
    asked, count = done.asked, fleet.images
    others = asked.total() - sum(asked[name] for name in ("list", "head", "token", "refused", "github"))
    wanted = f"{count:,} lists, {fleet.heads:,} HEADs"
    return [
        Row(f"{what}: all at once", f"{done.cost.of(count):.0f} s of CPU"),
        Row(f"{what}: requests", f"{asked['list']:,} lists, {asked['head']:,} HEADs", wanted),
        Row(f"{what}: tokens", f"{asked['token']:,}, after {asked['refused']:,} refusals", f"{fleet.tokens:,}"),
        Row(f"{what}: other requests", f"{others} to registries, {asked['github']} to GitHub", "0 and 0"),
    ]


def poll_all(addresses: Addresses, fleet: Fleet, *, at_once: bool) -> Polled:
    """Poll in a process that does nothing else."""
    configure_logs("json", "info")
    return uvloop.run(_polled(addresses, fleet, at_once=at_once))


async def _polled(addresses: Addresses, fleet: Fleet, *, at_once: bool) -> Polled:
    clock, wake, at_rest = Clock(), Wake(), most_memory()
    works = [PollImage(*place) for place in fleet.places()]
    async with parts_of(addresses, clock, wake) as parts:
        polls = Polls(parts, len(works))
        done = None
        if at_once:
            await parts.ask(*works)
            done = await _round(addresses, parts, wake, polls)
        else:
            await parts.ask_at((work, poll_after(work, clock(), INTERVAL_SECONDS)) for work in works)
        # A third of the interval is due now; from then on they come at their own pace.
        clock.forward(INTERVAL_SECONDS / 2 + BACKLOG_SECONDS)
        with _cost(polls) as queueless:
            await _without_queue(parts, polls)
        async with at_work(parts, addresses.database, wake, polls):
            await asyncio.sleep(SETTLING_SECONDS)
            with _cost(polls) as paced:
                await asyncio.sleep(PACED_SECONDS)
        return Polled(done, queueless, paced, at_rest, most_memory())


async def _round(addresses: Addresses, parts: Parts, wake: Wake, polls: Polls) -> Round:
    async with aiohttp.ClientSession() as session:
        registry = RegistryProcess(addresses.registries, addresses.github, session)
        with _cost(polls) as cost:
            async with at_work(parts, addresses.database, wake, polls):
                await polls.enough.wait()
        return Round(cost, await registry.asked())


@contextmanager
def _cost(polls: Polls) -> Iterator[Cost]:
    cost = Cost()
    done, cpu, begin = polls.done, time.process_time(), time.monotonic()
    yield cost
    cost.polls, cost.cpu = polls.done - done, time.process_time() - cpu
    cost.seconds = time.monotonic() - begin


async def _without_queue(parts: Parts, polls: Polls) -> None:
    """Do what is due as the runner does it, from lease to settling, with nothing between the due table and the work."""
    performance = Performance(parts.store.due, polls, classify, clock=parts.clock, timing=Timing())
    while rows := await _leased(parts):
        await asyncio.gather(*(performance(row.kind, row.key) for row in rows))


async def _leased(parts: Parts) -> list[DueWork]:
    now = parts.clock()
    return await parts.store.due.lease(now, window=SLOTS, share=SLOTS // 4, until=now + LEASE)
