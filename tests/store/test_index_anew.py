"""An older version's index: what stands where stays known until it is read again; what was found is not believed."""

import json

import pytest
from sqlalchemy import create_engine, text

from bot.store import PolicyRecord, Store
from tests.store.builders import bump, file, repository, settle, use

FOUND_BY_AN_OLDER_VERSION = json.dumps([{"path": "a.yml", "anchor": None}])


@pytest.fixture
async def migrated(database_url):
    """Return a store whose rows were written by the version before, with an open bump and a complete index."""
    async with await Store.open(database_url) as store:
        await settle(store, repository(10))
        await store.repositories.save_policy(10, PolicyRecord("p1", "version: 1", (), "c1"))
        await store.index.put(10, [file(blob="b1", images=[use()], occurrences=FOUND_BY_AN_OLDER_VERSION)])
        await store.index.finish(10, "c1", "t1")
        await store.bumps.save(bump())
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    async with await Store.open(database_url) as store:
        yield store


async def test_the_files_of_an_image_stay_known_and_are_to_be_read_again(migrated):
    assert await migrated.index.files_using(10, "ghcr.io", "acme/app") == [file(blob="", images=[use()])]
    assert await migrated.index.known(10) == {"a.yml": ""}


async def test_the_index_is_not_complete_any_more_and_the_open_bump_stays(migrated):
    assert await migrated.index.state(10) is None
    assert await migrated.index.all_unfinished() == [(1, 10)]
    assert await migrated.bumps.get(10, "app") == bump()
