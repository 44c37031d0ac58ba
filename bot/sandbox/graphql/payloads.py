"""What mutations answer: the caller's own mark, and what they made or changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import key

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call, Fields


def payload(call: Call, **made: Any) -> dict[str, Any]:
    """Return a mutation's payload with what it made, by field."""
    return {"clientMutationId": call.arguments["input"].get("clientMutationId"), **made}


def payload_fields(*names: str) -> Fields:
    """Return the resolvers of a payload type with these fields."""
    return {name: key(name) for name in ("clientMutationId", *names)}
