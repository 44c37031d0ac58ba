"""Transactions: what one write does never spoils another, and none is left open."""

import asyncio
import threading

import pytest
from sqlalchemy import text

from bot.store import Store, StoreUnavailable, UnknownOwner
from bot.store.tables import installations
from tests.store.builders import bump, installation, repository, request, settle


async def count(store):
    return len(await store.installations.all())


def insert(number):
    row = {"id": number, "account": "acme", "account_type": "User", "suspended": False}
    return lambda connection: connection.execute(installations.insert(), row) and number


def insert_and_fail(number):
    def work(connection):
        insert(number)(connection)
        raise LookupError(number)

    return work


async def test_a_write_that_fails_undoes_its_own_and_nobody_elses(store):
    await store.installations.save(installation(1))
    works = [insert(5), insert_and_fail(2), insert(3), insert(1), insert(4)]
    answers = await asyncio.gather(*map(store._database.write, works), return_exceptions=True)
    assert [type(answer) for answer in answers] == [int, LookupError, int, StoreUnavailable, int]
    assert [item.id for item in await store.installations.all()] == [1, 3, 4, 5]


async def test_a_disk_that_is_full_leaves_nobody_believing_that_their_write_is_stored(tmp_path):
    async with await Store.open(f"sqlite:///{tmp_path}/niro.db") as store:
        gate = threading.Event()
        works = [lambda _: gate.wait(10) and 0, insert(1), fill_the_disk, insert(2)]
        writes = [asyncio.ensure_future(store._database.write(work)) for work in works]
        await asyncio.sleep(0)
        gate.set()
        answers = await asyncio.gather(*writes, return_exceptions=True)
        believed = [answer for answer in answers if isinstance(answer, int) and answer]
        assert believed == [item.id for item in await store.installations.all()]
        assert any(isinstance(answer, StoreUnavailable) for answer in answers)


def fill_the_disk(connection):
    """SQLite undoes the whole transaction on some errors, not the one statement alone."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql("CREATE TABLE large (content)")
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    try:
        connection.exec_driver_sql("INSERT INTO large VALUES (zeroblob(100000))")
    finally:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")


async def test_an_error_of_the_database_shows_no_value(store):
    await store.installations.save(installation(1))
    with pytest.raises(StoreUnavailable) as failed:
        await store._database.write(insert(1))
    assert "acme" not in f"{failed.value} {failed.value.__cause__}"


async def test_writes_go_on_after_a_caller_was_cancelled_in_the_middle(store):
    tasks = [asyncio.create_task(store.due.ask([request(str(n))])) for n in range(20)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert results[1::2] == [None] * 10
    await store.due.ask([request("after")])
    assert (await store.due.counts())["scan-image"].open >= 11


async def test_a_write_that_began_before_its_caller_was_cancelled_leaves_no_transaction_open(store, second_store):
    begun, go_on = threading.Event(), threading.Event()

    def work(connection):
        insert(1)(connection)
        begun.set()
        if connection.dialect.name == "sqlite":
            go_on.wait(10)
        else:
            connection.execute(text("SELECT pg_sleep(10)"))

    task = asyncio.create_task(store._database.write(work))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await second_store.installations.save(installation(1))
    assert await count(second_store) == 1


async def test_what_was_written_is_seen_by_the_next_read(store):
    for number in range(20):
        await store.installations.save(installation(number))
        assert await count(store) == number + 1


@pytest.mark.parametrize(
    "write",
    [
        lambda store: store.repositories.save(repository(installation=99)),
        lambda store: store.bumps.save(bump(repository=99)),
        lambda store: store.index.finish(99, "commit", "tree"),
    ],
    ids=["repository", "bump", "index"],
)
async def test_writing_for_what_was_removed_meanwhile_is_an_error_of_its_own(store, write):
    await settle(store)
    with pytest.raises(UnknownOwner, match="not stored any more"):
        await write(store)


async def test_two_processes_that_write_the_same_rows_in_other_orders_do_not_block_each_other(store, second_store):
    keys = [str(n) for n in range(30)]
    asked = [item.due.ask(map(request, order)) for item, order in [(store, keys), (second_store, keys[::-1])] * 10]
    await asyncio.gather(*asked)
    assert (await store.due.counts())["scan-image"].open == 30
