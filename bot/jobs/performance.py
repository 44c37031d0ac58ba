"""One job from its begin to its end: read the row, keep its lease, perform the work, settle what becomes of it."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime

import structlog

from bot.jobs import metrics
from bot.jobs.due import DueRow, DueTable
from bot.jobs.outcomes import Again, BackOff, Classify, Drop, Move, Outcome, Park, RetryAt, following
from bot.jobs.performing import ComesAgain, WaitUntil
from bot.jobs.timing import Timing
from bot.jobs.work import InvalidWork, Work, parse

log = structlog.get_logger(__name__)

Ended = Outcome | WaitUntil | ComesAgain | None
"""How a piece of work ended; None: well, and for good."""

RENEWALS = 3  # renewals within the length of a lease, so that one may fail
LONGEST_REASON = 500  # characters; a reason may quote another party's answer


class Performance:
    """Performs the work of a row and moves, removes or parks the row by how it ended."""

    def __init__(
        self,
        due: DueTable,
        perform: Callable[[Work], Awaitable[None]],
        classify: Classify,
        *,
        clock: Callable[[], datetime],
        timing: Timing,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._due = due
        self._perform = perform
        self._classify = classify
        self._clock = clock
        self._timing = timing
        self._jitter = jitter

    async def __call__(self, kind: str, key: str) -> None:
        """Do this work if it is still due.

        A cancelled performance returns its work: the row is due again at once, no attempt counted.
        """
        row = await self._begin(kind, key)
        if row is None:
            return
        started = time.monotonic()
        try:
            with metrics.RUNNING.labels(kind).track_inprogress():
                outcome = await self._end_of(row)
        except asyncio.CancelledError:
            await self._settle(row, RetryAt(self._clock(), "the bot was stopped while this ran"), "returned")
            raise
        metrics.SECONDS.labels(kind).observe(time.monotonic() - started)
        await self._settle(row, outcome, _name(outcome))

    async def interrupted(self, kind: str, key: str) -> None:
        """Settle work whose process ended while it ran: it is done again, at once the first time.

        It counts as an attempt, so that work which kills its process does not do so for ever.
        """
        row = await self._begin(kind, key)
        if row is not None:
            await self._settle(row, Again("its process ended while it ran"), "interrupted")

    async def _begin(self, kind: str, key: str) -> DueRow | None:
        now = self._clock()
        return await self._due.begin(kind, key, now=now, until=now + self._timing.lease_length)

    async def _end_of(self, row: DueRow) -> Ended:
        try:
            async with self._leased(row):
                await self._perform(parse(row.kind, row.key))
        except InvalidWork as error:
            return Park(str(error))
        except (WaitUntil, ComesAgain) as wait:
            return wait
        except asyncio.CancelledError as error:
            if _is_being_cancelled():
                raise
            return self._classified(row, error)
        except BaseException as error:  # noqa: BLE001 -- the table of outcomes knows each; the process goes on
            return self._classified(row, error)
        return None

    def _classified(self, row: DueRow, error: BaseException) -> Outcome:
        log.debug("job failed", kind=row.kind, key=row.key, exc_info=error)
        try:
            return self._classify(error)
        except Exception:
            log.exception("no outcome for an error", kind=row.kind, key=row.key, error=type(error).__name__)
            return BackOff(f"an error that the table of outcomes failed on: {type(error).__name__}")

    @asynccontextmanager
    async def _leased(self, row: DueRow) -> AsyncIterator[None]:
        ended = asyncio.Event()
        keeper = asyncio.create_task(self._renew_until(ended, row))
        try:
            yield
        finally:
            # Not cancelled: a renewal cut off half-way could still reach the table after the row was released.
            ended.set()
            await keeper

    async def _renew_until(self, ended: asyncio.Event, row: DueRow) -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), self._timing.lease / RENEWALS)
                return
            try:
                await self._due.renew(row.kind, row.key, until=self._clock() + self._timing.lease_length)
            except Exception:
                log.exception("lease not renewed", kind=row.kind, key=row.key)

    async def _settle(self, row: DueRow, outcome: Ended, name: str) -> None:
        metrics.FINISHED.labels(row.kind, name).inc()
        match outcome:
            case None:
                await self._due.finish(row)
                log.info("job done", kind=row.kind, key=row.key)
                return
            case ComesAgain():
                await self._due.postpone(row, when=outcome.when, attempts=0, reason="", firm=False)
                log.debug("job comes again", kind=row.kind, key=row.key, when=outcome.when.isoformat())
                return
            case WaitUntil():
                next_step: Move | Drop | Park = Move(outcome.when, row.attempts, outcome.reason)
            case _:
                next_step = following(outcome, row.attempts, now=self._clock(), jitter=self._jitter())
        await self._apply(row, next_step, name)

    async def _apply(self, row: DueRow, step: Move | Drop | Park, name: str) -> None:
        reason = step.reason[:LONGEST_REASON]
        about = {"kind": row.kind, "key": row.key, "delivery": row.delivery, "outcome": name, "reason": reason}
        match step:
            case Move(when, attempts):
                await self._due.postpone(row, when=when, attempts=attempts, reason=reason)
                log.info("job goes on later", **about, attempts=attempts, when=when.isoformat())
            case Drop():
                await self._due.finish(row)
                log.info("job dropped", **about, attempts=row.attempts)
            case Park():
                await self._due.park(row, reason=reason)
                log.error("job parked as dead", **about, attempts=row.attempts)


def _name(outcome: Ended) -> str:
    names = {RetryAt: "retry-at", BackOff: "back-off", Again: "again", Drop: "drop", Park: "park", WaitUntil: "wait"}
    return "done" if outcome is None else names.get(type(outcome), "done")


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
