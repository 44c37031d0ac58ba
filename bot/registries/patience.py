"""How long one question to a registry may take as a whole, however many requests it is made of."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.registries.errors import RegistryUnavailable
from bot.registries.outages import Server
from bot.registries.repository import Repository

LONGEST_LISTING_SECONDS = 60
# A login by a cloud's client library takes up to half of it, and an index of silent children is read in many requests.
LONGEST_QUESTION_SECONDS = 60


@asynccontextmanager
async def within(repository: Repository, seconds: float, what: str) -> AsyncIterator[asyncio.Timeout]:
    """Give a question so many seconds; the time may be moved while somebody waits for something of ours.

    what: ends the sentence "did not ..." of the RegistryUnavailable that is raised when they are over; the registry
    then counts as one that does not answer.
    """
    try:
        async with asyncio.timeout(seconds) as limit:
            yield limit
    except TimeoutError:
        server = Server(repository.host, repository.endpoint.origin.origin(), repository.access.networks)
        repository.authentication.transport.outages.failed(server)
        raise RegistryUnavailable(repository.host, f"did not {what} within {seconds:g} seconds") from None
