"""Claims: one promoted image at a time may write a tag."""

import asyncio

import pytest

from bot.store import RunState
from tests.store.builders import LATER, NOW, begun, seconds, settle

ENDED = {RunState.DONE, RunState.SUPERSEDED, RunState.GIVEN_UP, RunState.DENIED}
TAG = ("qa.example", "acme/website", "1.0")


async def two_runs(store):
    await settle(store)
    return (await begun(store)).id, (await begun(store, tag="other")).id


async def test_a_claimed_tag_is_for_nobody_else_until_it_is_given_back(store):
    first, second = await two_runs(store)
    assert await store.promotions.claim(*TAG, first, NOW, LATER)
    assert not await store.promotions.claim(*TAG, second, NOW, LATER)
    await store.promotions.release(*TAG, second)
    assert not await store.promotions.claim(*TAG, second, NOW, LATER)
    await store.promotions.release(*TAG, first)
    assert await store.promotions.claim(*TAG, second, NOW, LATER)


async def test_other_tags_images_and_hosts_are_free(store):
    first, second = await two_runs(store)
    await store.promotions.claim(*TAG, first, NOW, LATER)
    host, image, tag = TAG
    for other in (("dev.example", image, tag), (host, "acme/other", tag), (host, image, "1.1")):
        assert await store.promotions.claim(*other, second, NOW, LATER)


async def test_the_same_run_gets_it_again_for_longer(store):
    first, second = await two_runs(store)
    await store.promotions.claim(*TAG, first, NOW, LATER)
    assert await store.promotions.claim(*TAG, first, NOW, LATER + seconds(60))
    assert not await store.promotions.claim(*TAG, second, LATER, LATER + seconds(60))


async def test_a_claim_ends_at_its_time(store):
    first, second = await two_runs(store)
    await store.promotions.claim(*TAG, first, NOW, LATER)
    assert not await store.promotions.claim(*TAG, second, LATER - seconds(1), LATER)
    assert await store.promotions.claim(*TAG, second, LATER, LATER + seconds(60))
    assert not await store.promotions.claim(*TAG, first, LATER, LATER + seconds(60))


@pytest.mark.parametrize("state", RunState, ids=lambda state: state.value)
async def test_what_a_run_that_ended_did_not_give_back_is_free(store, state):
    await settle(store)
    dead = await begun(store, state=state)
    other = await begun(store, tag="other")
    await store.promotions.claim(*TAG, dead.id, NOW, LATER)
    assert await store.promotions.claim(*TAG, other.id, NOW, LATER) == (state in ENDED)


async def test_of_many_who_want_a_tag_at_once_one_gets_it(store, second_store):
    await settle(store)
    runs = [(await begun(store, tag=f"t{number}")).id for number in range(10)]
    wanted = zip((store, second_store) * 5, runs, strict=True)
    claimed = await asyncio.gather(*(each.promotions.claim(*TAG, run, NOW, LATER) for each, run in wanted))
    assert sum(claimed) == 1


async def test_what_a_run_claimed_is_free_once_the_run_is_gone(store):
    first, _ = await two_runs(store)
    await store.promotions.claim(*TAG, first, NOW, LATER)
    await store.repositories.remove(10)
    await settle(store)
    assert await store.promotions.claim(*TAG, (await begun(store)).id, NOW, LATER)
