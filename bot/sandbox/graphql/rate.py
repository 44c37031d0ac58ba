"""The hourly limit, as who asks may read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.resolving import Fields, attribute, constant, moment

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call


def _rate_limit(_: Any, call: Call) -> Any:
    return call.world.limits.window(call.token, "graphql")


RATE_TYPES: dict[str, Fields] = {
    "Query": {"rateLimit": _rate_limit},
    "RateLimit": {
        "cost": constant(1),
        "limit": attribute("limit"),
        "remaining": attribute("remaining"),
        "resetAt": moment("reset"),
        "used": attribute("used"),
    },
}
