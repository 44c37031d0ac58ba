"""Comments: which of them were obeyed, so that none is obeyed twice."""

from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import comments

_PRUNED_AT_ONCE = 1000


class CommentState(Enum):
    """How far a comment is: never seen, begun by somebody who may not have come to the end, or done."""

    NEW = "new"
    STARTED = "started"
    DONE = "done"


class Comments:
    """The table of comments that held commands."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, repository: int, comment: int, at: datetime) -> CommentState:
        """Return how far a comment is; one that is NEW is noted as started from now on.

        STARTED: an earlier attempt was cut short, or is under way. Raises UnknownOwner when the repository is not
        stored.
        """
        return await self._database.write(lambda c: _begin(c, repository, comment, at))

    async def done(self, repository: int, comment: int) -> None:
        """Note that a comment was obeyed to the end, or answered; one that was never begun is no error."""
        statement = update(comments).where(_this(repository, comment)).values(state=CommentState.DONE.value)
        await self._database.write(lambda c: c.execute(statement) and None)

    async def forget(self, before: datetime) -> int:
        """Forget the comments that were begun before a time; return how many."""
        forgotten = 0
        while removed := await self._database.write(lambda c: _prune(c, before)):
            forgotten += removed
        return forgotten


def _this(repository: int, comment: int) -> ColumnElement[bool]:
    return and_(comments.c.repository == repository, comments.c.comment == comment)


def _begin(connection: Connection, repository: int, comment: int, at: datetime) -> CommentState:
    started = {"repository": repository, "comment": comment, "state": CommentState.STARTED.value, "at": at}
    statement = insert(connection, comments).values(started).on_conflict_do_nothing().returning(comments.c.state)
    if connection.execute(statement).first() is not None:
        return CommentState.NEW
    return CommentState(connection.execute(select(comments.c.state).where(_this(repository, comment))).scalar_one())


def _prune(connection: Connection, before: datetime) -> int:
    old = select(comments.c.repository, comments.c.comment).where(comments.c.at < before).limit(_PRUNED_AT_ONCE)
    found = connection.execute(old).all()
    for row in found:
        connection.execute(delete(comments).where(_this(row.repository, row.comment)))
    return len(found)
