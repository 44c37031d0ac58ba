"""How work ends: finished, put back, given up; and what happens when it was asked for meanwhile."""

import asyncio

from bot.store import DueCount
from bot.store.store import Store
from tests.store.builders import LATER, NOW, request, seconds


async def taken(store, key="a", now=NOW):
    await store.due.lease(now, window=100, share=100, until=now + seconds(60))
    return await store.due.begin("scan-image", key, now=now, until=now + seconds(60))


async def test_finished_work_is_gone(store):
    await store.due.ask([request()])
    assert await store.due.finish(await taken(store)) is True
    assert await store.due.counts() == {}


async def test_work_asked_for_while_it_runs_is_due_again_when_it_ends(store):
    await store.due.ask([request()])
    work = await taken(store)
    await store.due.ask([request(due_at=NOW + seconds(1))])
    assert await store.due.finish(work) is False
    assert await taken(store) is not None


async def test_work_asked_for_at_the_very_moment_it_ends_is_due_again_and_in_nobodys_hand(store):
    for number in range(100):
        key = f"key-{number}"
        await store.due.ask([request(key)])
        work = await taken(store, key)
        await asyncio.gather(store.due.finish(work), store.due.ask([request(key)]))
        free = await store.due.lease(NOW, window=1000, share=1000, until=NOW + seconds(60))
        assert [row.key for row in free] == [key]


async def test_work_asked_for_after_it_failed_before_starts_with_no_attempts_once_it_ended_well(store):
    await store.due.ask([request()])
    await store.due.postpone(await taken(store), when=LATER, attempts=4, reason="backing off")
    work = await taken(store, now=LATER)
    await store.due.ask([request()])
    await store.due.finish(work)
    assert (await taken(store, now=LATER)).attempts == 0


async def test_finishing_what_is_gone_already_is_no_error(store):
    await store.due.ask([request()])
    work = await taken(store)
    await store.due.finish(work)
    assert await store.due.finish(work) is True


async def test_postponed_work_is_out_of_hand_and_due_at_its_time(store):
    await store.due.ask([request()])
    await store.due.postpone(await taken(store), when=LATER, attempts=2, reason="limit")
    assert await taken(store, now=LATER - seconds(1)) is None
    assert (await taken(store, now=LATER)).attempts == 2


async def test_work_asked_for_while_it_runs_still_waits_when_it_is_postponed(store):
    await store.due.ask([request()])
    work = await taken(store)
    await store.due.ask([request()])
    await store.due.postpone(work, when=LATER, attempts=1, reason="limit")
    assert await store.due.next_due(NOW) == LATER


async def test_work_given_up_tells_why_when_and_for_which_delivery(database_url):
    async with await Store.open(database_url, clock=lambda: LATER) as store:
        await store.due.ask([request(delivery="d-5")])
        await store.due.postpone(await taken(store), when=NOW, attempts=12, reason="backing off")
        await store.due.park(await taken(store), reason="it fails every time")
        [dead] = await store.due.dead()
    assert (dead.kind, dead.key, dead.reason, dead.delivery) == ("scan-image", "a", "it fails every time", "d-5")
    assert (dead.attempts, dead.at) == (12, LATER)


async def test_work_asked_for_while_it_runs_lives_on_when_it_is_given_up(store):
    await store.due.ask([request()])
    await store.due.postpone(await taken(store), when=NOW, attempts=12, reason="backing off")
    work = await taken(store)
    await store.due.ask([request()])
    await store.due.park(work, reason="given up")
    assert await store.due.dead() == []
    assert (await taken(store)).attempts == 0


async def test_dead_work_is_brought_back_by_hand(store):
    await store.due.ask([request()])
    await store.due.park(await taken(store), reason="given up")
    assert await store.due.revive("scan-image", "a", LATER) is True
    assert (await taken(store, now=LATER)).due_at == LATER


async def test_only_dead_work_is_brought_back(store):
    await store.due.ask([request()])
    assert await store.due.revive("scan-image", "a", NOW) is False
    assert await store.due.revive("scan-image", "unknown", NOW) is False


async def test_open_and_dead_work_is_counted_by_kind(store):
    await store.due.ask([request("a"), request("b"), request("c", kind="bump-repository")])
    await store.due.park(await taken(store, "a"), reason="given up")
    assert await store.due.counts() == {"scan-image": DueCount(1, 1), "bump-repository": DueCount(1, 0)}


async def test_work_that_comes_again_is_due_sooner_when_somebody_asks(store):
    await store.due.ask([request()])
    await store.due.postpone(await taken(store), when=LATER, attempts=0, reason="", firm=False)
    assert await store.due.next_due(NOW) == LATER
    await store.due.ask([request(due_at=NOW + seconds(5))])
    assert await store.due.next_due(NOW) == NOW + seconds(5)


async def test_work_that_comes_again_and_was_asked_for_meanwhile_is_due_at_once(store):
    await store.due.ask([request()])
    work = await taken(store)
    await store.due.ask([request(due_at=NOW + seconds(5))])
    await store.due.postpone(work, when=LATER, attempts=0, reason="", firm=False)
    assert await taken(store) is not None
