"""Payloads recorded from GitHub go through the door and are handled, every one."""

import hashlib
import hmac

import aiohttp

from bot.store import DeliveryState
from tests.descriptions.recorded import recorded_payloads
from tests.flows.house import House


async def test_every_recorded_payload_is_handled_without_an_error(empty_house: House, logs) -> None:
    house, secret = empty_house, empty_house.github.app.webhook_secret.encode()
    payloads = recorded_payloads()
    async with aiohttp.ClientSession() as session:
        for number, (event, body) in enumerate(payloads):
            headers = {
                "X-GitHub-Delivery": f"recorded-{number}",
                "X-GitHub-Event": event,
                "X-Hub-Signature-256": "sha256=" + hmac.new(secret, body, hashlib.sha256).hexdigest(),
            }
            async with session.post(f"{house.url}/webhook", data=body, headers=headers) as answer:
                assert answer.status == 202, event
    await house.work()
    await house.later(house.parts.settle)
    assert len(payloads) > 200
    for number, (event, _) in enumerate(payloads):
        status = await house.parts.store.deliveries.status(f"recorded-{number}")
        assert status is not None
        assert (event, status.state, status.reason) == (event, DeliveryState.HANDLED, "")
    assert [event for event in logs if event["log_level"] in {"error", "critical"}] == []
    assert await house.dead() == []
