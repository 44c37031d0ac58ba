"""The writes of one installation, in a row and not too fast, whichever process makes them."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol

from bot.github.coming_back import ComingBack
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

    async def reserve(self, installation: int, now: datetime, gap: timedelta, content: bool = False) -> datetime:
        """Return when a write may be made: after every hold, and after the time the write before asked for as `gap`.

        With `content` also not before GitHub's limits of new content let it through.
        The place is taken only when it is at most `LONGEST_WAIT` away: who must come back later asks again.
        """

    async def hold(self, installation: int, until: datetime) -> None:
        """Let nobody write before `until`: GitHub said so."""


class WriteRow:
    """Lets the writes of one installation through one after another."""

    def __init__(
        self, pace: Pace, clock: Callable[[], datetime], sleep: Callable[[float], Awaitable[None]], gap: timedelta
    ) -> None:
        self._pace = pace
        self._clock = clock
        self._sleep = sleep
        self._gap = gap
        self._locks: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._coming_back = ComingBack()

    @asynccontextmanager
    async def turn(self, installation: int, content: bool = False, *, writes: int = 1) -> AsyncIterator[None]:
        """Hold the row of one installation while a write is made.

        `content`: it makes something that people are told of, of which GitHub takes 80 a minute and 500 an hour.
        `writes`: how many requests it takes; each is a gap for whoever comes next.
        Raises MustWait when the turn would come more than five seconds from now, each time with another moment to
        try again at.
        """
        lock = self._locks[installation]
        try:
            async with asyncio.timeout(LONGEST_WAIT.total_seconds()):
                await lock.acquire()
        except TimeoutError:
            now = self._clock()
            raise MustWait(
                self._coming_back.when(installation, now, now + self._gap, self._gap, content=False)
            ) from None
        try:
            await self._wait(installation, self._gap * writes, content=content)
            yield
        finally:
            lock.release()

    async def _wait(self, installation: int, gap: timedelta, *, content: bool) -> None:
        now = self._clock()
        place = await self._pace.reserve(installation, now, gap, content)
        if place > now + LONGEST_WAIT:
            raise MustWait(self._coming_back.when(installation, now, place, gap, content=content))
        if place > now:
            await self._sleep((place - now).total_seconds())
