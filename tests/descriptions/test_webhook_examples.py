"""The recorded webhooks are there, whole, and in the form the door takes."""

import json

from tests.descriptions.recorded import recorded_payloads


def test_every_recorded_payload_is_a_json_object():
    payloads = recorded_payloads()
    assert len(payloads) > 300
    assert all(isinstance(json.loads(body), dict) for _, body in payloads)


def test_the_recordings_hold_the_events_the_bot_lives_on():
    events = {event for event, _ in recorded_payloads()}
    wanted = {"check_run", "check_suite", "installation", "issue_comment", "package", "pull_request", "push", "status"}
    assert wanted <= events
