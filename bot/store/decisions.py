"""Decisions: which tag was chosen and why, so that anybody may ask later."""

from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, and_, select

from bot.store.database import Database
from bot.store.dialects import insert, upsert
from bot.store.tables import decision_history, decisions


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """The latest decision of a policy for one tag that stands in the repository ("" when none does).

    `selected` is the tag that should stand there; `rejected` is JSON that the store does not read. `reader` is who read
    the tags that it was decided from, "" for nobody in particular: the decision is forgotten with the reader.
    """

    repository: int
    policy: str
    current: str
    selected: str | None
    reason: str
    sentence: str
    rejected: str
    at: datetime
    reader: str = ""


@dataclass(frozen=True, slots=True)
class DecisionChange:
    """A decision that differed from the one before it."""

    current: str
    selected: str | None
    reason: str
    sentence: str
    at: datetime


class Decisions:
    """The tables of decisions and of their changes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, decision: DecisionRecord) -> None:
        """Note a decision, and a change when tag or reason differ from the last one for the same current tag.

        Raises UnknownOwner when the repository is not stored.
        """
        await self._database.write(lambda c: _save(c, asdict(decision)))

    async def of(self, repository: int, policy: str) -> DecisionRecord | None:
        """Return a policy's latest decision; None: nothing was decided yet."""
        every = await self.all_of(repository, policy)
        return every[0] if every else None

    async def all_of(self, repository: int, policy: str) -> list[DecisionRecord]:
        """Return a policy's latest decision for each tag that ever stood in the repository, the latest first."""
        column = decisions.c
        statement = (
            select(decisions)
            .where(column.repository == repository, column.policy == policy)
            .order_by(column.at.desc(), column.current)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [DecisionRecord(**row._asdict()) for row in rows]

    async def of_repository(self, repository: int) -> list[DecisionRecord]:
        """Return the latest decision of each of a repository's policies, by policy."""
        statement = select(decisions).where(decisions.c.repository == repository)
        statement = statement.order_by(decisions.c.policy, decisions.c.at.desc(), decisions.c.current)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [DecisionRecord(**next(group)._asdict()) for _, group in groupby(rows, key=lambda row: row.policy)]

    async def history(self, repository: int, policy: str, limit: int = 50) -> list[DecisionChange]:
        """Return the last changes of a policy's decisions, the latest first."""
        column = decision_history.c
        statement = (
            select(column.current, column.selected, column.reason, column.sentence, column.at)
            .where(column.repository == repository, column.policy == policy)
            .order_by(column.row.desc())
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [DecisionChange(**row._asdict()) for row in rows]


def _save(connection: Connection, values: dict[str, Any]) -> None:
    if _differs(_last(connection, values), values):
        change = {name: value for name, value in values.items() if name != "rejected"}
        connection.execute(insert(connection, decision_history), change)
    upsert(connection, decisions, values)


def _last(connection: Connection, values: dict[str, Any]) -> Any:
    column = decisions.c
    same = and_(*(column[name] == values[name] for name in ("repository", "policy", "current")))
    return connection.execute(select(column.selected, column.reason).where(same).with_for_update()).one_or_none()


def _differs(last: Any, values: dict[str, Any]) -> bool:
    return last is None or (last.selected, last.reason) != (values["selected"], values["reason"])
