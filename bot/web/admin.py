"""The operator's doors, on an address of their own: `/metrics` for Prometheus, `/` for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.store import StoreError
from bot.web.metrics import exposition
from bot.web.setup_page import security_headers
from bot.web.status_page import Status, status_page, store_failed_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.store import Store

MOST_DEAD = 200
"""How many pieces of dead work the page lists, the latest first; /metrics counts all of them."""


def admin_application(store: Store, clock: Callable[[], datetime]) -> web.Application:
    """Make the application that faces the operator. It shows names of repositories, so it does not face the world."""
    application = web.Application()

    async def status(_request: web.Request) -> web.Response:
        try:
            page, code = status_page(await _status(store, clock())), 200
        except StoreError as error:
            page, code = store_failed_page(str(error)), 503
        return web.Response(text=page, content_type="text/html", status=code, headers=security_headers("'none'"))

    async def metrics(_request: web.Request) -> web.Response:
        return web.Response(body=await exposition(store, clock()), headers={"Content-Type": CONTENT_TYPE_LATEST})

    application.router.add_get("/metrics", metrics)
    application.router.add_get("/", status)
    return application


async def _status(store: Store, now: datetime) -> Status:
    return Status(
        now=now,
        oldest=await store.deliveries.oldest_waiting(now),
        counts=await store.due.counts(),
        dead=await store.due.dead(MOST_DEAD),
        dead_deliveries=await store.deliveries.dead(MOST_DEAD),
        installations=await store.installations.all(),
    )
