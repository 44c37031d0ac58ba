"""Runs due work: the ticker hands it to Procrastinate, whose workers perform it, and recovery loses none of it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Final

from procrastinate import App, JobContext
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job

from bot.jobs.connectors import Connector
from bot.jobs.due import DueRow, DueTable
from bot.jobs.outcomes import Classify
from bot.jobs.performance import Performance
from bot.jobs.recovery import Recovery
from bot.jobs.ticker import Ticker
from bot.jobs.timing import Timing, utc_now
from bot.jobs.work import Work
from bot.jobs.worker import SupervisedWorker

Periodic = Mapping[str, Callable[[], Awaitable[None]]]

PERIODIC_PRIORITY: Final = 100  # above all work: a tick only asks for work


async def _nothing() -> None:
    """Fill in for periodic work where there is none."""


# A worker without any periodic task stops watching its heartbeats: a failed one would end them in silence.
NO_PERIODIC: Final[Periodic] = {"0 * * * *": _nothing}


class Runner:
    """Performs the work in a due table until stopped.

    connector: from `connector_for`; opened by `start` and closed by `stop`.
    perform: does one piece of work; its errors go through `classify`.
    slots: how many jobs run at once in this process, shared by `workers` Procrastinate workers.
    periodic: by cron expression (UTC), what is called once in all processes at each of its times.
    """

    def __init__(
        self,
        connector: Connector,
        due: DueTable,
        perform: Callable[[Work], Awaitable[None]],
        classify: Classify,
        *,
        slots: int = 12,
        workers: int = 1,
        periodic: Periodic = NO_PERIODIC,
        clock: Callable[[], datetime] = utc_now,
        jitter: Callable[[], float] = random.random,
        timing: Timing = Timing(),  # noqa: B008 -- frozen
    ) -> None:
        self.running = False
        self._connector = connector
        self._slots = slots
        self._timing = timing
        self._processes = 1
        self._running_jobs: set[int] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._app = App(connector=connector)
        self._perform_task = self._app.task(name="perform", pass_context=True)(self._run_job)
        self._register_periodic(periodic or NO_PERIODIC)
        self._performance = Performance(due, perform, classify, clock=clock, timing=timing, jitter=jitter)
        self._ticker = Ticker(due, self._hand_over, slots=self._all_slots, clock=clock, timing=timing)
        self._workers = [SupervisedWorker(self._app, slots=-(-slots // workers), timing=timing) for _ in range(workers)]
        self._recovery = Recovery(
            self._app.job_manager,
            self._performance.interrupted,
            worker_ids=self._worker_ids,
            running_jobs=lambda: self._running_jobs,
            timing=timing,
        )

    async def start(self) -> None:
        """Open the queue, take up what a dead process left behind, and work from now on."""
        try:
            await self._prepare()
        except BaseException:
            await self._connector.close_async()
            raise
        work = [self._ticker.run(), self._recovery.run(self._count_processes), *(each.run() for each in self._workers)]
        self._tasks = [asyncio.create_task(coroutine) for coroutine in work]
        self.running = True

    async def stop(self, grace: float) -> None:
        """Hand out nothing more, let jobs finish for `grace` seconds, then cancel them: their work is due again."""
        if not self.running:
            return
        self.running = False
        self._ticker.stop()
        for worker in self._workers:
            worker.stop(grace)
        ticker, recovery, *workers = self._tasks
        recovery.cancel()
        with suppress(asyncio.CancelledError):
            await recovery
        await asyncio.gather(ticker, *workers)
        await self._connector.close_async()

    def wake(self) -> None:
        """Look at the due table at once, because something was asked for."""
        self._ticker.wake()

    async def _prepare(self) -> None:
        await self._connector.open_async()
        await self._connector.ensure_schema()
        # Without other processes every worker in the table is dead, however short ago it gave a sign of life.
        await self._recovery.of_dead_workers(self._timing.stalled if self._connector.shared else 0)
        await self._count_processes()

    async def _hand_over(self, rows: Sequence[DueRow]) -> None:
        jobs = [self._job(row) for row in rows]
        try:
            await self._app.job_manager.batch_defer_jobs_async(jobs)
        except AlreadyEnqueued:
            # A lease lapsed while its job still waited in the queue: one such refuses the whole batch.
            for job in jobs:
                with suppress(AlreadyEnqueued):
                    await self._app.job_manager.defer_job_async(job)

    def _job(self, row: DueRow) -> Job:
        lock = f"{row.kind}:{row.key}"
        deferrer = self._perform_task.configure(lock=lock, queueing_lock=lock, priority=row.priority)
        return deferrer.make_new_job(kind=row.kind, key=row.key)

    async def _run_job(self, context: JobContext, *, kind: str, key: str) -> None:
        try:
            with self._known_as_running(context.job.id):
                await self._performance(kind, key)
        finally:
            self._ticker.wake()

    @contextmanager
    def _known_as_running(self, job_id: int | None) -> Iterator[None]:
        assert job_id is not None
        self._running_jobs.add(job_id)
        try:
            yield
        finally:
            self._running_jobs.discard(job_id)

    def _register_periodic(self, periodic: Periodic) -> None:
        for cron, function in periodic.items():
            name = f"periodic {cron}"
            task = self._app.task(name=name, lock=name, queueing_lock=name, priority=PERIODIC_PRIORITY)
            self._app.periodic(cron=cron)(task(_called(function)))

    def _all_slots(self) -> int:
        return self._slots * self._processes

    async def _count_processes(self) -> None:
        workers = await self._connector.live_workers(self._timing.stalled)
        self._processes = max(1, workers // len(self._workers))

    def _worker_ids(self) -> Iterator[int]:
        return (worker.worker_id for worker in self._workers if worker.worker_id is not None)


def _called(function: Callable[[], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    async def tick(timestamp: int) -> None:  # noqa: ARG001 -- Procrastinate passes it by name
        await function()

    return tick
