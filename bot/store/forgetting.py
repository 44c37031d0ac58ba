"""Forgetting what a reader read: its tags, their digests and its scans, in pieces."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, exists, select, text

from bot.store.database import Database
from bot.store.tables import credentials, images, installations, push_times, tag_digests, tags

_AT_ONCE = 1000
_TABLES = (tags, tag_digests, images)
# Said with a text, so that both databases see that their index of readers has all of these rows.
_OF_A_READER = text("credential <> ''")


def operator_reader(installation: int) -> str:
    """Return the id under which is kept what the operator lets an installation read without a credential of its own."""
    return f"operator:{installation}"


async def forget_readers(database: Database, readers: Iterable[str]) -> None:
    """Delete all that was read by some readers; nobody in particular ("") is no reader and is passed over."""
    for reader in readers:
        for table in _TABLES:
            more = reader != ""
            while more:
                more = await database.write(partial(_forget_some, table=table, reader=reader))


async def forget_strays(database: Database, before: datetime) -> list[str]:
    """Delete what was read by readers that are not there any more; returns their ids, in order.

    Such rows are left by a scan that was under way when its reader was removed. Push times that signed events told
    before `before` of images that nobody ever looked at go as well.
    """
    strays = await database.read(_strays)
    await forget_readers(database, strays)
    while unread := await database.read(partial(_unread_pushes, before=before)):
        await database.write(partial(_delete, table=push_times, rows=unread))
    return strays


def _strays(connection: Connection) -> list[str]:
    """Return the ids in the ledger that are no reader's; those are asked for last, for a new one is made first."""
    found: set[str] = set()
    for table in _TABLES:
        found.update(connection.execute(select(table.c.credential).distinct().where(_OF_A_READER)).scalars())
    known = set(connection.execute(select(credentials.c.id)).scalars())
    known.update(map(operator_reader, connection.execute(select(installations.c.id)).scalars()))
    return sorted(found - known)


def _unread_pushes(connection: Connection, before: datetime) -> list[Any]:
    column = push_times.c
    looked_at = exists().where(images.c.host == column.host, images.c.image == column.image)
    statement = select(*push_times.primary_key).where(column.pushed_at < before, ~looked_at).limit(_AT_ONCE)
    return list(connection.execute(statement).all())


def _forget_some(connection: Connection, table: Table, reader: str) -> bool:
    """Delete some of a reader's rows by their whole keys; True: there may be more."""
    of_this = table.c.credential == reader
    rows = list(connection.execute(select(*table.primary_key).where(of_this, _OF_A_READER).limit(_AT_ONCE)).all())
    if rows:
        _delete(connection, table, rows)
    return len(rows) == _AT_ONCE


def _delete(connection: Connection, table: Table, rows: list[Any]) -> None:
    """Delete rows by their whole keys; sorted, so that two processes never wait for each other."""
    this = delete(table).where(*(key == bindparam(f"its_{key.name}") for key in table.primary_key))
    connection.execute(this, [{f"its_{name}": value for name, value in row._asdict().items()} for row in sorted(rows)])
