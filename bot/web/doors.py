"""What every public door that takes deliveries does around its own handler: count the answer, and survive a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.store import StoreError
from bot.web.metrics import DELIVERIES, REFUSALS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.Response]]

log = structlog.get_logger()

ACCEPTED = 202


def door(source: str, handler: Handler) -> Handler:
    """Wrap the handler of a door for deliveries of `source`.

    Refusals are counted (who accepts, counts itself); an error of the store is answered 503, so that the delivery is
    sent again, any other 500.
    """

    async def answer(request: web.Request) -> web.Response:
        response = await _answered(source, handler, request)
        if response.status != ACCEPTED:
            DELIVERIES.labels(source, REFUSALS.get(response.status, str(response.status))).inc()
        return response

    return answer


async def _answered(source: str, handler: Handler, request: web.Request) -> web.Response:
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        return web.Response(status=refusal.status, text=refusal.text)
    except StoreError as error:
        log.error("delivery.not_stored", source=source, reason=str(error))  # noqa: TRY400 - the sentence says it all
        return web.Response(status=503, text="not stored: send it again\n")
    except Exception:
        log.exception("door.failed", source=source)
        return web.Response(status=500, text="this server made a mistake: send it again\n")
