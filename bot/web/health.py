"""Whether the process lives (`/healthz`) and whether it can do its work (`/readyz`)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger()

Probe = Callable[[], Awaitable[bool]]


async def healthz(_request: web.Request) -> web.Response:
    """Answer 200 as long as the process can answer at all."""
    return web.Response(text="ok\n")


def readyz(probes: Mapping[str, Probe]) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `GET /readyz`: 200 when every probe holds, else 503 with the names of those that do not."""

    async def get(_request: web.Request) -> web.Response:
        failing = [name for name, probe in probes.items() if not await _holds(name, probe)]
        if failing:
            return web.Response(status=503, text=f"not ready: {', '.join(failing)}\n")
        return web.Response(text="ready\n")

    return get


async def _holds(name: str, probe: Probe) -> bool:
    try:
        return await probe()
    except Exception:
        log.exception("probe.failed", probe=name)
        return False
