"""Deliveries: stored once, handed out until they are handled, forgotten after a while."""

import asyncio

import pytest
from sqlalchemy import select

from bot.store import DeliveryState
from bot.store.tables import deliveries
from tests.store.builders import LATER, NOW, delivery, request, seconds


async def claimed(store, limit=100, now=NOW):
    return await store.deliveries.claim(limit, now, now + seconds(60))


async def state(store, name="d-1"):
    return (await store.deliveries.status(name)).state


async def test_a_delivery_comes_out_as_it_went_in(store):
    came_in = delivery(body=b"\x00\xff{", source="hook:dockerhub:h1", event="hook", received_at=LATER)
    assert await store.deliveries.append(came_in) is True
    [claim] = await claimed(store)
    assert (claim.delivery, claim.attempts) == (came_in, 1)


async def test_an_id_that_waits_is_not_taken_again(store):
    await store.deliveries.append(delivery(body=b"first"))
    assert await store.deliveries.append(delivery(body=b"second")) is False
    assert [claim.delivery.body for claim in await claimed(store)] == [b"first"]


async def test_an_id_that_was_handled_is_not_taken_again(store):
    await store.deliveries.append(delivery())
    await store.deliveries.handled(await claimed(store), [])
    assert await store.deliveries.append(delivery()) is False
    assert await claimed(store, now=LATER) == []


async def test_an_id_whose_handling_failed_for_good_is_taken_again(store):
    await store.deliveries.append(delivery(body=b"first"))
    [claim] = await claimed(store)
    await store.deliveries.failed(claim, "poison", dead=True, now=NOW)
    assert await store.deliveries.append(delivery(body=b"second")) is True
    [again] = await claimed(store)
    assert (again.delivery.body, again.attempts) == (b"second", 1)


async def test_one_id_many_times_at_once_is_taken_once(store):
    answers = await asyncio.gather(*(store.deliveries.append(delivery(body=bytes([n]))) for n in range(20)))
    assert answers == [True] + [False] * 19
    assert [claim.delivery.body for claim in await claimed(store)] == [b"\0"]


async def test_one_id_at_two_processes_at_once_is_taken_once(store, second_store):
    answers = await asyncio.gather(
        *(item.deliveries.append(delivery(f"d-{n}")) for n in range(30) for item in (store, second_store))
    )
    assert sum(answers) == 30


async def test_every_caller_gets_its_own_answer(store):
    await store.deliveries.append(delivery("old"))
    answers = await asyncio.gather(*(store.deliveries.append(delivery(name)) for name in ("new-1", "old", "new-2")))
    assert answers == [True, False, True]


async def test_a_caller_that_goes_away_spoils_nothing_for_the_others(store):
    gone = asyncio.create_task(store.deliveries.append(delivery("gone")))
    stays = asyncio.create_task(store.deliveries.append(delivery("stays")))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays is True
    assert await store.deliveries.append(delivery("next")) is True


async def test_an_event_that_cannot_be_read_is_kept_as_dead_with_the_reason(store):
    await store.deliveries.append_dead(delivery(), "the body is not JSON")
    status = await store.deliveries.status("d-1")
    assert (status.state, status.reason) == (DeliveryState.DEAD, "the body is not JSON")
    assert await claimed(store) == []


async def test_the_reason_is_kept_as_a_reason_whatever_stands_in_it(store):
    hostile = "'); DROP TABLE deliveries; -- %s ? :x \0" + "x" * 5000
    await store.deliveries.append_dead(delivery(), hostile)
    assert (await store.deliveries.status("d-1")).reason == hostile.replace("\0", "\N{REPLACEMENT CHARACTER}")[:4000]


async def test_a_dead_delivery_that_is_unreadable_again_is_dead_for_the_later_reason(store):
    await store.deliveries.append_dead(delivery(body=b"first"), "poison")
    await store.deliveries.append_dead(delivery(body=b"second"), "poison again")
    assert [dead.reason for dead in await store.deliveries.dead()] == ["poison again"]


async def test_a_delivery_that_is_taken_again_has_nothing_left_of_its_first_life(store):
    await store.deliveries.append(delivery(source="hook:dockerhub:h1", event="hook"))
    [claim] = await claimed(store)
    await store.deliveries.failed(claim, "poison", dead=True, now=NOW)
    await store.deliveries.append(delivery(received_at=LATER))
    status = await store.deliveries.status("d-1")
    told = (status.source, status.event, status.state, status.attempts, status.reason, status.received_at)
    assert told == ("github", "push", DeliveryState.NEW, 0, "", LATER)


async def test_new_dead_and_waiting_ids_stored_together_are_each_answered(store):
    await store.deliveries.append_dead(delivery("dead"), "poison")
    await store.deliveries.append(delivery("waits"))
    names = ("waits", "new", "dead", "b", "a", "new")
    answers = await asyncio.gather(*(store.deliveries.append(delivery(name)) for name in names))
    assert answers == [False, True, True, True, True, False]


