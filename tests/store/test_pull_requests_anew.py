"""A database of the version before: its pull requests and waiting writes stay, and nothing was said of them yet."""

import pytest

from bot.store import Store
from tests.store.builders import NOW, bump, restriction, seconds
from tests.store.older import make_older

MOMENT = int(NOW.timestamp()) * 10**6
ROWS = (
    "INSERT INTO installations VALUES (1, 'acme', 'Organization', false)",
    "INSERT INTO repositories VALUES (10, 1, 'acme/r10', 'acme/r10', 'main', false, false)",
    f"INSERT INTO bumps VALUES (10, 'app', 'niro/app', 'main', 'c1', 7, 'open', 'f1', '[]', {MOMENT})",
    f"INSERT INTO pacing VALUES (1, {MOMENT}, {MOMENT + 10**7})",
)


@pytest.fixture
async def migrated(unmigrated_url):
    """Return a store whose rows were written by the version before."""
    make_older(unmigrated_url, "0003", *ROWS)
    async with await Store.open(unmigrated_url) as store:
        yield store


async def test_an_open_bump_stays_and_of_its_branch_nothing_was_seen(migrated):
    assert await migrated.bumps.get(10, "app") == bump(seen_head="", seen_at=None)


async def test_a_hold_upon_writes_stays(migrated):
    assert await migrated.pacing.held(1) == NOW + seconds(10)


async def test_nothing_was_said_and_something_can_be(migrated):
    assert await migrated.restrictions.of(10, NOW) == []
    await migrated.restrictions.lay(restriction())
    assert await migrated.restrictions.of(10, NOW) == [restriction()]
