"""Forgetting: what a reader was told goes with it, in the ledger and for good; what others were told stays."""

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from tests.store.builders import NOW, credential, decision, installation, seconds, settle

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


async def decided(store, *, reader, policy="app", current="1.0"):
    """Save a decision and one that differs from it, both for the same tag."""
    for offset, selected in enumerate(("1.1", "1.2")):
        changes = {"policy": policy, "current": current, "selected": selected, "at": NOW + seconds(offset)}
        await store.decisions.save(decision(reader=reader, **changes))


async def decisions_left(store, policy="app"):
    latest = await store.decisions.all_of(10, policy)
    return [each.current for each in latest], [each.current for each in await store.decisions.history(10, policy)]


@pytest.mark.parametrize("reader", ["c-team", "operator:2"])
async def test_what_was_decided_from_what_a_reader_read_is_forgotten_with_it(store, reader):
    await settle(store)
    await decided(store, reader="", current="public")
    await decided(store, reader=reader)
    await decided(store, reader="c-other", policy="db")
    await store.ledger.forget_reader(reader)
    assert await decisions_left(store) == (["public"], ["public", "public"])
    assert await decisions_left(store, "db") == (["1.0"], ["1.0", "1.0"])


async def test_a_removed_credential_takes_the_decisions_along_that_were_made_with_it(store):
    await settle(store)
    await store.credentials.add(credential(), SecretStr("secret"))
    await decided(store, reader="c-team")
    await store.credentials.remove(1, "team")
    assert await decisions_left(store) == ([], [])


async def test_a_change_of_reader_alone_is_no_change_of_a_decision_but_it_goes_with_the_last_reader(store):
    await settle(store)
    await store.decisions.save(decision(reader=""))
    await store.decisions.save(decision(reader="c-team"))
    assert len(await store.decisions.history(10, "app")) == 1
    await store.ledger.forget_reader("c-team")
    assert await store.decisions.of(10, "app") is None


async def test_a_decision_that_a_scan_made_with_a_reader_that_is_gone_is_a_stray(store):
    await settle(store)
    await decided(store, reader="c-gone")
    assert await store.ledger.forget_strays(NOW) == ["c-gone"]
    assert await decisions_left(store) == ([], [])
