"""Deliveries that could not be brought while the bot was down are asked for again."""

from datetime import timedelta

import pytest

from bot.flows import redelivery
from bot.jobs.work import SweepDeliveries
from bot.store import DeliveryState
from tests.flows.house import House

TEN_MINUTES = timedelta(minutes=10)
AGAIN = "apps/redeliver-webhook-delivery"


async def sweep(house: House) -> list[str]:
    """Sweep, and return what was asked of GitHub's list of deliveries."""
    counted = house.counted()
    await house.ask(SweepDeliveries())
    return [name for name in counted.names if "webhook-deliver" in name]


async def missed(house: House, tag: str = "1.5.0") -> None:
    """Publish an image while the bot does not answer."""
    digest = await house.push(tag)
    house.github.webhooks.paused = True
    await house.github.package_published(house.owner, "api", tag, digest, house.repository)
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False


async def test_an_event_that_was_missed_becomes_its_pull_request(house: House) -> None:
    await missed(house)
    await house.work()
    assert house.pulls() == []
    await sweep(house)
    await house.later(house.parts.settle)
    assert len(house.pulls()) == 1


async def test_it_is_asked_for_once_and_not_again_when_it_has_come(house: House) -> None:
    await missed(house)
    assert (await sweep(house)).count(AGAIN) == 1
    await house.later(TEN_MINUTES)
    assert (await sweep(house)).count(AGAIN) == 0


async def test_what_arrived_is_not_asked_for(house: House) -> None:
    await house.publish("1.5.0")
    assert await sweep(house) == ["apps/list-webhook-deliveries"]


async def test_what_github_thinks_failed_but_is_stored_is_not_asked_for(house: House) -> None:
    await missed(house)
    lost = house.github.webhooks.deliveries[-1]
    house.github.webhooks.redeliver(lost)
    await house.work()
    house.github.webhooks.deliveries.pop()
    assert await sweep(house) == ["apps/list-webhook-deliveries"]


async def test_what_was_stored_and_parked_as_dead_is_not_asked_for(house: House) -> None:
    bad = await house.github.deliver("installation", {"action": "created", "installation": {}})
    await house.work()
    status = await house.parts.store.deliveries.status(bad.guid)
    assert status is not None
    assert status.state is DeliveryState.DEAD
    assert (await sweep(house)).count(AGAIN) == 0


async def test_what_fails_each_time_is_asked_for_three_times(house: House) -> None:
    await missed(house, "0.9.0")  # which changes nothing when a poll finds it
    house.github.webhooks.paused = True
    asked = []
    for _ in range(5):
        asked.append((await sweep(house)).count(AGAIN))
        await house.github.webhooks.idle()
        house.clock.forward(TEN_MINUTES)
    assert asked == [1, 1, 1, 0, 0]


async def test_what_is_older_than_three_days_is_not_looked_for(house: House) -> None:
    await missed(house)
    house.clock.forward(timedelta(days=3, minutes=1))
    assert (await sweep(house)).count(AGAIN) == 0


async def test_the_second_sweep_looks_no_further_back_than_the_first(house: House) -> None:
    for number in range(150):
        await house.github.deliver("star", {"action": "created"}, guid=f"star-{number}")
    await house.later(timedelta(hours=1))
    assert (await sweep(house)).count("apps/list-webhook-deliveries") == 2
    house.clock.forward(timedelta(hours=1))
    assert (await sweep(house)).count("apps/list-webhook-deliveries") == 1


async def test_many_missed_deliveries_are_asked_for_in_portions_the_oldest_first(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redelivery, "MOST_AT_ONCE", 2)
    house.github.webhooks.paused = True
    for number in range(5):
        await house.github.deliver("star", {"action": "created"}, guid=f"star-{number}")
    house.github.webhooks.paused = False
    await sweep(house)
    assert [each.guid for each in house.github.webhooks.deliveries if each.redelivery] == ["star-0", "star-1"]
    await house.later(redelivery.PAUSE)
    await house.later(redelivery.PAUSE)
    again = [each.guid for each in house.github.webhooks.deliveries if each.redelivery]
    assert sorted(again) == [f"star-{number}" for number in range(5)]


async def test_a_delivery_that_github_does_not_bring_any_more_does_not_stop_the_others(house: House, logs) -> None:
    for tag in ("1.5.0", "1.6.0"):
        await missed(house, tag)
    house.github.faults.answer(AGAIN, status=422)
    assert (await sweep(house)).count(AGAIN) == 2
    assert [event["event"] for event in logs if event["event"].startswith("delivery.not_brought")] == [
        "delivery.not_brought_again"
    ]
    assert await house.dead() == []
