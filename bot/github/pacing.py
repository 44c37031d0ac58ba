"""The writes of one installation, in a row and not too fast, whichever process makes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from bot.github.errors import MustWait

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

LONGEST_WAIT: Final = timedelta(seconds=5)
"""A write that must wait longer than this is given back to the queue of work instead."""

WRITE_GAP: Final = timedelta(seconds=1)
"""GitHub's best practice for integrations: at least one second between two writes."""


class Pace(Protocol):
    """The shared memory of all processes: when an installation may be written to."""

    async def reserve(self, installation: int, now: datetime, gap: timedelta) -> datetime:
        """Take the next place in the row of writes, `gap` after the one before; returns its time."""

    async def hold(self, installation: int, until: datetime) -> None:
        """Let nobody write before `until`: GitHub said so."""

    async def held(self, installation: int) -> datetime | None:
        """Return until when nobody may write; None, or a time that has passed: nothing holds."""


class WriteRow:
    """Lets the writes of one installation through one after another.

    A place that somebody took and found too far away stays in the row of this process, and the next
    writer at that time uses it: otherwise those who come back would queue behind places nobody uses.
    """

    def __init__(
        self, pace: Pace, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]], gap: timedelta
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._gap = gap
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._unused: defaultdict[int, list[datetime]] = defaultdict(list)
        self._last: dict[int, datetime] = {}

    @asynccontextmanager
    async def turn(self, installation: int, *, paced: bool = True) -> AsyncIterator[None]:
        """Hold the row of one installation while a write is made.

        `paced=False` is for putting right what a write of ours left half-done: it keeps the row, not the gap.
        Raises MustWait when the turn would come more than five seconds from now.
        """
        lock = self._locks[installation]
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await lock.acquire()
        except TimeoutError:
            raise MustWait(self._clock() + self._gap) from None
        try:
            if paced:
                await self._wait(installation)
            yield
        finally:
            lock.release()

    async def _wait(self, installation: int) -> None:
        now = self._clock()
        latest = now + LONGEST_WAIT
        held = await self._pace.held(installation)
        if held is not None and held > latest:
            raise MustWait(held)
        place = self._unused_place(installation, now) or await self._pace.reserve(installation, now, self._gap)
        if place > latest:
            self._unused[installation].append(place)
            raise MustWait(place)
        if place > now:
            await self._sleep((place - now).total_seconds())
        self._last[installation] = max(place, now)

    def _unused_place(self, installation: int, now: datetime) -> datetime | None:
        unused = [place for place in self._unused[installation] if place >= now - LONGEST_WAIT]
        self._unused[installation] = sorted(unused)
        if not unused or min(unused) > now + LONGEST_WAIT:
            return None
        place = self._unused[installation].pop(0)
        last = self._last.get(installation)
        return place if last is None else max(place, last + self._gap)
