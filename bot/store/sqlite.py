"""SQLite: one writing connection owned by one thread, which commits whatever waits together; readers beside it.

A transaction is handed to a thread whole. Through an asyncio driver each statement would be several hops between
thread and event loop, and on a busy loop every hop waits.
"""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool, StaticPool

from bot.store.database import Result
from bot.store.errors import StoreClosed, StoreUnavailable, typed
from bot.store.writing import Writer

_READERS = 4
# Only other processes can keep the file busy; a copy or a check of theirs may take a while.
_BUSY_SECONDS = 60
# For so long the log is waited for, and every write with it.
_LOG_BUSY_SECONDS = 0.5


class SqliteDatabase:
    """A Database over one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open the file, made when it is not there, readable by this user only; `path` is absolute.

        Raises StoreUnavailable when the file is not a database or cannot be opened.
        """
        try:
            _create(path)
        except OSError as error:
            raise StoreUnavailable(f"{path} cannot be opened ({error.strerror}); look at the folder's rights") from None
        self.writing_engine = _writing_engine(path)
        self._reading_engine = _reading_engine(path)
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="niro-store-reader")
        self._writer: Writer | None = None

    def start(self) -> None:
        """Begin to take writes; until then `writing_engine` is free for the migrations."""
        self._writer = Writer(self.writing_engine)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on a reading connection."""
        try:
            return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, work)
        except RuntimeError as error:
            if self._writer is None:
                raise StoreClosed("the store is closed; nothing can be read from it") from error
            raise

    def _read(self, work: Callable[[Connection], Result]) -> Result:
        try:
            with self._reading_engine.connect() as connection:
                return work(connection)
        except DBAPIError as error:
            raise typed(error) from error

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run `work` on the writing connection, in one commit with whatever else waits."""
        if self._writer is None:
            raise StoreClosed("the store is closed; nothing can be written to it")
        return await asyncio.wrap_future(self._writer.submit(work))

    async def overwrite_deleted(self) -> bool:
        """Empty the write-ahead log: it holds the pages as they were before something was deleted from them.

        Whoever still reads from it is waited for a moment only. Source: https://www.sqlite.org/pragma.html, section
        wal_checkpoint.
        """
        if self._writer is None:
            raise StoreClosed("the store is closed; nothing can be overwritten in it")
        return await asyncio.wrap_future(self._writer.submit_alone(_empty_log))

    async def close(self) -> None:
        """Finish the writes that were handed in and close every connection."""
        writer, self._writer = self._writer, None
        if writer is not None:
            await asyncio.to_thread(writer.stop)
        await asyncio.to_thread(self._readers.shutdown)
        self._reading_engine.dispose()
        self.writing_engine.dispose()


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))


def _writing_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is deleted or replaced (secrets, private tags) is overwritten in the file.
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    engine = create_engine("sqlite://", creator=connect, poolclass=StaticPool, hide_parameters=True)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _empty_log(connection: sqlite3.Connection) -> bool:
    connection.execute(f"PRAGMA busy_timeout={_LOG_BUSY_SECONDS * 1000:.0f}")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.execute(f"PRAGMA busy_timeout={_BUSY_SECONDS * 1000}")
    return not busy


def _begin_immediate(connection: Connection) -> None:
    # A transaction that read first and writes later fails at once when another process wrote between.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _reading_engine(path: Path) -> Engine:
    def connect() -> sqlite3.Connection:
        address = f"{path.as_uri()}?mode=ro"
        return sqlite3.connect(address, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None)

    options: dict[str, Any] = {"pool_size": _READERS, "max_overflow": 0, "pool_reset_on_return": None}
    return create_engine("sqlite://", creator=connect, poolclass=QueuePool, hide_parameters=True, **options)
