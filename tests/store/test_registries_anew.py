"""A database of the version before: nothing is lost, and by whom images are read is asked anew."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from bot.store import ImageUse, IndexedFile, PushedAgain, ScanState, Store
from tests.store.builders import hook
from tests.store.older import make_older

THEN = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
MOMENT = int(THEN.timestamp()) * 10**6
IMAGE = ("ghcr.io", "acme/app")

ROWS = (
    "INSERT INTO installations VALUES (1, 'acme', 'Organization', false)",
    "INSERT INTO repositories VALUES (10, 1, 'acme/r10', 'acme/r10', 'main', false, false)",
    "INSERT INTO policy_files VALUES (10, 'p1', 'version: 1', '[]', 'c1')",
    "INSERT INTO follows VALUES (10, 'app', 'ghcr.io', 'acme/app')",
    "INSERT INTO index_files VALUES (10, 'a.yml', 'b1', '[]')",
    "INSERT INTO index_images VALUES (10, 'a.yml', 0, 'ghcr.io', 'acme/app', '1.0', NULL)",
    "INSERT INTO index_states VALUES (10, 'c1', 't1')",
    f"INSERT INTO images VALUES ('ghcr.io', 'acme/app', '', {MOMENT}, NULL, 'hash')",
    f"INSERT INTO tags VALUES ('ghcr.io', 'acme/app', '', '1.0', 'sha256:1', {MOMENT}, {MOMENT}, '[]', NULL)",
    f"INSERT INTO tags VALUES ('ghcr.io', 'acme/app', '', '1.1', NULL, NULL, {MOMENT}, NULL, NULL)",
)
HOOK = "INSERT INTO hooks VALUES ('h1', 'dockerhub', 1, 'docker.io', 'acme/', {})"
BYTES = {"sqlite": f"X'{'78' * 32}'", "postgresql": f"decode('{'78' * 32}', 'hex')"}


@pytest.fixture
async def migrated(unmigrated_url):
    """Return a store whose rows were written by the version before."""
    make_older(unmigrated_url, "0002", *ROWS, HOOK.format(BYTES[unmigrated_url.partition("+")[0].partition(":")[0]]))
    async with await Store.open(unmigrated_url) as store:
        yield store


async def test_what_is_followed_is_read_by_nobody_in_particular_until_it_is_asked_anew(migrated):
    assert await migrated.index.followed_images() == [(*IMAGE, "")]
    assert await migrated.index.polled(*IMAGE, "") == 300
    assert await migrated.index.all_unfinished() == [(1, 10)]


async def test_the_files_of_the_index_are_known_and_read_again_for_their_markers(migrated):
    assert await migrated.index.known(10) == {"a.yml": ""}
    assert await migrated.index.files(10) == [IndexedFile("a.yml", "", (ImageUse(*IMAGE, "1.0", None),), "[]")]


async def test_scans_and_tags_stay_as_they_were(migrated):
    assert await migrated.ledger.scan_state(*IMAGE) == ScanState(THEN, None, "hash")
    known = {tag.name: (tag.digest, tag.pushed_at, tag.first_seen) for tag in await migrated.ledger.tags(*IMAGE)}
    assert known == {"1.0": ("sha256:1", THEN, THEN), "1.1": (None, None, THEN)}
    assert await migrated.ledger.pushed_again(*IMAGE) == []


async def test_the_digests_that_are_known_are_in_the_ledger_of_digests(migrated, unmigrated_url):
    later = datetime(2026, 4, 1, tzinfo=UTC)
    await migrated.ledger.describe(*IMAGE, "1.0", "sha256:2", None, seen_at=later)
    assert await migrated.ledger.pushed_again(*IMAGE) == [PushedAgain("1.0", "sha256:1", "sha256:2", later)]
    engine = create_engine(unmigrated_url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT name, digest, first_seen FROM tag_digests ORDER BY digest")).all()
    engine.dispose()
    assert [tuple(row) for row in rows] == [
        ("1.0", "sha256:1", MOMENT),
        ("1.0", "sha256:2", int(later.timestamp()) * 10**6),
    ]


async def test_hooks_stay_open(migrated):
    assert await migrated.hooks.get("h1") == (hook("h1"), b"x" * 32)
    opened = await migrated.hooks.open("h1")
    assert (opened.signing, opened.hook.created_at) == (None, None)


async def test_nothing_was_told_of_a_policy_file_yet(migrated):
    assert await migrated.repositories.reported(10) is None
    assert (await migrated.repositories.policy(10)).blob == "p1"
