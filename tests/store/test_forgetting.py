"""Forgetting: what a reader was told goes with it, in the ledger and for good; what others were told stays."""

from datetime import timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.store import Push
from tests.store.builders import LATER, NOW, credential, installation

IMAGE = ("registry.example", "app")
TABLES = ("tags", "tag_digests", "images")


async def read_by(store, *readers, names=("1.0",)):
    for reader in readers:
        await store.ledger.record(*IMAGE, names, NOW, reader)
        await store.ledger.describe(*IMAGE, names[0], "sha256:1", None, reader, seen_at=NOW)
        await store.ledger.scanned(*IMAGE, NOW, None, reader)


def readers_left(url):
    """Return for each table of the ledger whose rows it holds."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = [
            sorted(connection.execute(text(f"SELECT DISTINCT credential FROM {table}")).scalars()) for table in TABLES
        ]
    engine.dispose()
    return found


async def test_everything_that_one_reader_was_told_is_forgotten(store, database_url):
    await read_by(store, "", "c-1", "c-2")
    await store.ledger.forget_reader("c-1")
    assert readers_left(database_url) == [["", "c-2"]] * 3


async def test_a_long_list_is_forgotten_whole(store, database_url):
    await read_by(store, "c-1", names=[f"v{number}" for number in range(2503)])
    await store.ledger.forget_reader("c-1")
    assert readers_left(database_url) == [[]] * 3


@pytest.mark.parametrize("reader", ["", "unknown"])
async def test_what_nobody_in_particular_read_is_never_forgotten(store, database_url, reader):
    await read_by(store, "")
    await store.ledger.forget_reader(reader)
    assert readers_left(database_url) == [[""]] * 3


async def test_what_was_written_for_readers_that_are_gone_is_found_and_forgotten(store, database_url):
    await store.installations.save(installation(1))
    await store.credentials.add(credential(), SecretStr("secret"))
    await read_by(store, "", "c-team", "operator:1", "operator:2", "c-gone")
    assert await store.ledger.forget_strays(NOW) == ["c-gone", "operator:2"]
    assert readers_left(database_url) == [["", "c-team", "operator:1"]] * 3
    assert await store.ledger.forget_strays(NOW) == []


async def test_a_stray_is_found_in_each_table(store, database_url):
    await store.ledger.record(*IMAGE, ["1.0"], NOW, "c-1")
    await store.ledger.scanned(*IMAGE, NOW, None, "c-2")
    assert await store.ledger.forget_strays(NOW) == ["c-1", "c-2"]
    assert readers_left(database_url) == [[]] * 3


async def test_old_push_times_of_images_that_nobody_looked_at_are_forgotten(store):
    await read_by(store, "")
    for image, at in ((IMAGE, NOW), (("ghcr.io", "old"), NOW), (("ghcr.io", "new"), LATER)):
        await store.ledger.pushed(*image, Push("1.0", "sha256:1", at))
    await store.ledger.forget_strays(NOW + timedelta(seconds=1))
    for host, repository in (IMAGE, ("ghcr.io", "old"), ("ghcr.io", "new")):
        await store.ledger.record(host, repository, ["1.0"], NOW)
        await store.ledger.describe(host, repository, "1.0", "sha256:1", None)
    told = [(await store.ledger.tags(*image))[0].pushed_at for image in (IMAGE, ("ghcr.io", "old"), ("ghcr.io", "new"))]
    assert told == [NOW, None, LATER]
