"""A database of the version before promotions: all that stood there stays, and promotions can be remembered."""

import pytest

from bot.store import Repository, Store
from tests.store.builders import NOW, file, hook, new_run, report, use
from tests.store.older import make_older

ROWS = (
    "INSERT INTO installations VALUES (1, 'acme', 'Organization', false)",
    "INSERT INTO repositories VALUES (10, 1, 'acme/r10', 'acme/r10', 'main', false, false)",
    "INSERT INTO policy_files VALUES (10, 'p1', 'version: 1', '[]', 'c1', NULL, NULL)",
    "INSERT INTO index_files VALUES (10, 'a.yml', 'b1', '[]', '')",
    "INSERT INTO index_images VALUES (10, 'a.yml', 0, 'ghcr.io', 'acme/app', '1.0.0', NULL)",
    "INSERT INTO index_states VALUES (10, 'c1', 't1')",
    "INSERT INTO findings VALUES (10, 7, 'f1', 'latest-image-tag', 1772366400000000, false)",
)


@pytest.fixture
async def migrated(unmigrated_url):
    """Return a store whose rows were written by the version before."""
    make_older(unmigrated_url, "0005", *ROWS)
    async with await Store.open(unmigrated_url) as store:
        yield store


async def test_what_stood_there_stays_and_every_policy_file_is_looked_at_again(migrated):
    assert await migrated.repositories.get(10) == Repository(10, 1, "acme/r10", "main", False, False)
    assert await migrated.index.files(10) == [file(images=[use()])]
    assert await migrated.index.all_unfinished() == [(1, 10)]
    assert [each.at for each in await migrated.findings.said(10, 7)] == [NOW]


async def test_nothing_was_promoted_and_something_can_be(migrated):
    assert await migrated.promotions.of(None) == []
    run, made = await migrated.promotions.begin(new_run())
    assert (made, await migrated.promotions.of(10)) == (True, [run])


async def test_nothing_was_reported_and_something_can_be(migrated):
    await migrated.hooks.create(hook(), b"x" * 32)
    await migrated.scan_reports.put(report())
    assert await migrated.scan_reports.of(1, "dev.example", "acme/website", ["sha256:1"]) == [report()]
