"""Comments: which of them were obeyed and answered, so that none is obeyed twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from bot.store.asking import DueRequest, ask
from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import comments

_PRUNED_AT_ONCE = 1000


class CommentState(Enum):
    """How far a comment is: never seen, begun by somebody who may not have come to the end, or done.

    OBEYED and REFUSED: what comes of it is settled, and perhaps nobody was answered yet.
    """

    NEW = "new"
    STARTED = "started"
    OBEYED = "obeyed"
    REFUSED = "refused"
    DONE = "done"

    @property
    def is_settled(self) -> bool:
        """Whether nothing but the answer is left to do, if that."""
        return self not in (CommentState.NEW, CommentState.STARTED)


@dataclass(frozen=True, slots=True)
class KeptComment:
    """How far a comment is, which was begun at `at`. `words`: what is to be answered, until it is DONE."""

    state: CommentState
    words: str
    at: datetime


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

    async def get(self, repository: int, comment: int) -> KeptComment | None:
        """Return what is known of a comment; None: it was never begun, or is forgotten."""
        statement = select(comments.c.state, comments.c.words, comments.c.at).where(_this(repository, comment))
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else KeptComment(CommentState(row.state), row.words, row.at)

    async def settle(
        self, repository: int, comment: int, words: str, asked: Sequence[DueRequest] = (), *, is_done: bool
    ) -> None:
        """Keep what came of a comment that was begun, with the words to answer, and ask for the work it leads to.

        All in one transaction: a comment that has led to work is never read as a new one.
        """
        state = CommentState.OBEYED if is_done else CommentState.REFUSED
        statement = update(comments).where(_this(repository, comment)).values(state=state.value, words=words)

        def settled(connection: Connection) -> None:
            connection.execute(statement)
            ask(connection, asked)

        await self._database.write(settled)

    async def done(self, repository: int, comment: int) -> None:
        """Note that a comment was obeyed to the end, or answered; one that was never begun is no error."""
        end = {"state": CommentState.DONE.value, "words": ""}
        statement = update(comments).where(_this(repository, comment)).values(end)
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
    state = CommentState.STARTED.value
    started = {"repository": repository, "comment": comment, "state": state, "words": "", "at": at}
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
