"""One thread, whole transactions, and no call that harms another."""

import asyncio
import sqlite3
import threading

import pytest
from procrastinate.exceptions import AppNotOpen

from bot.jobs.sqlite_writer import SqliteWriter
from tests.jobs.bench import DEADLINE


class Commits:
    count = 0

    def __call__(self):
        self.count += 1


@pytest.fixture
def commits():
    return Commits()


@pytest.fixture
async def writer(tmp_path, commits):
    writer = SqliteWriter(tmp_path / "queue.db", after=commits)
    await writer.open()
    await run(writer, lambda connection: connection.execute("CREATE TABLE t (n INTEGER UNIQUE)"))
    yield writer
    await writer.close()


def insert(number):
    return lambda connection: connection.execute("INSERT INTO t VALUES (?)", [number]).rowcount


def numbers(connection):
    return [row["n"] for row in connection.execute("SELECT n FROM t ORDER BY n")]


async def run(writer, call):
    return await asyncio.wrap_future(writer.submit(call))


class Held:
    """Occupies the writer's thread until released, so that calls pile up behind it."""

    def __init__(self, writer):
        self.started, self.released = threading.Event(), threading.Event()
        self.future = writer.submit(self)

    def __call__(self, _connection):
        self.started.set()
        assert self.released.wait(DEADLINE)

    async def release(self):
        self.released.set()
        await asyncio.wrap_future(self.future)


async def held(writer):
    hold = Held(writer)
    assert await asyncio.to_thread(hold.started.wait, DEADLINE)
    return hold


async def test_what_waits_is_committed_together(writer, commits):
    hold = await held(writer)
    before = commits.count
    waiting = [writer.submit(insert(number)) for number in range(50)]
    await hold.release()
    assert await asyncio.gather(*map(asyncio.wrap_future, waiting)) == [1] * 50
    await run(writer, numbers)
    assert commits.count - before <= 3  # the held call, the fifty, the reading


async def test_a_call_that_fails_leaves_nothing_and_harms_no_other(writer):
    def insert_and_fail(connection):
        insert(7)(connection)
        raise LookupError("on purpose")

    hold = await held(writer)
    calls = [insert(1), insert_and_fail, insert(1), insert(2)]
    waiting = [asyncio.wrap_future(writer.submit(call)) for call in calls]
    await hold.release()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ended] == [int, LookupError, sqlite3.IntegrityError, int]
    assert await run(writer, numbers) == [1, 2]


async def test_a_lost_transaction_is_everyones_error_and_not_the_writers_end(writer):
    hold = await held(writer)
    calls = [insert(1), lambda connection: connection.execute("ROLLBACK"), insert(2)]
    waiting = [asyncio.wrap_future(writer.submit(call)) for call in calls]
    await hold.release()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(end) for end in ended] == [sqlite3.OperationalError] * 3
    assert await run(writer, numbers) == []
    assert await run(writer, insert(3)) == 1


async def test_a_call_that_is_cancelled_before_it_starts_is_not_run(writer):
    hold = await held(writer)
    call = writer.submit(insert(1))
    assert call.cancel()
    await hold.release()
    assert await run(writer, numbers) == []


async def test_any_thread_may_call_the_loops_own_too(writer):
    assert writer.submit(insert(1)).result(timeout=DEADLINE) == 1
    assert await asyncio.to_thread(lambda: writer.submit(insert(2)).result(timeout=DEADLINE)) == 1


async def test_another_process_that_writes_is_waited_for(writer, tmp_path):
    other = sqlite3.connect(tmp_path / "queue.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    call = writer.submit(insert(1))
    other.execute("INSERT INTO t VALUES (2)")
    other.execute("COMMIT")
    other.close()
    assert await asyncio.wrap_future(call) == 1


async def test_what_waits_at_the_close_is_still_written(writer, tmp_path):
    hold = await held(writer)
    call = writer.submit(insert(1))
    closing = asyncio.create_task(writer.close())
    await hold.release()
    await closing
    assert call.result(timeout=DEADLINE) == 1
    with pytest.raises(AppNotOpen):
        writer.submit(insert(2))
    other = sqlite3.connect(tmp_path / "queue.db")
    assert other.execute("SELECT n FROM t").fetchall() == [(1,)]
    other.close()


async def test_the_file_is_set_up_as_the_queue_needs_it(writer):
    def settings(connection):
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    normal = 1
    assert await run(writer, lambda connection: connection.in_transaction)
    assert await run(writer, settings) == ["wal", normal, 1]
