"""Does the same for several things, some at a time; the first failure ends all."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Result = TypeVar("Result")


async def each(things: Iterable[Thing], at_once: int, do: Callable[[Thing], Awaitable[Result]]) -> list[Result]:
    """Return what `do` gives for each thing, in order. Raises the first failure when all others have ended.

    However many things there are, only as many as are done at once are begun.
    """
    waiting = enumerate(things)
    results: dict[int, Result] = {}

    async def work() -> None:
        for place, thing in waiting:
            results[place] = await do(thing)

    workers = [asyncio.ensure_future(work()) for _ in range(at_once)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    return [results[place] for place in range(len(results))]