async def test_an_unreadable_repetition_does_not_kill_a_delivery_that_waits(store):
    await store.deliveries.append(delivery())
    await store.deliveries.append_dead(delivery(), "the body is not JSON")
    assert await state(store) is DeliveryState.NEW


async def test_the_oldest_come_first_and_no_more_than_asked_for(store):
    for name in ("one", "two", "three"):
        await store.deliveries.append(delivery(name))
    assert [claim.delivery.id for claim in await claimed(store, limit=2)] == ["one", "two"]
    assert [claim.delivery.id for claim in await claimed(store)] == ["three"]


async def test_the_bodies_that_are_handed_out_together_fit_into_memory(store):
    for name, megabytes in (("one", 20), ("two", 12), ("three", 1), ("four", 40), ("five", 0)):
        await store.deliveries.append(delivery(name, body=bytes(megabytes * 1024 * 1024)))
    batches = [[claim.delivery.id for claim in await claimed(store)] for _ in range(5)]
    assert batches == [["one", "two"], ["three"], ["four"], ["five"], []]


async def test_processes_that_claim_at_once_never_get_the_same(store, second_store):
    await asyncio.gather(*(store.deliveries.append(delivery(f"d-{n}")) for n in range(40)))
    results = await asyncio.gather(*(claimed(item, limit=10) for item in [store, second_store] * 4))
    rows = [claim.row for result in results for claim in result]
    assert len(rows) == len(set(rows)) == 40


async def test_a_claim_that_came_to_nothing_lapses_and_is_counted(store):
    await store.deliveries.append(delivery())
    await store.deliveries.claim(1, NOW, LATER)
    assert await claimed(store, now=LATER - seconds(1)) == []
    assert [claim.attempts for claim in await claimed(store, now=LATER)] == [2]


async def test_handling_writes_the_work_and_drops_the_body(store):
    await store.deliveries.append(delivery())
    await store.deliveries.handled(await claimed(store), [request("a"), request("b")])
    assert await state(store) is DeliveryState.HANDLED
    assert await store._database.read(lambda c: c.execute(select(deliveries.c.body)).scalars().all()) == [b""]
    assert (await store.due.counts())["scan-image"].open == 2
    assert await claimed(store, now=LATER) == []


async def test_work_and_mark_are_written_together_or_not_at_all(store):
    await store.deliveries.append(delivery())
    claims = await claimed(store)
    with pytest.raises(ValueError, match="NUL"):
        await store.deliveries.handled(claims, [request("a"), request("\0")])
    assert await state(store) is DeliveryState.NEW
    assert await store.due.counts() == {}


async def test_a_late_end_does_not_change_what_another_made_of_a_delivery(store):
    await store.deliveries.append(delivery())
    [late] = await claimed(store)
    await store.deliveries.handled([late], [])
    await store.deliveries.failed(late, "too late", dead=True, now=NOW)
    assert await state(store) is DeliveryState.HANDLED


@pytest.mark.parametrize(("attempts", "pause"), [(1, 2), (2, 4), (3, 8), (20, 300)])
async def test_a_delivery_that_failed_is_tried_again_after_a_growing_pause(store, attempts, pause):
    await store.deliveries.append(delivery())
    now = NOW
    for _ in range(attempts):
        [claim] = await store.deliveries.claim(1, now, now)
    await store.deliveries.failed(claim, "GitHub did not answer", dead=False, now=now)
    assert (await store.deliveries.status("d-1")).reason == "GitHub did not answer"
    assert await claimed(store, now=now + seconds(pause) - seconds(0.001)) == []
    assert len(await claimed(store, now=now + seconds(pause))) == 1


async def test_an_unknown_id_has_no_status(store):
    assert await store.deliveries.status("unknown") is None


async def test_the_wait_of_the_oldest_is_told(store):
    assert await store.deliveries.oldest_waiting(NOW) is None
    await store.deliveries.append(delivery("old", received_at=NOW))
    await store.deliveries.append(delivery("new", received_at=LATER))
    assert await store.deliveries.oldest_waiting(LATER) == LATER - NOW


async def test_old_deliveries_are_forgotten_but_never_one_that_waits(store):
    for name in ("handled", "dead", "waiting"):
        await store.deliveries.append(delivery(name))
    handled, dead, _ = await claimed(store)
    await store.deliveries.handled([handled], [])
    await store.deliveries.failed(dead, "poison", dead=True, now=NOW)
    await store.deliveries.append_dead(delivery("young", received_at=LATER), "poison")
    assert await store.deliveries.prune(LATER) == 2
    known = [name for name in ("handled", "dead", "waiting", "young") if await store.deliveries.status(name)]
    assert known == ["waiting", "young"]
