"""Does the same for several things, some at a time; the first failure ends all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


async def each(things: Iterable[Thing], at_once: int, do: Callable[[Thing], Awaitable[Result]]) -> list[Result]:
    """Return what `do` gives for each thing, in order. Raises the first failure when all others have ended."""
    places = asyncio.Semaphore(at_once)

    async def one(thing: Thing) -> Result:
        async with places:
            return await do(thing)

    tasks = [asyncio.ensure_future(one(thing)) for thing in things]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
