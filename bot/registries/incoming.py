"""An answer whose body is read piece by piece: each piece in time, and the whole at no less than a slow line's pace."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import aiohttp

from bot.registries.errors import RegistryError

LONGEST_PIECE_SECONDS = 20
# A body that comes slower than this over all its length is given up: drops are no stream.
SLOWEST_BYTES_A_SECOND = 100_000
STARTING_SECONDS = 120


def longest_seconds(size: int) -> float:
    """Return how long so many bytes may be on their way altogether."""
    return STARTING_SECONDS + size / SLOWEST_BYTES_A_SECOND


class Incoming:
    """An open answer. Whoever has it closes it; reading it to its end does so, too."""

    def __init__(self, response: aiohttp.ClientResponse, failed: Callable[[Exception], RegistryError]) -> None:
        """failed: turns what aiohttp raises into the typed error."""
        self._response = response
        self._failed = failed

    async def pieces(self, ends_at: float) -> AsyncGenerator[bytes, None]:
        """Give the bytes as they come, about 64 to 256 KiB at a time. ends_at: when all have to be there, by the loop.

        Raises RegistryUnavailable when nothing comes for a while or the connection breaks.
        """
        try:
            while True:
                until = min(ends_at, asyncio.get_running_loop().time() + LONGEST_PIECE_SECONDS)
                async with asyncio.timeout_at(until):
                    piece = await self._response.content.readany()
                if not piece:
                    return
                yield piece
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            # `from None`: aiohttp writes whole addresses into its errors, and their queries may be signed.
            raise self._failed(error) from None
        finally:
            self.close()

    def close(self) -> None:
        """Let the connection go; a second call does nothing."""
        self._response.close()
