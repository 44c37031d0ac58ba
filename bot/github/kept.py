"""Answers that stay good for a while: asked for once, by one asker at a time, and only so many of them kept."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable
    from datetime import datetime, timedelta

Key = TypeVar("Key", bound="Hashable")
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """Values by their keys, each believed for `lasting` after it was read; the longest unused go first."""

    def __init__(self, clock: Callable[[], datetime], lasting: timedelta, most: int) -> None:
        self._clock = clock
        self._lasting = lasting
        self._most = most
        self._values: OrderedDict[Key, tuple[datetime, Value]] = OrderedDict()
        self._reading: dict[Key, asyncio.Lock] = {}

    async def get(self, key: Key, read: Callable[[], Awaitable[Value]]) -> Value:
        """Return the value kept for a key, or read it. What `read` raises is raised, and nothing is kept of it."""
        lock = self._reading.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                kept = self._fresh(key)
                if kept is None:
                    kept = (self._clock(), await read())
                    self._keep(key, kept)
                return kept[1]
        finally:
            if not lock.locked():
                self._reading.pop(key, None)

    def _fresh(self, key: Key) -> tuple[datetime, Value] | None:
        kept = self._values.get(key)
        if kept is None or not kept[0] <= self._clock() < kept[0] + self._lasting:
            return None
        self._values.move_to_end(key)
        return kept

    def _keep(self, key: Key, kept: tuple[datetime, Value]) -> None:
        self._values[key] = kept
        self._values.move_to_end(key)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
