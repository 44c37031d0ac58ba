"""A runner on a test's database, with a clock that the test moves and work that the test scripts."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.jobs import BackOff, Runner, Timing, connector_for, key, kind, owner, priority
from bot.store import DueRequest, Store
from bot.store.tables import due as due_rows

DEADLINE = 120  # seconds until what does not come about fails the test, however busy the machine is
QUICK = Timing(tick=0.05, poll=0.05, recovery=0.05, pause=0.01)


@dataclass
class Clock:
    """The time as the runner and the test see it; it moves only when the test says so."""

    now: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **length: float) -> None:
        self.now += timedelta(**length)


class Gate:
    """Holds what does not pass it until it is opened, and knows how many it held."""

    def __init__(self, passes: Callable[[object], bool] = lambda _work: False) -> None:
        self.came = 0
        self.open = asyncio.Event()
        self._passes = passes

    async def __call__(self, work: object) -> None:
        if self._passes(work):
            return
        self.came += 1
        await self.open.wait()


@dataclass
class Bench:
    url: str
    store: Store
    clock: Clock
    began: list = field(default_factory=list)
    ended: list = field(default_factory=list)
    running: list = field(default_factory=list)
    together: int = 0  # how often one key ran twice at the same time
    script: Callable[[object], Awaitable[None]] | None = None
    classify: Callable[[BaseException], object] = lambda error: BackOff(str(error))

    async def perform(self, work):
        self.together += work in self.running
        self.began.append(work)
        self.running.append(work)
        try:
            if self.script is not None:
                await self.script(work)
        finally:
            self.running.remove(work)
        self.ended.append(work)

    async def ask(self, *works, delivery="", **later):
        when = self.clock.now + timedelta(**later)
        requests = [
            DueRequest(kind(work), key(work), owner(work), int(priority(work)), when, delivery) for work in works
        ]
        await self.store.due.ask(requests)

    def runner(self, **options):
        options = {"timing": QUICK, "clock": self.clock, "jitter": lambda: 0.0, **options}
        return Runner(connector_for(self.url), self.store.due, self.perform, self.classify, **options)

    @contextlib.asynccontextmanager
    async def started(self, **options):
        runner = self.runner(**options)
        await runner.start()
        try:
            yield runner
        finally:
            await runner.stop(grace=0)

    async def empty(self):
        """Tell whether all work was done and forgotten, none of it dead."""
        return not await self.rows()

    async def at(self, work):
        """Read the row of a piece of work; None if there is none."""
        return (await self.rows()).get((kind(work), key(work)))

    async def rows(self):
        found = await self.store._database.read(lambda connection: connection.execute(select(due_rows)).all())
        return {(row.kind, row.key): row for row in found}

    async def is_dead(self, work):
        row = await self.at(work)
        return row is not None and row.dead_at is not None


async def eventually(condition):
    """Wait until a condition, sync or async, holds; fail at the deadline."""
    async with asyncio.timeout(DEADLINE):
        while True:
            holds = condition()
            if asyncio.iscoroutine(holds):
                holds = await holds
            if holds:
                return
            await asyncio.sleep(0.005)
