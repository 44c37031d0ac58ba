"""One connection and one thread that commits whatever waits as one transaction: group commit for SQLite.

aiosqlite owns the connection and its thread, which is given whole transactions instead of single statements:
a statement a hop would cost three hops a call and one sync a call. Each call runs in a savepoint of its own, so
that one which fails takes no other with it. One writing connection a process is also what keeps a WAL file
safe: SQLite before 3.51.3 can damage it when two connections write or checkpoint at the same instant.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import aiosqlite
from procrastinate.exceptions import AppNotOpen

BUSY_TIMEOUT: Final = 10  # seconds SQLite itself waits for another process
BUSY_ATTEMPTS: Final = 6  # so that a transaction waits a minute in all

Call = Callable[[sqlite3.Connection], Any]


@dataclass(slots=True)
class _Waiting:
    call: Call
    result: Future[Any] = field(default_factory=Future)
    value: Any = None
    error: BaseException | None = None

    def settle(self) -> None:
        if self.error is not None:
            self.result.set_exception(self.error)
        else:
            self.result.set_result(self.value)


class SqliteWriter:
    """The one writing connection to a database file.

    `after` is called in the writer's thread after each commit, when the results of its calls have been delivered.
    """

    def __init__(self, path: Path, after: Callable[[], None]) -> None:
        self._path = path
        self._after = after
        self._connection: aiosqlite.Connection | None = None
        self._waiting: list[_Waiting] = []
        self._guard = threading.Lock()

    async def open(self) -> None:
        """Open the file, making it if there is none. Opening twice is opening once."""
        if self._connection is not None:
            return
        connection = aiosqlite.connect(self._path, isolation_level=None, timeout=BUSY_TIMEOUT)
        try:
            await connection
        except BaseException:
            await asyncio.to_thread(connection._thread.join)  # noqa: SLF001 -- it ends by itself, and needs this loop to
            raise
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            await connection.execute(f"PRAGMA {pragma}")
        connection.row_factory = sqlite3.Row
        self._connection = connection

    async def close(self) -> None:
        """Finish what waits and close the file. Closing twice is closing once."""
        with self._guard:
            connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    def submit(self, call: Call) -> Future[Any]:
        """Run `call` in the next transaction; from any thread, with or without an event loop.

        The future holds its value or its error. A cancelled future whose call has not started is not run.
        Raises AppNotOpen before `open` and after `close`.
        """
        waiting = _Waiting(call)
        with self._guard:
            if self._connection is None:
                raise AppNotOpen
            self._waiting.append(waiting)
            if len(self._waiting) == 1:
                self._hand_to_thread(self._connection)
        return waiting.result

    def _hand_to_thread(self, connection: aiosqlite.Connection) -> None:
        # aiosqlite has no public way to give its thread a function, least of all from another thread.
        connection._tx.put_nowait((None, lambda: self._commit_waiting(connection._conn)))  # noqa: SLF001

    def _commit_waiting(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            batch, self._waiting = self._waiting, []
        batch = [waiting for waiting in batch if waiting.result.set_running_or_notify_cancel()]
        try:
            _run_in_one_transaction(connection, batch)
        except BaseException as error:  # noqa: BLE001 -- it is delivered to each caller instead
            for waiting in batch:
                waiting.error = error
        for waiting in batch:
            waiting.settle()
        self._after()


def _run_in_one_transaction(connection: sqlite3.Connection, batch: list[_Waiting]) -> None:
    _begin(connection)
    try:
        for waiting in batch:
            _run_in_savepoint(connection, waiting)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _begin(connection: sqlite3.Connection) -> None:
    for attempt in range(1, BUSY_ATTEMPTS + 1):
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if attempt == BUSY_ATTEMPTS or error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                raise
        else:
            return


def _run_in_savepoint(connection: sqlite3.Connection, waiting: _Waiting) -> None:
    connection.execute("SAVEPOINT call")
    try:
        waiting.value = waiting.call(connection)
    except Exception as error:  # noqa: BLE001 -- it is delivered to the caller instead
        connection.execute("ROLLBACK TO call")
        waiting.error = error
    connection.execute("RELEASE call")
