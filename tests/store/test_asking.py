"""Asking for work: one row for one key, whenever and however often it is asked."""

import pytest

from tests.store.builders import LATER, NOW, request, seconds


async def leased(store, now=NOW, window=100, share=100):
    return await store.due.lease(now, window=window, share=share, until=now + seconds(60))


async def test_asking_twice_is_one_row(store):
    await store.due.ask([request("a")])
    await store.due.ask([request("a"), request("a")])
    assert [work.key for work in await leased(store)] == ["a"]


async def test_the_same_key_of_another_kind_is_other_work(store):
    await store.due.ask([request("a"), request("a", kind="bump-repository")])
    assert len(await leased(store)) == 2


async def test_asking_again_is_a_new_generation(store):
    await store.due.ask([request("a")])
    [first] = await leased(store)
    await store.due.ask([request("a")])
    again = await store.due.begin("scan-image", "a", now=NOW, until=LATER)
    assert again.generation > first.generation


@pytest.mark.parametrize(("first", "second"), [(0, 30), (30, 0)])
async def test_the_earlier_time_counts(store, first, second):
    await store.due.ask([request(due_at=NOW + seconds(first))])
    await store.due.ask([request(due_at=NOW + seconds(second))])
    assert await store.due.next_due(NOW) == NOW


@pytest.mark.parametrize("times", [(0, 30), (30, 0)])
async def test_the_earlier_time_counts_within_one_asking_too(store, times):
    await store.due.ask([request(due_at=NOW + seconds(time)) for time in times])
    assert await store.due.next_due(NOW) == NOW


async def test_what_a_row_carries_is_what_was_asked_for_last(store):
    await store.due.ask([request(owner="installation:1", priority=20, delivery="d-1")])
    await store.due.ask([request(owner="installation:2", priority=60, delivery="d-2")])
    [work] = await leased(store)
    assert (work.owner, work.priority, work.delivery, work.attempts) == ("installation:2", 60, "d-2", 0)


async def test_asking_without_a_delivery_keeps_the_one_that_asked_before(store):
    await store.due.ask([request(delivery="d-1")])
    await store.due.ask([request(delivery="")])
    [work] = await leased(store)
    assert work.delivery == "d-1"


async def test_postponed_work_is_not_due_earlier_because_somebody_asks(store):
    await store.due.ask([request()])
    [work] = await leased(store)
    await store.due.postpone(work, when=LATER, attempts=1, reason="limit")
    await store.due.ask([request(due_at=NOW)])
    assert await store.due.next_due(NOW) == LATER
    assert await store.due.begin("scan-image", "a", now=LATER - seconds(1), until=LATER) is None


async def test_asking_for_a_later_time_does_not_delay_postponed_work(store):
    await store.due.ask([request()])
    [work] = await leased(store)
    await store.due.postpone(work, when=LATER, attempts=1, reason="limit")
    await store.due.ask([request(due_at=LATER + seconds(60))])
    assert await store.due.next_due(NOW) == LATER


async def test_asking_for_postponed_work_keeps_its_attempts(store):
    await store.due.ask([request()])
    [work] = await leased(store)
    await store.due.postpone(work, when=LATER, attempts=3, reason="backing off")
    await store.due.ask([request()])
    [again] = await leased(store, now=LATER)
    assert again.attempts == 3


async def test_asking_for_dead_work_brings_it_back_without_its_attempts_and_its_waiting(store):
    await store.due.ask([request()])
    [work] = await leased(store)
    await store.due.postpone(work, when=LATER, attempts=12, reason="backing off")
    await store.due.park(work, reason="given up")
    await store.due.ask([request(due_at=NOW)])
    [again] = await leased(store)
    assert again.attempts == 0
    assert await store.due.dead() == []


async def test_asking_for_nothing_is_no_error(store):
    await store.due.ask([])
    assert await store.due.next_due(NOW) is None


async def test_what_was_asked_for_is_told_by_kind_also_when_it_was_given_up(store):
    await store.due.ask([request("a"), request("b"), request("c", kind="index-repository")])
    await store.due.park(await begun(store, "b"), reason="it never ends")
    assert await store.due.keys("scan-image") == {"a", "b"}


async def begun(store, key):
    """Take a row in hand, and return it."""
    return await store.due.begin("scan-image", key, now=NOW, until=LATER)


async def test_of_many_keys_those_that_nobody_asked_for_are_told_in_order(store):
    await store.due.ask([request("a"), request("b"), request("c", kind="bump")])
    assert await store.due.missing("scan-image", ["d", "a", "c", "d", "b"]) == ["d", "c"]
    assert await store.due.missing("scan-image", []) == []
