"""Bumps: one for each group, found by whatever an event names."""

import pytest

from bot.store import BumpState
from tests.store.builders import LATER, bump, repository, settle


async def test_a_bump_comes_out_as_it_went_in(store):
    await settle(store)
    opening = bump(state=BumpState.OPENING, pull_request=None, proposals='[{"image": "a"}]')
    await store.bumps.save(opening)
    assert await store.bumps.get(10, "app") == opening


async def test_saving_again_replaces_the_bump_of_the_group(store):
    await settle(store)
    await store.bumps.save(bump())
    merged = bump(state=BumpState.MERGED, head="c2", fingerprint="f2", updated_at=LATER)
    await store.bumps.save(merged)
    assert await store.bumps.get(10, "app") == merged


async def test_groups_and_repositories_are_kept_apart(store):
    await settle(store, repository(10), repository(11))
    await store.bumps.save(bump(repository=10, group="app"))
    assert await store.bumps.get(10, "db") is None
    assert await store.bumps.get(11, "app") is None


async def test_open_bumps_are_those_open_and_being_opened(store):
    await settle(store, repository(10), repository(11))
    for state in BumpState:
        await store.bumps.save(bump(group=state.value, state=state))
    await store.bumps.save(bump(repository=11))
    assert {item.state for item in await store.bumps.open_of(10)} == {BumpState.OPEN, BumpState.OPENING}


@pytest.mark.parametrize(("number", "found"), [(7, True), (8, False)])
async def test_a_bump_is_found_by_its_pull_request(store, number, found):
    await settle(store, repository(10), repository(11))
    await store.bumps.save(bump(pull_request=7))
    assert (await store.bumps.by_pull_request(10, number) is not None) is found
    assert await store.bumps.by_pull_request(11, number) is None


@pytest.mark.parametrize(("head", "found"), [("c1", True), ("c2", False)])
async def test_a_bump_is_found_by_the_commit_its_branch_ends_at(store, head, found):
    await settle(store, repository(10), repository(11))
    await store.bumps.save(bump(head="c1"))
    assert (await store.bumps.by_head(10, head) is not None) is found
    assert await store.bumps.by_head(11, head) is None


async def test_a_bump_is_found_by_the_commit_of_a_person_on_top(store):
    await settle(store, repository(10))
    await store.bumps.save(bump(head="c1", seen_head="c2"))
    found = [await store.bumps.by_head(10, head) for head in ("c1", "c2", "c3")]
    assert [each is not None for each in found] == [True, True, False]
