"""Opening and closing: one process for one SQLite file, URLs as operators write them, errors that say what to do."""

import asyncio
import os
import stat

import pytest
from sqlalchemy import create_engine, text

from bot.store import InvalidStoreUrl, Store, StoreClosed, StoreIsLocked, StoreUnavailable
from bot.store.dialects import Turn, take_turn
from bot.store.migrating import migrate
from tests.store.builders import LATER, NOW, delivery, installation, request


@pytest.fixture
def sqlite_url(tmp_path):
    return f"sqlite:///{tmp_path}/niro.db"


async def test_what_was_stored_is_there_when_it_is_opened_again(database_url):
    async with await Store.open(database_url) as store:
        await store.installations.save(installation(5))
    async with await Store.open(database_url) as store:
        assert await store.installations.get(5) == installation(5)


async def test_a_second_process_on_one_file_is_told_what_to_do(sqlite_url):
    async with await Store.open(sqlite_url):
        with pytest.raises(StoreIsLocked, match=rf"process {os.getpid()}; stop that one first, or use PostgreSQL"):
            await Store.open(sqlite_url)


async def test_what_was_in_hand_when_the_process_ended_is_free_at_once_for_the_next(sqlite_url):
    async with await Store.open(sqlite_url) as store:
        await store.deliveries.append(delivery())
        await store.due.ask([request()])
        await take_everything(store)
    async with await Store.open(sqlite_url) as store:
        assert await take_everything(store) == (1, 1)


async def test_what_a_running_bot_has_in_hand_stays_its_own_when_a_command_looks_at_the_file(sqlite_url):
    async with await Store.open(sqlite_url) as store:
        await store.deliveries.append(delivery())
        await store.due.ask([request()])
        await take_everything(store)
        async with await Store.open(sqlite_url, exclusive=False) as other:
            assert await take_everything(other) == (0, 0)


async def take_everything(store):
    claimed = await store.deliveries.claim(10, NOW, LATER)
    return len(claimed), len(await store.due.lease(NOW, window=10, share=10, until=LATER))


async def test_the_lock_ends_with_the_store(sqlite_url):
    await (await Store.open(sqlite_url)).close()
    await (await Store.open(sqlite_url)).close()


async def test_a_command_may_look_at_the_file_of_a_running_bot(sqlite_url):
    async with await Store.open(sqlite_url) as store, await Store.open(sqlite_url, exclusive=False) as other:
        await store.installations.save(installation(1))
        await other.installations.save(installation(2))
        assert await store.installations.all() == await other.installations.all() == [installation(1), installation(2)]


async def test_several_processes_may_open_one_new_postgresql_database_at_once(postgres_server):
    url = postgres_server.create_database("opened_at_once")
    stores = await asyncio.gather(*(Store.open(url) for _ in range(3)))
    await asyncio.gather(*(store.installations.save(installation(n)) for n, store in enumerate(stores)))
    assert len(await stores[0].installations.all()) == 3
    for store in stores:
        await store.close()


def test_processes_that_migrate_one_postgresql_database_wait_for_each_other(empty_postgres):
    first = create_engine(empty_postgres)
    second = create_engine(empty_postgres, connect_args={"options": "-c lock_timeout=50"})
    with first.begin() as connection:
        take_turn(connection, Turn.MIGRATING)
        with pytest.raises(StoreUnavailable, match="lock timeout"):
            migrate(second)
    migrate(second)
    first.dispose()
    second.dispose()


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg", "postgres"])
async def test_a_postgresql_url_may_be_written_in_each_usual_way(empty_postgres, scheme):
    url = empty_postgres.replace("postgresql+psycopg", scheme)
    async with await Store.open(url) as store:
        assert await store.installations.all() == []


async def test_the_file_and_its_folder_are_made_and_nobody_else_may_read_it(tmp_path):
    async with await Store.open(f"sqlite:///{tmp_path}/new/folder/niro.db"):
        pass
    assert stat.S_IMODE((tmp_path / "new/folder/niro.db").stat().st_mode) == 0o600


async def test_a_file_name_may_hold_characters_that_urls_use(tmp_path):
    async with await Store.open(f"sqlite:///{tmp_path}/niro #1 50%.db") as store:
        assert await store.installations.all() == []


@pytest.mark.parametrize(
    "url", ["", "niro.db", "mysql://root:secret@db/niro", "sqlite://", "sqlite:///:memory:", "sqlite:///a.db?mode=ro"]
)
async def test_a_url_that_names_no_usable_database_is_refused_without_showing_it(url):
    with pytest.raises(InvalidStoreUrl, match="write sqlite:///") as refused:
        await Store.open(url)
    assert "secret" not in str(refused.value)


async def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "niro.db").write_text("this is a text, and it is no database at all" * 100)
    with pytest.raises(StoreUnavailable, match="not a database"):
        await Store.open(f"sqlite:///{tmp_path}/niro.db")


async def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match=f"{tmp_path}/file/niro.db"):
        await Store.open(f"sqlite:///{tmp_path}/file/niro.db")


async def test_a_server_that_does_not_answer_is_an_error_without_the_password():
    with pytest.raises(StoreUnavailable) as refused:
        await Store.open("postgresql://niro:secret@127.0.0.1:1/niro")
    assert "secret" not in str(refused.value)


async def test_a_failed_opening_gives_the_lock_back(tmp_path):
    path = tmp_path / "niro.db"
    path.write_text("this is a text, and it is no database at all" * 100)
    with pytest.raises(StoreUnavailable):
        await Store.open(f"sqlite:///{path}")
    path.unlink()
    await (await Store.open(f"sqlite:///{path}")).close()


async def test_closing_waits_for_what_was_handed_in(database_url):
    store = await Store.open(database_url)
    appends = [asyncio.create_task(store.deliveries.append(delivery(f"d-{n}"))) for n in range(50)]
    await asyncio.sleep(0)
    await store.close()
    assert await asyncio.gather(*appends) == [True] * 50


async def test_a_closed_store_says_so(database_url):
    store = await Store.open(database_url)
    await store.close()
    with pytest.raises(StoreClosed):
        await store.deliveries.append(delivery())
    with pytest.raises(StoreClosed):
        await store.due.next_due(NOW)


async def test_closing_twice_is_no_error(database_url):
    store = await Store.open(database_url)
    await store.close()
    await store.close()


async def test_an_open_store_answers_and_a_closed_one_does_not(database_url):
    async with await Store.open(database_url) as store:
        assert await store.answers() is True
    with pytest.raises(StoreClosed):
        await store.answers()


async def test_a_server_that_ended_every_connection_is_connected_to_again(empty_postgres):
    async with await Store.open(empty_postgres) as store:
        await store.installations.save(installation(1))
        end_connections(empty_postgres)
        assert await store.installations.get(1) == installation(1)


def end_connections(url):
    engine = create_engine(url)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with engine.begin() as connection:
        assert connection.execute(text(f"SELECT pg_terminate_backend(pid, 10000) {others}")).all()
    engine.dispose()
