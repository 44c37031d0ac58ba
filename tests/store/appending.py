"""A process that appends deliveries and prints each id once it is answered; a test kills it. Argument: the URL."""

import asyncio
import itertools
import sys

from bot.store import Store
from tests.store.builders import delivery


async def append_for_ever() -> None:
    store = await Store.open(sys.argv[1])
    numbers = itertools.count()

    async def caller() -> None:
        for number in numbers:
            await store.deliveries.append(delivery(f"d-{number}", body=b"x" * 2000))
            sys.stdout.write(f"d-{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*(caller() for _ in range(20)))


asyncio.run(append_for_ever())
