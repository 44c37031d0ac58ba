"""GitHub's events and who handles them: the only door to octomachinery.

A handler is registered with octomachinery's decorators. It does nothing itself: it returns the work it asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from octomachinery.github.models.events import GitHubEvent
from octomachinery.routing import WEBHOOK_EVENTS_ROUTER, process_event, process_event_actions
from octomachinery.routing.decorators import process_webhook_payload

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["GitHubEvent", "process_event", "process_event_actions", "process_webhook_payload", "requested"]


async def requested(name: str, payload: dict[str, Any]) -> list[object]:
    """Run every handler of the event `name` and return what they ask for, together.

    A handler returns an iterable, or None for nothing. One that raises stops the rest: the event is handled
    again as a whole, and asking twice is asking once. An event nobody handles asks for nothing.
    """
    event = GitHubEvent(name, payload)
    wanted: list[object] = []
    for handler in WEBHOOK_EVENTS_ROUTER.emit_routes_for(name, _plain(payload)):
        wanted.extend(await handler(event) or ())
    return wanted


def _plain(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what a route can match on: the router looks values up in a table, where a list would be an error."""
    return {key: value for key, value in payload.items() if isinstance(value, (str, int, float, bool))}
