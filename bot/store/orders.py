"""Orders: a person's word that a pull request be merged, about one head of it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, select

from bot.store.database import Database
from bot.store.dialects import upsert
from bot.store.tables import orders


@dataclass(frozen=True, slots=True)
class MergeOrderRecord:
    """`by` ordered a group's pull request merged at `head`, in a comment; `stated`: the comment names that head."""

    repository: int
    group: str
    head: str
    stated: bool
    by: str
    comment: int
    at: datetime


class Orders:
    """The table of orders, one for each group at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, order: MergeOrderRecord) -> None:
        """Note an order instead of the group's earlier one. Raises UnknownOwner when the repository is not stored."""
        values = {**asdict(order), "group_name": order.group}
        del values["group"]
        await self._database.write(lambda c: upsert(c, orders, values))

    async def get(self, repository: int, group: str) -> MergeOrderRecord | None:
        """Return a group's order; None: nobody gave one, or it was removed."""
        statement = select(orders).where(_of_group(repository, group))
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else _order(row)

    async def of(self, repository: int) -> list[MergeOrderRecord]:
        """Return the orders in a repository, by group."""
        statement = select(orders).where(orders.c.repository == repository).order_by(orders.c.group_name)
        return [_order(row) for row in await self._database.read(lambda c: c.execute(statement).all())]

    async def remove(self, repository: int, group: str) -> bool:
        """Forget a group's order; tell whether there was one."""
        statement = delete(orders).where(_of_group(repository, group))
        return await self._database.write(lambda c: c.execute(statement).rowcount > 0)


def _order(row: Any) -> MergeOrderRecord:
    values = row._asdict()
    return MergeOrderRecord(group=values.pop("group_name"), **values)


def _of_group(repository: int, group: str) -> ColumnElement[bool]:
    return and_(orders.c.repository == repository, orders.c.group_name == group)
