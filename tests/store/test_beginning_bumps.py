"""Beginning bumps: one at a time in a repository, so that no limit is passed by those that begin together."""

import asyncio

import pytest

from bot.store import BumpState, UnknownOwner
from tests.store.builders import NOW, bump, repository, seconds, settle

HOUR = seconds(3600)


def beginning(group="app", **changes):
    return bump(**{"group": group, "state": BumpState.OPENING, "pull_request": None, "head": "", **changes})


def nothing_against(_others, _openings):
    return None


def at_most(living=99, an_hour=99):
    """Return what refuses a bump with a word when so many others live, or began within the hour."""

    def admits(others, openings):
        if len(others) >= living:
            return "too many live"
        return "too many began" if len(openings) >= an_hour else None

    return admits


async def seen_by(store, now=NOW, group="seen"):
    """Return what `admits` is handed: the groups of the living, and the openings. Nothing is written."""
    return await store.bumps.begin(
        beginning(group), lambda others, openings: ([o.group for o in others], openings), now
    )


async def test_what_is_admitted_is_saved_and_counted(store):
    await settle(store)
    assert await store.bumps.begin(beginning(), nothing_against, NOW) is None
    assert await store.bumps.get(10, "app") == beginning()
    assert await seen_by(store) == (["app"], [NOW])


async def test_what_is_refused_is_told_and_leaves_everything_as_it_was(store):
    await settle(store)
    await store.bumps.save(bump(head="c1"))
    assert await store.bumps.begin(beginning(head="c2"), lambda *_: "no", NOW) == "no"
    assert await store.bumps.get(10, "app") == bump(head="c1")
    assert await seen_by(store) == (["app"], [])


async def test_only_the_other_living_bumps_of_the_repository_count(store):
    await settle(store, repository(10), repository(11))
    for state in BumpState:
        await store.bumps.save(bump(group=state.value, state=state))
    await store.bumps.save(bump(group="seen"))
    await store.bumps.begin(beginning("other", repository=11), nothing_against, NOW)
    assert await seen_by(store) == (["open", "opening"], [])


@pytest.mark.parametrize(("passed", "counted"), [(HOUR - seconds(1), True), (HOUR, False)])
async def test_an_opening_counts_for_an_hour(store, passed, counted):
    await settle(store)
    await store.bumps.begin(beginning(), nothing_against, NOW)
    assert await seen_by(store, NOW + passed) == (["app"], [NOW] if counted else [])


async def test_openings_come_in_order(store):
    await settle(store)
    for passed, group in ((20, "b"), (10, "c"), (30, "a")):
        await store.bumps.begin(beginning(group), nothing_against, NOW + seconds(passed))
    assert await seen_by(store, NOW + seconds(40)) == (["a", "b", "c"], [NOW + seconds(n) for n in (10, 20, 30)])


async def test_a_pull_request_that_is_brought_up_to_date_is_no_opening(store):
    await settle(store)
    await store.bumps.save(bump())
    await store.bumps.begin(bump(head="c2"), nothing_against, NOW)
    assert (await store.bumps.get(10, "app")).head == "c2"
    assert await seen_by(store) == (["app"], [])


@pytest.mark.parametrize("state", [BumpState.MERGED, BumpState.CLOSED])
async def test_the_next_pull_request_of_a_group_is_an_opening_of_its_own(store, state):
    await settle(store)
    await store.bumps.begin(beginning(), nothing_against, NOW)
    await store.bumps.save(bump(state=state))
    await store.bumps.begin(beginning(), nothing_against, NOW + seconds(1))
    assert await seen_by(store, NOW + seconds(1)) == (["app"], [NOW, NOW + seconds(1)])


async def test_an_attempt_that_came_to_nothing_neither_counts_twice_nor_bars_the_next(store):
    await settle(store)
    for passed in range(3):
        assert await store.bumps.begin(beginning(), at_most(living=1, an_hour=1), NOW + seconds(passed)) is None
    assert await seen_by(store, NOW + seconds(2)) == (["app"], [NOW + seconds(2)])


@pytest.mark.parametrize("limit", [{"living": 3}, {"an_hour": 3}])
async def test_twenty_groups_that_begin_at_once_never_pass_a_limit(store, second_store, limit):
    await settle(store)
    stores = [store, second_store] * 10
    answers = await asyncio.gather(
        *(each.bumps.begin(beginning(f"g{n}"), at_most(**limit), NOW) for n, each in enumerate(stores))
    )
    assert sum(answer is None for answer in answers) == 3
    assert len(await store.bumps.open_of(10)) == 3


async def test_what_the_judge_raises_is_raised_and_nothing_is_written(store):
    await settle(store)
    with pytest.raises(ZeroDivisionError):
        await store.bumps.begin(beginning(), lambda *_: 1 / 0, NOW)
    assert await store.bumps.get(10, "app") is None


async def test_openings_that_count_no_more_are_forgotten(store):
    await settle(store, repository(10), repository(11))
    await store.bumps.begin(beginning(), nothing_against, NOW)
    await store.bumps.begin(beginning(repository=11), nothing_against, NOW + seconds(1))
    assert await store.openings.prune(NOW + seconds(1)) == 1
    assert await store.openings.prune(NOW + seconds(2)) == 1


async def test_a_new_opening_has_the_repository_s_old_ones_forgotten(store):
    await settle(store)
    await store.bumps.begin(beginning(), nothing_against, NOW)
    await store.bumps.begin(beginning("db"), nothing_against, NOW + HOUR)
    assert await store.openings.prune(NOW + HOUR * 2) == 1


async def test_a_bump_of_a_repository_that_is_not_stored_is_refused(store):
    with pytest.raises(UnknownOwner):
        await store.bumps.begin(beginning(), nothing_against, NOW)


async def test_the_head_that_was_seen_is_remembered_with_its_time(store):
    await settle(store)
    await store.bumps.save(bump(seen_head="c9", seen_at=NOW))
    assert (await store.bumps.get(10, "app")) == bump(seen_head="c9", seen_at=NOW)
