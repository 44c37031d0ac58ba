"""Pacing: writes of one installation in a row, whichever process makes them."""

import asyncio

from tests.store.builders import LATER, NOW, seconds

GAP = seconds(1)


async def test_the_first_write_may_be_made_at_once(store):
    assert await store.pacing.reserve(1, NOW, GAP) == NOW


async def test_each_write_takes_the_next_place(store):
    assert [await store.pacing.reserve(1, NOW, GAP) for _ in range(3)] == [NOW, NOW + GAP, NOW + GAP * 2]


async def test_after_a_pause_nobody_waits(store):
    await store.pacing.reserve(1, NOW, GAP)
    assert await store.pacing.reserve(1, NOW + GAP * 3, GAP) == NOW + GAP * 3


async def test_installations_do_not_wait_for_each_other(store):
    await store.pacing.reserve(1, NOW, GAP)
    assert await store.pacing.reserve(2, NOW, GAP) == NOW


async def test_processes_share_one_row(store, second_store):
    within = seconds(60)
    places = await asyncio.gather(
        *(item.pacing.reserve(1, NOW, GAP, within=within) for item in [store, second_store] * 10)
    )
    assert sorted(places) == [NOW + GAP * n for n in range(20)]


async def test_a_place_too_far_away_is_told_but_not_taken(store):
    for _ in range(6):
        await store.pacing.reserve(1, NOW, GAP)
    assert [await store.pacing.reserve(1, NOW, GAP) for _ in range(3)] == [NOW + seconds(6)] * 3
    assert await store.pacing.reserve(1, NOW + seconds(6), GAP) == NOW + seconds(6)


async def test_nobody_writes_before_a_hold_ends(store):
    await store.pacing.hold(1, LATER)
    assert await store.pacing.reserve(1, NOW, GAP) == LATER
    assert await store.pacing.reserve(1, LATER, GAP) == LATER
    assert await store.pacing.reserve(2, NOW, GAP) == NOW


async def test_an_earlier_hold_does_not_shorten_a_later_one(store):
    await store.pacing.hold(1, LATER)
    await store.pacing.hold(1, NOW)
    assert await store.pacing.held(1) == LATER


async def test_without_a_limit_nothing_is_held(store):
    await store.pacing.reserve(1, NOW, GAP)
    assert await store.pacing.held(1) is None
    assert await store.pacing.held(2) is None
