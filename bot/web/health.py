"""Whether the process lives (`/healthz`) and whether it can do its work (`/readyz`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from aiohttp import web

log = structlog.get_logger()

Probe = Callable[[], Awaitable[bool]]

PROBE_SECONDS = 5.0


async def healthz(_request: web.Request) -> web.Response:
    """Answer 200 as long as the process can answer at all."""
    return web.Response(text="ok\n")


def readyz(
    probes: Mapping[str, Probe], seconds: float = PROBE_SECONDS
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of `GET /readyz`: 200 when every probe holds, else 503 with the names of those that do not.

    A probe that fails, or says nothing for `seconds`, does not hold.
    """

    async def get(_request: web.Request) -> web.Response:
        held = await asyncio.gather(*(_holds(name, probe, seconds) for name, probe in probes.items()))
        failing = [name for name, holds in zip(probes, held, strict=True) if not holds]
        if failing:
            return web.Response(status=503, text=f"not ready: {', '.join(failing)}\n")
        return web.Response(text="ready\n")

    return get


async def _holds(name: str, probe: Probe, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await probe()
    except Exception as error:  # noqa: BLE001 - whatever it is, this is not ready
        log.warning("probe.failed", probe=name, reason=f"{type(error).__name__}: {error}")
        return False
