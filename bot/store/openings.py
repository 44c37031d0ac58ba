"""Openings: when pull requests of a repository were opened, for as long as the limit of an hour counts them."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import openings

COUNTED = timedelta(hours=1)
"""For how long an opening counts."""


class Openings:
    """The table of openings; they are noted where bumps begin."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def prune(self, before: datetime) -> int:
        """Forget the openings before a time; return how many."""
        statement = delete(openings).where(openings.c.at < before)
        return await self._database.write(lambda c: c.execute(statement).rowcount)


def recent_openings(connection: Connection, repository: int, now: datetime) -> list[datetime]:
    """Return when pull requests of a repository were opened within the last hour, the earliest first."""
    column = openings.c
    statement = select(column.at).where(column.repository == repository, column.at > now - COUNTED)
    return list(connection.execute(statement.order_by(column.at)).scalars())


def latest_opening(connection: Connection, repository: int, group: str) -> datetime | None:
    """Return when a group last began to open a pull request; None: not within what is kept."""
    column = openings.c
    statement = select(func.max(column.at, type_=column.at.type))
    return connection.execute(statement.where(column.repository == repository, column.group_name == group)).scalar()


def note_opening(connection: Connection, repository: int, group: str, now: datetime) -> None:
    """Note that a group opens a pull request now, and forget the repository's openings that count no more."""
    old = (openings.c.repository == repository) & (openings.c.at <= now - COUNTED)
    connection.execute(delete(openings).where(old))
    this = {"repository": repository, "group_name": group, "at": now}
    connection.execute(insert(connection, openings).on_conflict_do_nothing(), this)


def take_back(connection: Connection, repository: int, group: str, at: datetime) -> None:
    """Forget one opening, of which nothing came."""
    column = openings.c
    this = (column.repository == repository) & (column.group_name == group) & (column.at == at)
    connection.execute(delete(openings).where(this))
