"""Room for long answers: short ones need none, and of the long ones only so many are in memory at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from bot.registries.errors import RegistryUnavailable

LONGEST_WAIT_SECONDS = 30

Answer = TypeVar("Answer")


class NoPlace(Exception):
    """An answer became long, and its reader has no place: the request is given up, and made again with one."""


class Share:
    """What one reader of answers holds. host: the registry. limits: timeouts that stand still while it waits."""

    def __init__(self, room: "Room", host: str) -> None:
        self.limits: list[asyncio.Timeout] = []
        self._room = room
        self._host = host
        self._taken = 0
        self._has_place = False

    def count(self, amount: int) -> None:
        """Count so many bytes more; raises NoPlace beyond what is free for everybody."""
        self._taken += amount
        if self._is_beyond():
            raise NoPlace

    async def take(self, amount: int) -> None:
        """Count so many bytes more; beyond what is free for everybody wait for one of the places, in turn.

        One place is all that a share ever waits for, so that no two wait for each other. Raises RegistryUnavailable
        when none is given up within half a minute.
        """
        self._taken += amount
        if self._is_beyond():
            await self._wait()

    async def asking(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer of a request that counts its bytes here, made once more where it needs a place.

        Nobody waits with an open connection: whoever has a place may need one to come to an end.
        """
        before = self._taken
        try:
            return await ask()
        except NoPlace:
            self._taken = before
            await self._wait()
        return await ask()

    def _is_beyond(self) -> bool:
        return self._taken > self._room.free and not self._has_place

    async def _wait(self) -> None:
        started = asyncio.get_running_loop().time()
        # Moved beyond the wait, and back to what it took: they must not end in it.
        for limit in self.limits:
            _move(limit, 2 * LONGEST_WAIT_SECONDS)
        try:
            async with asyncio.timeout(LONGEST_WAIT_SECONDS):
                await self._room.places.acquire()
        except TimeoutError:
            raise RegistryUnavailable(self._host, "sends a long answer while too many others do") from None
        self._has_place = True
        for limit in self.limits:
            _move(limit, asyncio.get_running_loop().time() - started - 2 * LONGEST_WAIT_SECONDS)

    def give_back(self) -> None:
        """Leave the place to the next."""
        if self._has_place:
            self._room.places.release()
        self._has_place = False


class Room:
    """places: how many long answers are held at a time. free: how many bytes of each need no place."""

    def __init__(self, places: int, free: int) -> None:
        self.places = asyncio.Semaphore(places)
        self.free = free

    @contextmanager
    def share(self, host: str) -> Iterator[Share]:
        """Give a share for what is read of a registry meanwhile."""
        share = Share(self, host)
        try:
            yield share
        finally:
            share.give_back()


def _move(limit: asyncio.Timeout, seconds: float) -> None:
    when = limit.when()
    if when is not None and not limit.expired():
        limit.reschedule(when + seconds)
