"""Events find their handlers, and the handlers say what they want."""

from __future__ import annotations

import uuid

import pytest

from bot.github.events import process_event, process_event_actions, process_webhook_payload, requested


@pytest.fixture
def name():
    """An event of this test alone: the table of handlers is one for the process."""
    return f"test_{uuid.uuid4().hex}"


async def test_what_all_handlers_want_comes_together(name):
    @process_event(name)
    async def first(event):
        return (event.name, "first")

    @process_event_actions(name, {"created", "deleted"})
    @process_webhook_payload
    async def second(*, action, **_):
        return [action]

    assert sorted(await requested(name, {"action": "created"})) == sorted([name, "first", "created"])
    assert sorted(await requested(name, {"action": "other"})) == sorted([name, "first"])


async def test_a_handler_may_want_nothing(name):
    @process_event(name)
    async def handler(_event):
        return None

    assert await requested(name, {}) == []


async def test_an_event_nobody_handles_asks_for_nothing():
    assert await requested("never_heard_of", {"action": "created"}) == []


@pytest.mark.parametrize("action", [["created"], {"created": 1}, None, 7, True])
async def test_an_action_of_an_odd_kind_matches_nothing(name, action):
    @process_event_actions(name, {"created"})
    @process_webhook_payload
    async def handler(**_):
        return ["wanted"]

    assert await requested(name, {"action": action}) == []


async def test_the_handler_gets_the_whole_payload(name):
    @process_event(name)
    @process_webhook_payload
    async def handler(*, nested, **_):
        return nested["list"]

    assert await requested(name, {"nested": {"list": [1, 2]}}) == [1, 2]


async def test_a_handler_that_fails_is_heard(name):
    @process_event(name)
    @process_webhook_payload
    async def handler(*, installation, **_):
        return [installation]

    with pytest.raises(TypeError, match="installation"):
        await requested(name, {})
