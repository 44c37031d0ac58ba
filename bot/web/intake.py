"""What every door does with a verified delivery: store it durably, then answer 202."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.store import Delivery, StoreError

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
        """Store a verified delivery and answer 202; 503 when it could not be stored, so that it is sent again.

        A delivery seen before is answered 202 too, and not handled again unless its first handling failed.
        """
        delivery = Delivery(identifier, source, event, body, self.clock())
        try:
            fresh = await self.deliveries.append(delivery)
        except StoreError:
            log.exception("delivery.not_stored", delivery=identifier, event=event)
            return web.Response(status=503, text="not stored: send it again\n")
        if not fresh:
            return web.Response(status=202, text="seen before\n")
        self.arrived()
        log.debug("delivery.stored", delivery=identifier, source=source, event=event, bytes=len(body))
        return web.Response(status=202, text="stored\n")
