"""The one place where statements for SQLite and PostgreSQL differ."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

# Both dialects' Insert have the same on_conflict_do_update; this is the type that callers see.
Insert = postgresql.Insert


class Turn(Enum):
    """Transactions that must run one after another over all processes; the value is PostgreSQL's advisory lock."""

    MIGRATING = 7_310_001
    LEASING = 7_310_002


def insert(connection: Connection, table: Table) -> Insert:
    """Return an INSERT into `table` that knows ON CONFLICT, for the database of `connection`."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)  # type: ignore[return-value]


def upsert(connection: Connection, table: Table, *rows: Mapping[str, Any]) -> None:
    """Insert rows, or replace the columns given in the row that has the same primary key. All rows have the same keys.

    PostgreSQL locks the rows in the order given: callers that write several at once sort them.
    """
    if not rows:
        return
    statement = insert(connection, table)
    key = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), [dict(row) for row in rows])


def take_turn(connection: Connection, turn: Turn) -> None:
    """Wait until no other transaction of this `turn` is open; SQLite's writing transactions always run one by one."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(turn.value)))
