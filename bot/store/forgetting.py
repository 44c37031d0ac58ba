"""Forgetting what a reader read: tags, digests, scans, push times, and what was decided from them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Table, TextClause, select, text

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.forgetting_pushes import forget_old_pushes, forget_pushes_read_by
from bot.store.tables import credentials, decision_history, decisions, images, installations, tag_digests, tags

# Each table with its column that names the reader.
_READERS: tuple[tuple[Table, str], ...] = (
    (decisions, "reader"),
    (decision_history, "reader"),
    (tags, "credential"),
    (tag_digests, "credential"),
    (images, "credential"),
)


def operator_reader(installation: int) -> str:
    """Return the id under which is kept what the operator lets an installation read without a credential of its own."""
    return f"operator:{installation}"


async def forget_readers(database: Database, readers: Iterable[str]) -> None:
    """Delete all that was read by some readers; nobody in particular ("") is no reader and is passed over.

    Push times go first, for the rows of the reader tell of which images: so what was cut short can be done again.
    """
    for reader in readers:
        if reader:
            await forget_pushes_read_by(database, reader)
            for table, column in _READERS:
                statement = select(*table.primary_key).where(table.c[column] == reader, _of_a_reader(column))
                await delete_all(database, table, statement)


async def forget_strays(database: Database, before: datetime, now: datetime) -> list[str]:
    """Delete what was read by readers that are not there any more; returns their ids, in order.

    Such rows are left by a scan that was under way when its reader was removed. Push times that nobody needs go as
    well. What was deleted is overwritten in the files, should somebody have read it when it was deleted.
    """
    strays = await database.read(_strays)
    await forget_readers(database, strays)
    await forget_old_pushes(database, before, now)
    await database.overwrite_deleted()
    return strays


def _strays(connection: Connection) -> list[str]:
    """Return the ids in the tables that are no reader's; those are asked for last, for a new one is made first."""
    found: set[str] = set()
    for table, column in _READERS:
        found.update(connection.execute(select(table.c[column]).distinct().where(_of_a_reader(column))).scalars())
    known = set(connection.execute(select(credentials.c.id)).scalars())
    known.update(map(operator_reader, connection.execute(select(installations.c.id)).scalars()))
    return sorted(found - known)


def _of_a_reader(column: str) -> TextClause:
    """Leave nobody in particular out, in a text: so both databases see that their index has all of these rows."""
    return text(f"{column} <> ''")
