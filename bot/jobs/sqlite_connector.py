"""Procrastinate's connector interface over a SQLite file: what runs the bot on one machine.

Procrastinate passes the text of its named queries; each is answered by a function of the same meaning.
"""

import asyncio
import json
import sqlite3
from collections.abc import Callable, Coroutine, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, LiteralString

from procrastinate.connector import BaseAsyncConnector, BaseConnector, Notify
from procrastinate.exceptions import ConnectorException, NoResult
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries

from bot.jobs import sqlite_calls as calls
from bot.jobs import sqlite_lists as lists
from bot.jobs.sqlite_calls import Call, Notice, Row, to_microseconds
from bot.jobs.sqlite_writer import SqliteWriter
from bot.jobs.timing import utc_now

_Answer = Callable[..., list[Row]]

_ANSWERS: Final[dict[str, _Answer]] = {
    SchemaManager.get_schema(): calls.apply_schema,
    SchemaManager.get_schema().replace("%", "%%"): calls.apply_schema,  # as the schema manager sends it
    queries["list_queues"]: lists.counted_by("queue_name"),
    queries["list_tasks"]: lists.counted_by("task_name"),
    queries["list_locks"]: lists.counted_by("lock"),
} | {
    queries[answer.__name__]: answer
    for answer in (
        calls.check_connection,
        calls.defer_jobs,
        calls.defer_periodic_job,
        calls.fetch_job,
        calls.finish_job,
        calls.retry_job,
        calls.cancel_job,
        calls.delete_old_jobs,
        lists.get_job_status,
        lists.list_jobs,
        lists.list_jobs_to_abort,
        lists.count_jobs_status,
        lists.select_stalled_jobs_by_heartbeat,
        lists.select_stalled_jobs_by_started,
        lists.register_worker,
        lists.unregister_worker,
        lists.update_heartbeat,
        lists.prune_stalled_workers,
    )
}


@contextmanager
def _database_errors() -> Iterator[None]:
    """Raise what the database refuses as Procrastinate expects it, with the cause."""
    try:
        yield
    except (sqlite3.Error, ValueError, OverflowError) as error:  # ValueError: text that is no Unicode, NaN in JSON
        raise ConnectorException(str(error)) from error


def _first(rows: list[Row]) -> Row:
    if not rows:
        raise NoResult
    return rows[0]


def _ensure_schema(call: Call) -> list[Row]:
    (found,) = calls.check_connection(call)
    return [] if found["check"] else calls.apply_schema(call)


def _run_elsewhere(function: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine function in a loop and thread of its own, because the caller's may have a running loop."""
    with ThreadPoolExecutor(1) as executor:
        executor.submit(lambda: asyncio.run(function())).result()


class _Listener:
    """One worker that wants to know of its jobs, in its own event loop."""

    def __init__(self, channels: Iterable[str]) -> None:
        self._channels = frozenset(channels)
        self._loop = asyncio.get_running_loop()
        self._notices: asyncio.Queue[tuple[str, Notice]] = asyncio.Queue()

    def tell(self, notice: Notice) -> None:
        """Pass a notice on, from the writer's thread; what ran before it has been delivered before it."""
        for channel in self._channels & {"procrastinate_any_queue_v1", f"procrastinate_queue_v1#{notice.queue_name}"}:
            with suppress(RuntimeError):  # its loop is closed: nobody listens any more
                self._loop.call_soon_threadsafe(self._notices.put_nowait, (channel, notice))

    async def deliver(self, on_notification: Notify) -> None:
        """Deliver notices one by one until cancelled."""
        while True:
            channel, notice = await self._notices.get()
            payload = json.dumps({"type": notice.type, "job_id": notice.job_id})
            await on_notification(channel=channel, payload=payload)


class SqliteConnector(BaseAsyncConnector):
    """A connector to a queue in a file of its own, for one process.

    Other processes may use the file too and are correct, but are found only by polling.
    """

    shared: Final = False  # no other process works off this queue

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._writer = SqliteWriter(path, after=self._tell_listeners)
        self._listeners: set[_Listener] = set()
        self._notices: list[Notice] = []

    def get_sync_connector(self) -> BaseConnector:
        """Serve callers without an event loop itself: the writer's thread serves every thread."""
        return self

    async def open_async(self, pool: object | None = None) -> None:  # noqa: ARG002 -- there is no pool
        """Open the file; once is enough. Raises ConnectorException."""
        with _database_errors():
            await self._writer.open()

    async def close_async(self) -> None:
        """Finish what waits and close the file; once is enough."""
        await self._writer.close()

    def open(self, pool: object | None = None) -> None:  # noqa: ARG002
        """Open the file from any thread."""
        _run_elsewhere(self.open_async)

    def close(self) -> None:
        """Close the file from any thread."""
        _run_elsewhere(self.close_async)

    async def ensure_schema(self) -> None:
        """Make the tables if there are none."""
        await self._answer(self._submit_call(_ensure_schema))

    async def live_workers(self, silent_for: float) -> int:  # noqa: ARG002
        """Count the processes that work off this queue: this one."""
        return 1

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a query."""
        await self._answer(self._submit(query, arguments))

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> Row:
        """Run a query and return its first row. Raises NoResult without one."""
        return _first(await self._answer(self._submit(query, arguments)))

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[Row]:
        """Run a query and return its rows."""
        return await self._answer(self._submit(query, arguments))

    def execute_query(self, query: LiteralString, **arguments: Any) -> None:
        """Run a query, from any thread."""
        self._submit(query, arguments).result()

    def execute_query_one(self, query: LiteralString, **arguments: Any) -> Row:
        """Run a query and return its first row, from any thread. Raises NoResult without one."""
        return _first(self._submit(query, arguments).result())

    def execute_query_all(self, query: LiteralString, **arguments: Any) -> list[Row]:
        """Run a query and return its rows, from any thread."""
        rows: list[Row] = self._submit(query, arguments).result()
        return rows

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Tell `on_notification` of jobs on these channels until cancelled."""
        listener = _Listener(channels)
        self._listeners.add(listener)
        try:
            await listener.deliver(on_notification)
        finally:
            self._listeners.discard(listener)

    def _submit(self, query: str, arguments: dict[str, Any]) -> Future[list[Row]]:
        answer = _ANSWERS.get(query)
        if answer is None:
            raise ConnectorException(f"this queue has no answer to the query {query[:80]!r}")
        return self._submit_call(partial(answer, **arguments))

    def _submit_call(self, answer: Callable[[Call], list[Row]]) -> Future[list[Row]]:
        return self._writer.submit(partial(self._run, answer))

    def _run(self, answer: Callable[[Call], list[Row]], connection: Any) -> list[Row]:
        now = to_microseconds(self._clock())
        assert now is not None
        call = Call(connection, now)
        with _database_errors():
            rows = answer(call)
        self._notices += call.notices
        return rows

    @staticmethod
    async def _answer(future: Future[list[Row]]) -> list[Row]:
        return await asyncio.wrap_future(future)

    def _tell_listeners(self) -> None:
        notices, self._notices = self._notices, []
        for notice in dict.fromkeys(notices):
            for listener in tuple(self._listeners):
                listener.tell(notice)
