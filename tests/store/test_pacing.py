"""Pacing: writes of one installation in a row, whichever process makes them, and so much new content an hour."""

import asyncio
from datetime import timedelta

import pytest

from bot.store.pacing import CONTENT_BURST, CONTENT_GAP, LONGEST_WAIT
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


async def contents(store, count, gap=GAP):
    """Write so many pieces of new content as soon as each may be written; returns when that was."""
    written, now = [], NOW
    while len(written) < count:
        place = await store.pacing.reserve(1, now, gap, True)
        if place <= now + LONGEST_WAIT:
            written.append(place)
        now = place
    return written


async def test_a_burst_of_new_content_is_only_paced_as_writes_are(store):
    assert await contents(store, 20) == [NOW + GAP * n for n in range(20)]


async def test_after_the_burst_new_content_comes_every_ten_seconds(store):
    written = await contents(store, CONTENT_BURST + 3, seconds(0))
    assert written[CONTENT_BURST - 1] == NOW
    assert written[CONTENT_BURST:] == [NOW + CONTENT_GAP * n for n in (1, 2, 3)]


async def test_what_is_no_content_does_not_wait_for_it(store):
    await contents(store, CONTENT_BURST, seconds(0))
    assert await store.pacing.reserve(1, NOW, GAP, False) == NOW


async def test_what_is_no_content_takes_nothing_of_the_burst(store):
    for _ in range(CONTENT_BURST * 2):
        await store.pacing.reserve(1, NOW, seconds(0))
    assert await store.pacing.reserve(1, NOW, GAP, True) == NOW


async def test_content_that_is_too_far_away_is_told_but_not_taken(store):
    await contents(store, CONTENT_BURST, seconds(0))
    later = [await store.pacing.reserve(1, NOW, GAP, True) for _ in range(3)]
    assert later == [NOW + CONTENT_GAP] * 3
    assert await store.pacing.reserve(1, NOW, GAP) == NOW


async def test_the_burst_comes_back_with_time(store):
    await contents(store, CONTENT_BURST, seconds(0))
    rested = NOW + CONTENT_GAP * CONTENT_BURST
    assert [await store.pacing.reserve(1, rested, seconds(0), True) for _ in range(CONTENT_BURST)] == (
        [rested] * CONTENT_BURST
    )


async def test_content_of_installations_is_counted_apart(store):
    await contents(store, CONTENT_BURST, seconds(0))
    assert await store.pacing.reserve(2, NOW, GAP, True) == NOW


@pytest.mark.parametrize(
    ("window", "most"), [(timedelta(minutes=1), 80), (timedelta(hours=1), 500)], ids=["a minute", "an hour"]
)
async def test_no_window_sees_more_content_than_github_takes(store, window, most):
    written = await contents(store, most + 20)
    assert max(sum(start <= moment <= start + window for moment in written) for start in written) <= most
