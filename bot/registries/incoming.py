"""An answer whose body is read piece by piece: each piece in time, and the whole at no less than a slow line's pace."""

import asyncio
from collections.abc import AsyncGenerator, Callable

import aiohttp

from bot.registries.errors import RegistryError

LONGEST_PIECE_SECONDS = 20
# A body that comes slower than this over all its length is given up: drops are no stream.
SLOWEST_BYTES_A_SECOND = 100_000
STARTING_SECONDS = 120
# Nor may a large one, which has long in all, drip for minutes. Bytes a second.
SLOWEST_PACE = 16 * 1024
LONGEST_SLOW_SECONDS = 300


def longest_seconds(size: int) -> float:
    """Return how long so many bytes may be on their way altogether."""
    return STARTING_SECONDS + size / SLOWEST_BYTES_A_SECOND


class Pace:
    """Judges the pace of a stream by the time that one side of it took, five minutes of it at a time."""

    def __init__(self, slowest: float) -> None:
        """slowest: bytes a second."""
        self._slowest = slowest
        self._seconds = 0.0
        self._size = 0
        self.was_drip = False

    def is_drip(self, seconds: float, size: int) -> bool:
        """Count a piece that took so long, and say whether the stream was too slow for all of the last minutes."""
        self._seconds += seconds
        self._size += size
        if self._seconds < LONGEST_SLOW_SECONDS:
            return False
        self.was_drip = self._size < self._seconds * self._slowest
        self._seconds, self._size = 0.0, 0
        return self.was_drip


class Incoming:
    """An open answer. Whoever has it closes it; reading it to its end does so, too."""

    def __init__(self, response: aiohttp.ClientResponse, failed: Callable[[Exception], RegistryError]) -> None:
        """failed: turns what aiohttp raises into the typed error."""
        self._response = response
        self._failed = failed

    async def pieces(self, ends_at: float, pace: Pace) -> AsyncGenerator[bytes, None]:
        """Give the bytes as they come, about 64 to 256 KiB at a time. ends_at: when all have to be there, by the loop.

        pace: told of each piece. Raises RegistryUnavailable when nothing comes for a while, when what comes drips, or
        the connection breaks.
        """
        try:
            while piece := await self._piece(ends_at, pace):
                yield piece
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            # `from None`: aiohttp writes whole addresses into its errors, and their queries may be signed.
            raise self._failed(error) from None
        finally:
            self.close()

    async def _piece(self, ends_at: float, pace: Pace) -> bytes:
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.timeout_at(min(ends_at, began + LONGEST_PIECE_SECONDS)):
            piece = await self._response.content.readany()
        if piece and pace.is_drip(clock() - began, len(piece)):
            raise TimeoutError
        return piece

    def close(self) -> None:
        """Let the connection go; a second call does nothing."""
        self._response.close()
