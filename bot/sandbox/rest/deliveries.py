"""The App's webhook deliveries: list them, show one, send one again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.refusals import NotFound
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation

if TYPE_CHECKING:
    from bot.sandbox.rest.call import Call
    from bot.sandbox.webhooks import Delivery

PAGE_SIZE = 30
LARGEST_PAGE = 100


@operation("apps/list-webhook-deliveries", "GET", "/app/hook/deliveries")
async def list_deliveries(call: Call) -> Answer:
    """List deliveries, newest first, by cursor; ``status`` is success or failure."""
    size = min(int(call.query.get("per_page", PAGE_SIZE)), LARGEST_PAGE)
    found = [delivery for delivery in call.doors.webhooks.of(call.app) if _asked_for(call, delivery)]
    start = int(call.query.get("cursor") or 0)
    shown = found[start : start + size]
    headers = {}
    if start + size < len(found):
        status = f"&status={call.query['status']}" if "status" in call.query else ""
        target = f"{call.world.url}/app/hook/deliveries?per_page={size}&cursor={start + size}{status}"
        headers["Link"] = f'<{target}>; rel="next"'
    return Answer([_item(delivery) for delivery in shown], headers=headers)


@operation("apps/get-webhook-delivery", "GET", "/app/hook/deliveries/{delivery_id}")
async def get_delivery(call: Call) -> Answer:
    """Show a delivery with what was sent and answered."""
    delivery = _delivery(call)
    body = {
        **_item(delivery),
        "url": call.app.webhook_url or "",
        "request": {"headers": delivery.headers, "payload": delivery.payload},
        "response": {"headers": {}, "payload": ""},
    }
    return Answer(body)


@operation("apps/redeliver-webhook-delivery", "POST", "/app/hook/deliveries/{delivery_id}/attempts")
async def redeliver(call: Call) -> Answer:
    """Send a delivery again, with the same GUID."""
    call.doors.webhooks.redeliver(_delivery(call))
    return Answer({}, status=202)


def _delivery(call: Call) -> Delivery:
    number = call.number("delivery_id")
    for delivery in call.doors.webhooks.of(call.app):
        if delivery.id == number:
            return delivery
    raise NotFound


def _asked_for(call: Call, delivery: Delivery) -> bool:
    wanted = call.query.get("status")
    return wanted is None or wanted == ("success" if delivery.succeeded else "failure")


def _item(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "redelivery": delivery.redelivery,
        "duration": delivery.seconds,
        "status": "OK" if delivery.succeeded else "Invalid HTTP Response",
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }
