"""Handing out due work: most urgent first, within a window, nobody more than a share, nothing twice, nothing stuck."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from bot.store.asking import ask
from bot.store.leasing import lease
from bot.store.tables import metadata
from tests.store.builders import LATER, NOW, request, seconds


async def leased(store, now=NOW, window=100, share=100, until=None):
    return await store.due.lease(now, window=window, share=share, until=until or now + seconds(60))


async def keys(store, **options):
    return [work.key for work in await leased(store, **options)]


async def test_higher_priority_comes_first_and_then_the_longest_due(store):
    await store.due.ask(
        [
            request("scan late", priority=20, due_at=NOW - seconds(1)),
            request("scan early", priority=20, due_at=NOW - seconds(9)),
            request("command", priority=60),
            request("index", priority=10, due_at=NOW - seconds(99)),
        ]
    )
    assert await keys(store) == ["command", "scan early", "scan late", "index"]


async def test_work_is_handed_out_when_it_is_due_and_not_before(store):
    await store.due.ask([request(due_at=LATER)])
    assert await keys(store, now=LATER - seconds(0.000001)) == []
    assert await keys(store, now=LATER) == ["a"]


async def test_nothing_is_handed_out_twice(store, second_store):
    await store.due.ask([request("a"), request("b")])
    first = await keys(store, window=1)
    assert first + await keys(second_store) == ["a", "b"]
    assert await keys(store) == []


async def test_a_lease_that_is_not_renewed_lapses(store):
    await store.due.ask([request()])
    await leased(store, until=LATER)
    assert await keys(store, now=LATER - seconds(1)) == []
    assert await keys(store, now=LATER) == ["a"]


async def test_a_renewed_lease_holds_longer(store):
    await store.due.ask([request()])
    await leased(store, until=LATER)
    await store.due.renew("scan-image", "a", until=LATER + seconds(60))
    assert await keys(store, now=LATER) == []


async def test_renewing_work_that_nobody_has_in_hand_takes_nothing(store):
    await store.due.ask([request()])
    await store.due.renew("scan-image", "a", until=LATER)
    assert await keys(store) == ["a"]


async def test_at_most_a_window_is_in_hand_at_a_time(store):
    await store.due.ask([request(str(n), owner=str(n)) for n in range(5)])
    assert len(await leased(store, window=3)) == 3
    assert len(await leased(store, window=4)) == 1
    assert await leased(store, window=2) == []


async def test_an_owner_has_at_most_its_share_in_hand(store):
    await store.due.ask([request(f"big {n}", owner="installation:1", priority=60) for n in range(5)])
    await store.due.ask([request("small", owner="installation:2", priority=10)])
    assert await keys(store, share=2) == ["big 0", "big 1", "small"]
    assert await keys(store, share=3) == ["big 2"]


async def test_an_owner_gets_its_next_when_one_is_finished(store):
    await store.due.ask([request(str(n)) for n in range(3)])
    first, _ = await leased(store, share=2)
    await store.due.finish(first)
    assert await keys(store, share=2) == ["2"]


async def test_work_without_an_owner_has_no_share(store):
    await store.due.ask([request(str(n), owner="") for n in range(5)])
    assert len(await leased(store, share=1)) == 5


async def test_dead_work_is_not_handed_out(store):
    await store.due.ask([request()])
    [work] = await leased(store)
    await store.due.park(work, reason="poison")
    assert await keys(store, now=LATER) == []
    assert await store.due.begin("scan-image", "a", now=LATER, until=LATER) is None


async def test_beginning_reads_the_row_as_it_stands_and_takes_it_in_hand(store):
    await store.due.ask([request(delivery="d-9")])
    work = await store.due.begin("scan-image", "a", now=NOW, until=LATER)
    assert (work.kind, work.key, work.due_at, work.delivery) == ("scan-image", "a", NOW, "d-9")
    assert await keys(store) == []


@pytest.mark.parametrize("key", ["a", "unknown"])
async def test_work_that_is_not_there_or_not_due_does_not_begin(store, key):
    await store.due.ask([request("a", due_at=LATER)])
    assert await store.due.begin("scan-image", key, now=NOW, until=LATER) is None


async def test_the_next_due_time_is_the_earliest_of_what_nobody_has_in_hand(store):
    await store.due.ask([request("in hand"), request("soon", due_at=LATER), request("late", due_at=LATER + seconds(9))])
    await leased(store)
    assert await store.due.next_due(NOW) == LATER


async def test_processes_that_lease_at_once_stay_within_window_and_share(store, second_store):
    await store.due.ask([request(f"{owner}-{n}", owner=f"o{owner}") for owner in range(4) for n in range(10)])
    results = await asyncio.gather(*(leased(item, window=9, share=3) for item in [store, second_store] * 5))
    works = [work for result in results for work in result]
    assert len({work.key for work in works}) == len(works) == 9
    assert max(Counter(work.owner for work in works).values()) == 3


WORK = st.tuples(st.sampled_from(["", "o1", "o2", "o3"]), st.sampled_from([10, 20, 60]), st.integers(-3, 3))


@given(st.lists(WORK, max_size=20), st.integers(1, 10), st.integers(1, 4))
def test_what_is_handed_out_is_what_a_plain_loop_would_choose(works, window, share):
    requests = [
        request(f"{number:02}", owner=owner, priority=priority, due_at=NOW + seconds(offset))
        for number, (owner, priority, offset) in enumerate(works)
    ]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        ask(connection, requests)
        got = [work.key for work in lease(connection, NOW, window=window, share=share, until=LATER)]
    engine.dispose()
    assert got == plain_choice(requests, window, share)


def plain_choice(requests, window, share):
    held = Counter()
    chosen = []
    for item in sorted(requests, key=lambda item: (-item.priority, item.due_at, item.key)):
        if item.due_at <= NOW and len(chosen) < window and (not item.owner or held[item.owner] < share):
            held[item.owner] += 1
            chosen.append(item.key)
    return chosen
