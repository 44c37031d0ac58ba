"""Group commit: one thread runs the transactions that wait as savepoints of one, so that they share one fsync."""

import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.errors import StoreClosed, StoreUnavailable, typed

Result = TypeVar("Result")

# More transactions in one commit would save little and make the first of them wait.
_MOST_AT_ONCE = 64


class _Task:
    """One transaction that waits, and how it ended."""

    def __init__(self, work: Callable[[Connection], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()
        self._result: Any = None
        self._error: Exception | None = None

    def run(self, connection: Connection) -> None:
        """Run the work in a savepoint; what it raises is its own affair and undoes only its own writes."""
        try:
            with connection.begin_nested():
                self._result = self.work(connection)
        except DBAPIError as error:
            self._error = typed(error)
            self._error.__cause__ = error
        except Exception as error:  # noqa: BLE001 - it is handed to the caller
            self._error = error

    def settle(self) -> None:
        """Tell the caller how its work ended; called when that is on disk."""
        if self._error is not None:
            self.future.set_exception(self._error)
        else:
            self.future.set_result(self._result)


class _LoneTask:
    """Something that cannot be done in a transaction, and waits for its turn among them."""

    def __init__(self, work: Callable[[Any], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()

    def run(self, engine: Engine) -> None:
        """Run the work on the driver's own connection, and tell how it ended."""
        try:
            connection = engine.raw_connection()
            try:
                result = self.work(connection.driver_connection)
            finally:
                connection.close()
        except Exception as error:  # noqa: BLE001 - it is handed to the caller
            self.future.set_exception(error)
        else:
            self.future.set_result(result)


class Writer:
    """The thread that owns the writing connection; `submit` may be called from any thread."""

    def __init__(self, engine: Engine) -> None:
        """Start the thread; every write goes through a connection of `engine`, which nobody else uses meanwhile."""
        self._engine = engine
        self._tasks: queue.SimpleQueue[_Task | _LoneTask | None] = queue.SimpleQueue()
        self._closing = Lock()
        self._closed = False
        # A daemon: a process that ends without closing the store is a crash like any other, and loses nothing.
        self._thread = Thread(target=self._run, name="niro-store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Result]) -> "Future[Result]":
        """Hand in one transaction. Cancelling the future before it has begun drops it; later it runs to its end."""
        task = _Task(work)
        self._put(task)
        return task.future

    def submit_alone(self, work: Callable[[Any], Result]) -> "Future[Result]":
        """Hand in what is done outside of any transaction; it gets the driver's connection, after what was waiting."""
        task = _LoneTask(work)
        self._put(task)
        return task.future

    def stop(self) -> None:
        """Finish everything that was handed in, then end the thread. Blocks; may be called twice."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._tasks.put(None)
        self._thread.join()

    def _put(self, task: _Task | _LoneTask) -> None:
        with self._closing:
            if self._closed:
                raise StoreClosed("the store is closed; nothing can be written to it")
            self._tasks.put(task)

    def _run(self) -> None:
        while batch := self._next_batch():
            begun = [task for task in batch if task.future.set_running_or_notify_cancel()]
            self._commit([task for task in begun if isinstance(task, _Task)])
            for task in begun:
                if isinstance(task, _LoneTask):
                    task.run(self._engine)

    def _next_batch(self) -> list[_Task | _LoneTask]:
        """Wait for one task and take those that wait behind it; empty means: stop."""
        task = self._tasks.get()
        batch: list[_Task | _LoneTask] = []
        while task is not None:
            batch.append(task)
            if len(batch) == _MOST_AT_ONCE or self._tasks.empty():
                return batch
            task = self._tasks.get()
        if batch:
            self._tasks.put(None)
        return batch

    def _commit(self, batch: list[_Task]) -> None:
        if not batch:
            return
        try:
            with self._engine.begin() as connection:
                for task in batch:
                    task.run(connection)
                    _check_still_open(connection)
        except DBAPIError as error:
            self._fail(batch, typed(error), error)
        except Exception as error:  # noqa: BLE001 - the thread must outlive any one batch
            self._fail(batch, error, error)
        else:
            for task in batch:
                task.settle()

    def _fail(self, batch: list[_Task], error: Exception, cause: Exception) -> None:
        if error is not cause:
            error.__cause__ = cause
        for task in batch:
            task.future.set_exception(error)


def _check_still_open(connection: Connection) -> None:
    """Raise StoreUnavailable when SQLite has ended the transaction by itself, as it may on a full disk.

    What was written before is undone then, while a commit would succeed, with nothing in it. Source: "Response To
    Errors Within A Transaction" in https://www.sqlite.org/lang_transaction.html.
    """
    if not connection.connection.dbapi_connection.in_transaction:  # type: ignore[union-attr]
        raise StoreUnavailable("the database gave a transaction up, so nothing in it was stored; look at the disk")
