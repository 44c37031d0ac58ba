"""Serve an application at an address, with the limits that every door of the bot has."""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger()

SILENT_SECONDS = 75.0
"""How long a connection may be idle, or take to send the headers of a request."""

LINGERING_SECONDS = 2.0
"""How long the rest of a refused body is read and thrown away, so that its sender gets to read the answer."""

STOPPING_SECONDS = 10.0
"""How long requests that are being answered hold up the end of the process."""


class _OursOnly(logging.Filter):
    """Lets through what went wrong here; a request that is no HTTP is answered 400, and its sender's own business."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_server_log = logging.getLogger("niro.http")
_server_log.addFilter(_OursOnly())


@asynccontextmanager
async def listening(
    application: web.Application, host: str, port: int, *, door: str, silent_seconds: float = SILENT_SECONDS
) -> AsyncIterator[str]:
    """Serve an application while the block runs; several processes may share the port. Gives its address, HOST:PORT.

    Bodies reach the handlers as they were sent, never decompressed. Raises OSError when the port cannot be had.
    """
    application.on_response_prepare.append(_anonymous)
    runner = web.AppRunner(
        application,
        access_log=None,
        auto_decompress=False,
        handle_signals=False,
        keepalive_timeout=silent_seconds,
        lingering_time=LINGERING_SECONDS,
        logger=_server_log,
        shutdown_timeout=STOPPING_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port, reuse_port=True).start()
        bound_host, bound_port = runner.addresses[0][:2]
        bind = f"[{bound_host}]:{bound_port}" if ":" in bound_host else f"{bound_host}:{bound_port}"
        log.info("listening", door=door, bind=bind)
        yield bind
    finally:
        await runner.cleanup()


async def _anonymous(_request: web.BaseRequest, response: web.StreamResponse) -> None:
    """Do not tell the world which version of which library answers."""
    response.headers["Server"] = "niro"
