"""A bump that is saved only where it is still remembered as it was read: what others noted meanwhile stays."""

from dataclasses import replace

import pytest

from bot.store import BumpState
from tests.store.builders import LATER, bump, settle

MEANWHILE = {
    "its state": {"state": BumpState.MERGED},
    "its head": {"head": "c9"},
    "its pull request": {"pull_request": None},
    "its fingerprint": {"fingerprint": "f9"},
    "what it proposes": {"proposals": '{"laid": "x"}'},
    "when": {"updated_at": LATER},
    "the head that was seen": {"seen_head": "c9"},
}


@pytest.mark.parametrize("pull_request", [7, None])
async def test_what_is_still_as_it_was_read_is_replaced(store, pull_request):
    await settle(store)
    read, now = bump(pull_request=pull_request), bump(head="c2", updated_at=LATER)
    await store.bumps.save(read)
    assert await store.bumps.save_if(now, read)
    assert await store.bumps.get(10, "app") == now


@pytest.mark.parametrize("changed", MEANWHILE)
async def test_what_was_changed_meanwhile_stays(store, changed):
    await settle(store)
    read = bump()
    await store.bumps.save(replace(read, **MEANWHILE[changed]))
    assert not await store.bumps.save_if(replace(read, branch="other"), read)
    assert await store.bumps.get(10, "app") == replace(read, **MEANWHILE[changed])


async def test_what_is_not_remembered_is_not_saved(store):
    await settle(store)
    assert not await store.bumps.save_if(bump(), bump())
    assert await store.bumps.get(10, "app") is None
