"""Procrastinate's PostgreSQL connector, made safe for many workers: how the bot outgrows one machine."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any, Final, LiteralString

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries

_FREEING: Final = frozenset({queries["finish_job"], queries["retry_job"]})
_MUST_SUCCEED: Final = _FREEING | {queries["update_heartbeat"]}
_PAUSES: Final = (0.1, 0.5, 1.0, 2.0, 4.0)  # seconds between attempts; together less than a recovery round
_SCHEMA_LOCK: Final = 0x6E69726F  # "niro": any number that nobody else locks in this database
_PERMANENT: Final = (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.errors.RaiseException)


class PostgresqlConnector(PsycopgConnector):
    """A connector to a queue in PostgreSQL, for any number of processes."""

    shared: Final = True  # other processes may work off this queue

    def __init__(self, conninfo: str, *, largest_pool: int = 8) -> None:
        super().__init__(conninfo=conninfo, min_size=2, max_size=largest_pool, configure=_configure)
        self._listeners: set[Notify] = set()

    async def ensure_schema(self) -> None:
        """Make the tables if there are none; processes that start together wait for each other."""
        async with self.pool.connection() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", [_SCHEMA_LOCK])
            found = await (await connection.execute(queries["check_connection"])).fetchone()
            if found == (None,):
                await connection.execute(SchemaManager.get_schema())

    async def live_workers(self, silent_for: float) -> int:
        """Count the workers, of all processes, that gave a sign of life in the last `silent_for` seconds."""
        row = await self.execute_query_one_async(
            "SELECT count(*) AS live FROM procrastinate_workers"
            " WHERE last_heartbeat >= now() - make_interval(secs => %(silent_for)s)",
            silent_for=silent_for,
        )
        return int(row["live"])

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a query; what must not fail is tried again, and a freed lock wakes the workers of this process."""
        execute = partial(super().execute_query_async, query, **arguments)
        await (_patiently(execute) if query in _MUST_SUCCEED else execute())
        if query in _FREEING:
            await self._wake()

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Run a query and return its first row. Two workers that fetch jobs of one lock: one gets "no job"."""
        try:
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        except UniqueViolation:
            if query != queries["fetch_job"]:
                raise
            return {"id": None}
        return row

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Tell `on_notification` of jobs on these channels until cancelled."""
        self._listeners.add(on_notification)
        try:
            await super().listen_notify(on_notification, channels)
        finally:
            self._listeners.discard(on_notification)

    async def _wake(self) -> None:
        payload = json.dumps({"type": "job_inserted", "job_id": 0})
        for on_notification in tuple(self._listeners):
            await on_notification(channel="procrastinate_any_queue_v1", payload=payload)


async def _configure(connection: psycopg.AsyncConnection[Any]) -> None:
    # The queue only hints at the due table, so a commit need not wait for the disk.
    await connection.set_autocommit(True)
    await connection.execute("SET synchronous_commit TO off")


async def _patiently(execute: Callable[[], Awaitable[None]]) -> None:
    for pause in _PAUSES:
        try:
            return await execute()
        except ConnectorException as error:
            if isinstance(error, UniqueViolation) or isinstance(error.__cause__, _PERMANENT):
                raise
        await asyncio.sleep(pause)
    return await execute()
