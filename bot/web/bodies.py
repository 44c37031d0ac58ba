"""Read a request's body up to a size and within a time, so that nobody fills the memory or holds a door open."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp import StreamReader

READING_SECONDS = 30.0
"""GitHub itself gives up after 10 s: https://docs.github.com/webhooks/using-webhooks/best-practices-for-using-webhooks."""

SMALL_BODY = 1024 * 1024
LARGE_BODIES_AT_ONCE = 8

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Bodies:
    """Reads the bodies of one application's requests. Only a few larger than 1 MiB are read at the same time."""

    def __init__(self, seconds: float = READING_SECONDS) -> None:
        """Take the longest time in seconds that one body may take, waiting for its turn included."""
        self._seconds = seconds
        self._large = asyncio.Semaphore(LARGE_BODIES_AT_ONCE)

    async def read(self, request: web.Request, limit: int) -> bytes:
        """Read a body of at most `limit` bytes, as it was sent.

        Raises HTTPRequestEntityTooLarge (413) when there is more, HTTPRequestTimeout (408) when it comes too slowly,
        HTTPBadRequest (400) when it breaks off. None of them waits for the rest.
        """
        if (request.content_length or 0) > limit:
            raise _too_large(limit)
        try:
            async with asyncio.timeout(self._seconds):
                await _ask_for_it(request)
                return await self._read(request.content, limit)
        except TimeoutError:
            raise web.HTTPRequestTimeout(text="the body came too slowly\n") from None
        except (ConnectionError, web.RequestPayloadError):
            raise web.HTTPBadRequest(text="the body broke off\n") from None

    async def _read(self, content: StreamReader, limit: int) -> bytes:
        chunks: list[bytes] = []
        size = 0
        async with AsyncExitStack() as stack:
            async for chunk in content.iter_any():
                if size <= SMALL_BODY < size + len(chunk):
                    await stack.enter_async_context(self._large)
                size += len(chunk)
                if size > limit:
                    raise _too_large(limit)
                chunks.append(chunk)
        return b"".join(chunks)


async def when_read(_request: web.Request) -> None:
    """Handle `Expect: 100-continue` of a route: the client is told to go on only when its body is wanted."""


async def _ask_for_it(request: web.Request) -> None:
    if request.headers.get("Expect", "").lower() == "100-continue":
        await request.writer.write(_CONTINUE)
        # aiohttp counts what belongs to the answer; this does not.
        request.writer.output_size = 0


def _too_large(limit: int) -> web.HTTPRequestEntityTooLarge:
    return web.HTTPRequestEntityTooLarge(limit, limit, text=f"a body may have at most {limit} bytes\n")
