"""A database of the version before reviews: images stay known where they stand, and every file is read again."""

import pytest

from bot.store import Store
from tests.store.builders import file, review, use
from tests.store.older import make_older

ROWS = (
    "INSERT INTO installations VALUES (1, 'acme', 'Organization', false)",
    "INSERT INTO repositories VALUES (10, 1, 'acme/r10', 'acme/r10', 'main', false, false)",
    "INSERT INTO policy_files VALUES (10, 'p1', 'version: 1', '[]', 'c1', NULL, NULL)",
    "INSERT INTO index_files VALUES (10, 'a.yml', 'b1', '[1]')",
    "INSERT INTO index_images VALUES (10, 'a.yml', 0, 'ghcr.io', 'acme/app', '1.0.0', NULL)",
    "INSERT INTO index_states VALUES (10, 'c1', 't1')",
)


@pytest.fixture
async def migrated(unmigrated_url):
    """Return a store whose rows were written by the version before, with a complete index."""
    make_older(unmigrated_url, "0004", *ROWS)
    async with await Store.open(unmigrated_url) as store:
        yield store


async def test_files_keep_their_images_and_are_to_be_read_again(migrated):
    assert await migrated.index.files(10) == [file(blob="", images=[use()], occurrences="[1]")]


async def test_the_index_is_not_complete_any_more(migrated):
    assert await migrated.index.state(10) is None
    assert await migrated.index.all_unfinished() == [(1, 10)]


async def test_nothing_is_known_of_what_stands_beside_images(migrated):
    assert await migrated.index.surroundings(10) == {}


async def test_nothing_was_reviewed_and_something_can_be(migrated):
    assert await migrated.reviews.of(10) == []
    await migrated.reviews.put(review())
    assert await migrated.reviews.of(10) == [review()]
