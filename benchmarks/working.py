"""The work of the bot without its doors, put together as bot/assembly.py does it, with a clock that can be moved."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from benchmarks.servers import private_key
from bot import flows  # noqa: F401 - registers every performer and every handler
from bot.flows.failures import classify
from bot.flows.parts import Parts
from bot.github import GitHub, open_session
from bot.jobs import Runner, connector_for
from bot.registries import Registries, guarded_sessions
from bot.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from bot.jobs.work import Work

LOOPBACK = ("127.0.0.0/8",)
SLOTS = 12


class Clock:
    """The real time, moved forward by a benchmark."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


class Wake:
    """Wakes the runner that is at work, if one is."""

    def __init__(self) -> None:
        self.runner: Runner | None = None

    def __call__(self) -> None:
        if self.runner is not None:
            self.runner.wake()


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where everything is: the store, GitHub, and the registries, which are spoken to by http."""

    database: str
    github: str
    registries: tuple[str, ...]


@asynccontextmanager
async def parts_of(addresses: Addresses, clock: Clock, wake: Wake) -> AsyncIterator[Parts]:
    """Open the store and the adapters. There is no settle time."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(await Store.open(addresses.database, clock=clock))
        session = await stack.enter_async_context(open_session())
        guarded = await stack.enter_async_context(guarded_sessions(LOOPBACK))
        key = private_key().decode()
        yield Parts(
            store=store,
            github=GitHub(session, "1", key, addresses.github, pace=store.pacing, clock=clock, gap=timedelta()),
            registries=Registries(guarded, insecure_hosts=frozenset(addresses.registries), clock=clock),
            clock=clock,
            executor=stack.enter_context(ThreadPoolExecutor(1)),
            settle=timedelta(),
            wake=wake,
        )


@asynccontextmanager
async def at_work(
    parts: Parts, database: str, wake: Wake, perform: Callable[[Work], Awaitable[None]]
) -> AsyncIterator[None]:
    """Hand what is due to `perform`, through the queue, while the context lasts."""
    wake.runner = Runner(connector_for(database), parts.store.due, perform, classify, slots=SLOTS, clock=parts.clock)
    await wake.runner.start()
    try:
        yield
    finally:
        await wake.runner.stop(1.0)
        wake.runner = None
