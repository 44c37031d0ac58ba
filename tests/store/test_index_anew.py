"""An older version's index: what stands where stays known until it is read again; what was found is not believed."""

import pytest

from bot.store import Store
from tests.store.builders import bump, file, use
from tests.store.older import make_older

ROWS = (
    "INSERT INTO installations VALUES (1, 'acme', 'Organization', false)",
    "INSERT INTO repositories VALUES (10, 1, 'acme/r10', 'acme/r10', 'main', false, false)",
    "INSERT INTO policy_files VALUES (10, 'p1', 'version: 1', '[]', 'c1')",
    """INSERT INTO index_files VALUES (10, 'a.yml', 'b1', '[{"path"\\: "a.yml", "anchor"\\: null}]')""",
    "INSERT INTO index_images VALUES (10, 'a.yml', 0, 'ghcr.io', 'acme/app', '1.0.0', NULL)",
    "INSERT INTO index_states VALUES (10, 'c1', 't1')",
    """INSERT INTO bumps VALUES
        (10, 'app', 'niro/app', 'main', 'c1', 7, 'open', 'f1', '[]', 1772366400000000)""",
)


@pytest.fixture
async def migrated(unmigrated_url):
    """Return a store whose rows were written by the first version, with an open bump and a complete index."""
    make_older(unmigrated_url, "0001", *ROWS)
    async with await Store.open(unmigrated_url) as store:
        yield store


async def test_the_files_of_an_image_stay_known_and_are_to_be_read_again(migrated):
    assert await migrated.index.files_using(10, "ghcr.io", "acme/app") == [file(blob="", images=[use()])]
    assert await migrated.index.known(10) == {"a.yml": ""}


async def test_the_index_is_not_complete_any_more_and_the_open_bump_stays(migrated):
    assert await migrated.index.state(10) is None
    assert await migrated.index.all_unfinished() == [(1, 10)]
    assert await migrated.bumps.get(10, "app") == bump()
