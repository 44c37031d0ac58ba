"""Handing out due work: most urgent first, within a window, nobody more than a share, nothing twice, nothing stuck."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from bot.store.asking import ask
from bot.store.leasing import Limits, lease
from bot.store.tables import metadata
from tests.store.builders import LATER, NOW, request, seconds


async def leased(store, now=NOW, window=100, share=100, until=None, **limits):
    return await store.due.lease(now, window=window, share=share, until=until or now + seconds(60), **limits)


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


def poll(key, **changes):
    return request(key, **{"kind": "poll-image", "priority": 5, **changes})


async def failed(store, *names):
    """Ask for scans, have each fail once, and be due again."""
    await store.due.ask([request(name, owner=f"registry:{name}") for name in names])
    for work in await leased(store):
        await store.due.postpone(work, when=NOW, attempts=1, reason="slow")


async def test_all_registries_together_leave_room_for_other_work(store):
    await store.due.ask([request(f"scan {n}", owner=f"registry:{n}", priority=60) for n in range(5)])
    await store.due.ask([request(f"index {n}", owner=f"installation:{n}", priority=10) for n in range(2)])
    assert await keys(store, registries=3) == ["scan 0", "scan 1", "scan 2", "index 0", "index 1"]
    assert await keys(store, registries=4) == ["scan 3"]


async def test_polls_leave_room_for_scans_of_registries_that_nobody_waits_for_yet(store):
    await store.due.ask([poll(f"poll {n}", owner=f"registry:{n}") for n in range(5)])
    assert await keys(store, registries=4, patient=2) == ["poll 0", "poll 1"]
    await store.due.ask([request("scan", owner="registry:healthy")])
    assert await keys(store, registries=4, patient=2) == ["scan"]


async def test_what_failed_before_at_its_registry_counts_as_a_poll(store):
    await failed(store, "slow 0", "slow 1", "slow 2")
    await store.due.ask([poll("poll", owner="registry:other"), request("scan", owner="registry:healthy")])
    assert await keys(store, patient=2) == ["scan", "slow 0", "slow 1"]
    assert await keys(store, patient=3) == ["slow 2"]


async def test_other_work_that_failed_before_is_not_limited_with_the_registries(store):
    await store.due.ask([request(str(n), owner=f"installation:{n}") for n in range(3)])
    for work in await leased(store):
        await store.due.postpone(work, when=NOW, attempts=1, reason="slow")
    assert await keys(store, registries=1, patient=1) == ["0", "1", "2"]


async def test_room_that_registries_give_back_is_used_again(store):
    await store.due.ask([poll(f"poll {n}", owner=f"registry:{n}") for n in range(2)])
    [work] = await leased(store, patient=1)
    await store.due.finish(work)
    assert await keys(store, patient=1) == ["poll 1"]


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


async def test_processes_that_lease_at_once_leave_room_together(store, second_store):
    await store.due.ask([poll(f"{owner}-{n}", owner=f"registry:{owner}") for owner in range(9) for n in range(3)])
    results = await asyncio.gather(*(leased(item, patient=6) for item in [store, second_store] * 5))
    assert sum(map(len, results)) == 6


OWNERS = ["", "o1", "registry:a", "registry:b", "registry:c", "Registry:a"]
WORK = st.tuples(st.sampled_from(OWNERS), st.sampled_from([5, 10, 20, 60]), st.integers(-3, 3), st.integers(0, 1))
LIMITS = st.builds(Limits, st.integers(1, 10), st.integers(1, 4), st.integers(1, 8), st.integers(1, 4))


@given(st.lists(WORK, max_size=20), LIMITS)
def test_what_is_handed_out_is_what_a_plain_loop_would_choose(works, limits):
    requests = [
        request(f"{number:02}", owner=owner, priority=priority, due_at=NOW + seconds(offset))
        for number, (owner, priority, offset, _) in enumerate(works)
    ]
    attempts = [{"its_key": f"{number:02}", "so_many": work[3]} for number, work in enumerate(works)]
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        ask(connection, requests)
        if attempts:
            connection.execute(text("UPDATE due SET attempts = :so_many WHERE key = :its_key"), attempts)
        got = [work.key for work in lease(connection, NOW, limits=limits, until=LATER)]
    engine.dispose()
    assert got == plain_choice(requests, {each["its_key"]: each["so_many"] for each in attempts}, limits)


def plain_choice(requests, attempts, limits):
    held = Counter()
    chosen = []
    for item in sorted(requests, key=lambda item: (-item.priority, item.due_at, item.key)):
        of_a_registry = item.owner.startswith("registry:")
        patient = of_a_registry and (item.priority == 5 or attempts[item.key] > 0)
        counts = {"all": limits.window}
        counts |= {item.owner: limits.share} if item.owner else {}
        counts |= {"registries": limits.registries} if of_a_registry else {}
        counts |= {"patient": limits.patient} if patient else {}
        if item.due_at <= NOW and all(held[name] < most for name, most in counts.items()):
            held.update(counts.keys())
            chosen.append(item.key)
    return chosen
