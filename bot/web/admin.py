"""The operator's doors, on an address of their own: `/metrics` for Prometheus, `/` for a person."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.web.setup_page import security_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from bot.store import Store

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1f2328; background: #fff; }
table { border-collapse: collapse; width: 100%; margin-bottom: 2rem; }
td, th { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #d1d9e0; vertical-align: top; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #e6edf3; background: #0d1117; } td, th { border-color: #3d444d; } }
"""  # noqa: E501 - a style sheet


def admin_application(store: Store, clock: Callable[[], datetime]) -> web.Application:
    """Make the application that faces the operator. It shows names of repositories, so it does not face the world."""
    application = web.Application()

    async def status(_request: web.Request) -> web.Response:
        return web.Response(
            text=await _status_page(store, clock()), content_type="text/html", headers=security_headers("'none'")
        )

    application.router.add_get("/metrics", _metrics)
    application.router.add_get("/", status)
    return application


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _status_page(store: Store, now: datetime) -> str:
    counts = await store.due.counts()
    dead = await store.due.dead()
    oldest = await store.deliveries.oldest_waiting(now)
    installations = await store.installations.all()
    waiting = "none" if oldest is None else f"the oldest since {(now - oldest).total_seconds():.0f} s"
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Niro bot: status</title>'
        f"<style>{_STYLE}</style></head><body><h1>Niro bot</h1>"
        + _table("Now", ("", ""), [("Deliveries waiting", waiting), ("Installations", str(len(installations)))])
        + _table("Work waiting", ("Kind", "Count"), [(kind, str(count)) for kind, count in sorted(counts.items())])
        + _table(
            "Dead work, for a person to look at",
            ("Kind", "Key", "Reason", "Delivery", "Attempts", "Since"),
            [
                (each.kind, each.key, each.reason, each.delivery, str(each.attempts), f"{each.at:%Y-%m-%d %H:%M} UTC")
                for each in dead
            ],
        )
        + "</body></html>"
    )


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return f"<h2>{escape(title)}</h2><p>Nothing.</p>"
    head = "".join(f"<th>{escape(cell)}</th>" for cell in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<h2>{escape(title)}</h2><table><tr>{head}</tr>{body}</table>"
