"""Notes: why a group's pull request waits, was stopped, or was refused by GitHub, for the check and the dashboard."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import Connection, delete, or_, select, update

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import notes


class NoteKind(Enum):
    """What came between: a limit or another pull request, something a person has to look at, or GitHub."""

    WAITING = "waiting"
    STOPPED = "stopped"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class GroupNote:
    """What is to be said of a group since `at`; `told`: people were told where they look, and not only in the check."""

    repository: int
    group: str
    kind: NoteKind
    sentence: str
    at: datetime
    told: bool = False


class Notes:
    """The table of notes, one for each group at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, note: GroupNote) -> bool:
        """Note something of a group instead of what was noted; tell whether kind or sentence are new.

        The same once more changes nothing: since when, and whether it was told, stay. Raises UnknownOwner when the
        repository is not stored.
        """
        values = {**asdict(note), "group_name": note.group, "kind": note.kind.value}
        del values["group"]
        return await self._database.write(lambda c: _put(c, values))

    async def mark_told(self, repository: int, group: str) -> None:
        """Note that people were told; a note that was removed meanwhile is no error."""
        statement = update(notes).where(notes.c.repository == repository, notes.c.group_name == group)
        await self._database.write(lambda c: c.execute(statement.values(told=True)) and None)

    async def get(self, repository: int, group: str) -> GroupNote | None:
        """Return what is noted of a group; None: nothing."""
        statement = select(notes).where(notes.c.repository == repository, notes.c.group_name == group)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else _note(row)

    async def of(self, repository: int) -> list[GroupNote]:
        """Return what is noted of a repository's groups, by group."""
        statement = select(notes).where(notes.c.repository == repository).order_by(notes.c.group_name)
        return [_note(row) for row in await self._database.read(lambda c: c.execute(statement).all())]

    async def remove(self, repository: int, group: str) -> bool:
        """Forget what is noted of a group; tell whether something was."""
        statement = delete(notes).where(notes.c.repository == repository, notes.c.group_name == group)
        return await self._database.write(lambda c: c.execute(statement).rowcount > 0)


def _put(connection: Connection, values: dict[str, Any]) -> bool:
    statement = insert(connection, notes).values(values)
    new = statement.excluded
    # Compared in the database: there both sentences are as they were cleaned.
    differs = or_(notes.c.kind != new.kind, notes.c.sentence != new.sentence)
    changed = {name: new[name] for name in ("kind", "sentence", "at", "told")}
    key = list(notes.primary_key)
    statement = statement.on_conflict_do_update(index_elements=key, set_=changed, where=differs)
    return connection.execute(statement.returning(notes.c.at)).first() is not None


def _note(row: Any) -> GroupNote:
    values = row._asdict()
    return GroupNote(group=values.pop("group_name"), kind=NoteKind(values.pop("kind")), **values)
