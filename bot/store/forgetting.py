"""Forgetting what a reader read: its tags, their digests and its scans, in pieces."""

from collections.abc import Iterable
from functools import partial

from sqlalchemy import Connection, Table, bindparam, delete, select, text

from bot.store.database import Database
from bot.store.tables import images, tag_digests, tags

_AT_ONCE = 1000
_TABLES = (tags, tag_digests, images)


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


def _forget_some(connection: Connection, table: Table, reader: str) -> bool:
    """Delete some of a reader's rows by their whole keys; True: there may be more."""
    keys = list(table.primary_key)
    # Said with a text, so that both databases see that their index of readers has all of these rows.
    found = select(*keys).where(table.c.credential == reader, text("credential <> ''")).order_by(*keys).limit(_AT_ONCE)
    rows = connection.execute(found.with_for_update()).all()
    if rows:
        this = delete(table).where(*(key == bindparam(f"its_{key.name}") for key in keys))
        connection.execute(this, [{f"its_{name}": value for name, value in row._asdict().items()} for row in rows])
    return len(rows) == _AT_ONCE
