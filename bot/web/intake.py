"""What every door does with a verified delivery: store it durably, then answer 202."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.store import Delivery
from bot.web.metrics import DELIVERIES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.store import Deliveries

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """The way from a door into the store. `arrived` tells whoever handles deliveries that there is one."""

    deliveries: Deliveries
    clock: Callable[[], datetime]
    arrived: Callable[[], None]

    async def accept(self, *, identifier: str, source: str, event: str, body: bytes) -> web.Response:
        """Store a verified delivery and answer 202; raises StoreError when it could not be stored.

        A delivery seen before is answered 202 too, and not handled again unless its first handling failed.
        """
        delivery = Delivery(identifier, source, event, body, self.clock())
        if not await self.deliveries.append(delivery):
            DELIVERIES.labels(_sender(source), "seen_before").inc()
            return web.Response(status=202, text="seen before\n")
        self.arrived()
        DELIVERIES.labels(_sender(source), "stored").inc()
        log.debug("delivery.stored", delivery=identifier, source=source, name=event, bytes=len(body))
        return web.Response(status=202, text="stored\n")


def _sender(source: str) -> str:
    """Tell who sent it, without the hook's id, which would make a metric of its own for each hook."""
    return source.split(":")[1] if ":" in source else source
