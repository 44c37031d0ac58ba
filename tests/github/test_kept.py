"""Answers that stay good for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.github.kept import Kept


class Reader:
    """Something to read: it counts how often it was, and may fail."""

    def __init__(self) -> None:
        self.read = 0
        self.failing = False

    async def __call__(self) -> int:
        self.read += 1
        await asyncio.sleep(0)
        if self.failing:
            raise LookupError("not there")
        return self.read


@pytest.fixture
def kept(clock):
    return Kept(clock, timedelta(minutes=10), most=2)


async def test_a_value_is_read_once_and_again_when_its_time_is_over(kept, clock):
    reader, found = Reader(), []
    for _ in range(4):
        found.append(await kept.get("main", reader))
        clock.forward(minutes=5)
    assert found == [1, 1, 2, 2]


async def test_many_who_ask_at_once_cause_one_reading(kept):
    reader = Reader()
    assert await asyncio.gather(*(kept.get("main", reader) for _ in range(20))) == [1] * 20


async def test_a_failure_is_told_to_each_who_asked_and_not_kept(kept):
    reader = Reader()
    reader.failing = True
    with pytest.raises(LookupError):
        await kept.get("main", reader)
    reader.failing = False
    assert await kept.get("main", reader) == 2


async def test_a_value_of_nothing_is_a_value(kept):
    reader = Reader()

    async def nothing() -> None:
        await reader()

    assert [await kept.get("main", nothing) for _ in range(2)] == [None, None]
    assert reader.read == 1


async def test_a_clock_that_was_set_back_ends_what_was_kept(kept, clock):
    reader = Reader()
    await kept.get("main", reader)
    clock.forward(hours=-2)
    assert await kept.get("main", reader) == 2


async def test_the_longest_unused_go_first(kept):
    readers = {key: Reader() for key in ("one", "two", "three")}
    for key in ("one", "two", "one", "three", "one", "two"):
        await kept.get(key, readers[key])
    assert {key: reader.read for key, reader in readers.items()} == {"one": 1, "two": 2, "three": 1}
