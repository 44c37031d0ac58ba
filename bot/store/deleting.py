"""Deleting many rows in pieces, so that no other write waits long."""

from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, delete

from bot.store.database import Database

_AT_ONCE = 1000


async def delete_all(database: Database, table: Table, rows: Select[Any]) -> None:
    """Delete the rows that a statement selects by their whole keys, which is all that it selects."""
    while found := await database.read(lambda c: list(c.execute(rows.limit(_AT_ONCE)).all())):
        await database.write(partial(_delete, table=table, rows=found))


def _delete(connection: Connection, table: Table, rows: list[Any]) -> None:
    """Delete rows by their whole keys; sorted, so that two processes never wait for each other."""
    this = delete(table).where(*(key == bindparam(f"its_{key.name}") for key in table.primary_key))
    connection.execute(this, [{f"its_{name}": value for name, value in row._asdict().items()} for row in sorted(rows)])
