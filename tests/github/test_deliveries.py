"""What GitHub tried to bring, and asking for it again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.github import NotFound, UnexpectedAnswer
from tests.github.scripted import Answer

LONG_AGO = timedelta(days=3)


async def listed(live, clock, since=LONG_AGO):
    return [attempt async for attempt in live.attempts(clock() - since)]


async def test_attempts_are_listed_page_by_page_newest_first(live, sandbox, clock):
    for number in range(101):
        await sandbox.deliver("push", {}, guid=f"g-{number}")
    found = await listed(live, clock)
    assert [attempt.guid for attempt in found] == [f"g-{number}" for number in range(100, -1, -1)]
    assert not any(attempt.succeeded for attempt in found)


async def test_the_list_ends_where_it_gets_too_old(live, sandbox, clock):
    await sandbox.deliver("push", {}, guid="old")
    clock.forward(minutes=20)
    await sandbox.deliver("push", {}, guid="new")
    assert [attempt.guid for attempt in await listed(live, clock, timedelta(minutes=10))] == ["new"]


async def test_a_delivery_is_brought_again_under_the_same_id(live, sandbox, clock):
    await sandbox.deliver("push", {}, guid="g-1")
    (attempt,) = await listed(live, clock)
    await live.redeliver(attempt.id)
    await sandbox.webhooks.idle()
    assert [again.guid for again in await listed(live, clock)] == ["g-1", "g-1"]


async def test_an_attempt_that_github_does_not_know_is_not_found(live):
    with pytest.raises(NotFound):
        await live.redeliver(999)


@pytest.mark.parametrize("data", [{}, [{"id": 1}], [{"id": 1, "guid": "g", "delivered_at": 5, "status_code": 200}]])
async def test_a_list_that_is_none_is_an_error(github, server, clock, data):
    server.on("GET /app/hook/deliveries?per_page=100", Answer(data))
    with pytest.raises(UnexpectedAnswer):
        await listed(github, clock)
