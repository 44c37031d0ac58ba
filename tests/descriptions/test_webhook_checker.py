"""The checker of webhooks sees a payload GitHub would never send."""

import json

import pytest

from tests.descriptions.loaded import webhook_checker
from tests.descriptions.recorded import recorded_payloads

HEADERS = {
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/1",
    "X-GitHub-Delivery": "0b989ba4-242f-11e5-81e1-c7b6966d2516",
    "X-GitHub-Event": "create",
    "X-GitHub-Hook-ID": "1",
    "X-GitHub-Hook-Installation-Target-ID": "1",
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    "X-Hub-Signature-256": "sha256=00",
}


def created():
    return next(json.loads(body) for event, body in recorded_payloads() if event == "create")


def problems(payload, *, event="create", headers=HEADERS):
    return " | ".join(webhook_checker().problems(event, headers, json.dumps(payload).encode()))


def test_a_recorded_payload_passes():
    assert problems(created()) == ""


def test_most_recordings_still_fit_the_description():
    passed = [event for event, body in recorded_payloads() if not webhook_checker().problems(event, HEADERS, body)]
    assert len(passed) > 200


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"payload": {"ref": 1}}, "at $.ref: 1 is not of type 'string'"),
        ({"event": "invented"}, "GitHub has no webhook invented"),
        ({"payload": {"action": "invented"}}, "with the action 'invented'"),
        ({"headers": {"Content-Type": "application/json"}}, "Missing required header"),
    ],
)
def test_a_wrong_webhook_is_seen(wrong, words):
    arguments = {"event": "create", "headers": HEADERS} | wrong
    assert words in problems(created() | arguments.pop("payload", {}), **arguments)


def test_a_payload_that_is_not_json_is_seen():
    assert webhook_checker().problems("push", HEADERS, b"payload=1") == ["the payload is not JSON"]
