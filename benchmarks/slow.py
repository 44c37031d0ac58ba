"""A registry that is far away: whatever is sent to it arrives later."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHUNK = 64 * 1024


class Distance:
    """Passes connections on to a server of loopback; each request waits `latency` seconds on its way."""

    def __init__(self, host: str) -> None:
        self.latency = 0.0
        self.host = ""
        self._name, _, self._port = host.rpartition(":")

    async def passed(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side ends it."""
        there_reader, there_writer = await asyncio.open_connection(self._name, int(self._port))
        ways = [self._way(reader, there_writer, late=True), self._way(there_reader, writer, late=False)]
        with suppress(ConnectionError):
            await asyncio.gather(*ways)

    async def _way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, late: bool) -> None:
        try:
            while chunk := await reader.read(CHUNK):
                if late:
                    await asyncio.sleep(self.latency)
                writer.write(chunk)
                await writer.drain()
        finally:
            writer.close()


@asynccontextmanager
async def far_away(host: str) -> AsyncIterator[Distance]:
    """Put a distance before the server at `host`; reach it by the distance's own `host`."""
    distance = Distance(host)
    server = await asyncio.start_server(distance.passed, "127.0.0.1", 0)
    distance.host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield distance
    finally:
        server.close()
