"""Collects what concurrent callers add while one commit is under way, and hands it on together for the next."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")

# One commit takes at most this many items, and stops at this weight (bytes): PostgreSQL's messages end at 1 GiB.
_MOST_AT_ONCE = 500
_HEAVIEST = 32 * 1024 * 1024


class Intake(Generic[Item]):
    """A queue in front of a function that stores many items at once; every caller gets its own item's answer.

    A caller that is cancelled no longer waits, but its item is stored all the same.
    """

    def __init__(
        self, store: Callable[[Sequence[Item]], Awaitable[Sequence[bool]]], weigh: Callable[[Item], int]
    ) -> None:
        """Take the function that stores items and answers for each, in order, and one that tells an item's bytes.

        `store` is never called while a call of it is under way.
        """
        self._store = store
        self._weigh = weigh
        self._waiting: deque[tuple[Item, asyncio.Future[bool]]] = deque()
        self._storing: asyncio.Task[None] | None = None

    async def add(self, item: Item) -> bool:
        """Have `item` stored and return its answer; raises what storing it raised."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, answer))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store_all())
        return await answer

    async def _store_all(self) -> None:
        try:
            while self._waiting:
                await self._store_together(self._next_load())
        finally:
            self._storing = None
            while self._waiting:
                self._waiting.popleft()[1].cancel()

    def _next_load(self) -> list[tuple[Item, "asyncio.Future[bool]"]]:
        load: list[tuple[Item, asyncio.Future[bool]]] = []
        weight = 0
        while self._waiting and len(load) < _MOST_AT_ONCE and weight < _HEAVIEST:
            load.append(self._waiting.popleft())
            weight += self._weigh(load[-1][0])
        return load

    async def _store_together(self, load: Sequence[tuple[Item, "asyncio.Future[bool]"]]) -> None:
        try:
            answers = await self._store([item for item, _ in load])
        except asyncio.CancelledError:
            for _, answer in load:
                answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - it is handed to each caller
            for _, answer in load:
                if not answer.done():
                    answer.set_exception(error)
        else:
            for (_, answer), value in zip(load, answers, strict=True):
                if not answer.done():
                    answer.set_result(value)

    async def close(self) -> None:
        """Wait until everything that was added is stored."""
        if self._storing is not None:
            await asyncio.wait([self._storing])
