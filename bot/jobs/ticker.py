"""Hands what is due to the queue, every tick and whenever it is woken."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

from bot.jobs import metrics
from bot.jobs.due import DueRow, DueTable
from bot.jobs.timing import Timing

log = structlog.get_logger(__name__)

WINDOW = 2  # for each slot: one row that runs, one that waits in the queue, so that no slot waits for a tick
SHARE = 4  # no owner holds more than one in four of the slots, and all registries together leave one in four
PATIENT = 2  # polls, and what failed before at its registry, hold one in two of the slots at most


class Ticker:
    """Leases due rows and hands them over, most urgent first.

    `slots()` tells how many jobs can run at once in all processes. Rows whose handing over failed are handed over
    again when their lease has lapsed.
    """

    def __init__(
        self,
        due: DueTable,
        hand_over: Callable[[Sequence[DueRow]], Awaitable[None]],
        *,
        slots: Callable[[], int],
        clock: Callable[[], datetime],
        timing: Timing,
    ) -> None:
        self._due = due
        self._hand_over = hand_over
        self._slots = slots
        self._clock = clock
        self._timing = timing
        self._awake = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look at once: something was asked for, or a slot is free."""
        self._awake.set()

    def stop(self) -> None:
        """Let `run` end after the tick that is under way."""
        self._stopping = True
        self.wake()

    async def run(self) -> None:
        """Tick until stopped. A tick that fails is logged, and the next one tries again."""
        while not self._stopping:
            self._awake.clear()
            try:
                pause = await self.tick()
            except Exception:
                log.exception("tick failed")
                pause = self._timing.tick
            with suppress(TimeoutError):
                await asyncio.wait_for(self._awake.wait(), pause)

    async def tick(self) -> float:
        """Hand over what is due now, and return how many seconds to wait for the next tick."""
        now, slots = self._clock(), self._slots()
        rows = await self._due.lease(
            now,
            window=WINDOW * slots,
            share=max(1, slots // SHARE),
            registries=max(1, slots - -(-slots // SHARE)),
            patient=max(1, slots // PATIENT),
            until=now + self._timing.lease_length,
        )
        if rows:
            await self._hand_over(rows)
        return self._pause(await self._due.next_due(now), now)

    def _pause(self, next_due: datetime | None, now: datetime) -> float:
        wait = (next_due - now).total_seconds() if next_due else self._timing.tick
        metrics.LATE.set(max(0.0, -wait))
        # What is due and was not leased waits for a slot: whoever frees one wakes us.
        return min(wait, self._timing.tick) if wait > 0 else self._timing.tick
