"""Pacing: when each installation's next write to GitHub may be made, whichever process makes it."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import pacing

# Work that must wait longer ends and comes back, so it must not keep a place that it will not use.
LONGEST_WAIT = timedelta(seconds=5)


class Pacing:
    """The table of places in the row before GitHub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(
        self, installation: int, now: datetime, gap: timedelta, within: timedelta = LONGEST_WAIT
    ) -> datetime:
        """Return when a write may be made: not before now, nor before a hold ends, nor within `gap` after another.

        The place is taken only when it is at most `within` away. A later answer says when to ask again.
        """
        return await self._database.write(lambda c: _reserve(c, installation, now, gap, within))

    async def hold(self, installation: int, until: datetime) -> None:
        """Let nobody write before `until`: GitHub said so. An earlier time never shortens a hold."""
        await self._database.write(lambda c: _hold(c, installation, until))

    async def held(self, installation: int) -> datetime | None:
        """Return the end of the last hold, which may be in the past; None: there was none."""
        statement = select(pacing.c.held_until).where(pacing.c.installation == installation)
        return await self._database.read(lambda c: c.execute(statement).scalar())


def _reserve(connection: Connection, installation: int, now: datetime, gap: timedelta, within: timedelta) -> datetime:
    next_at, held_until = _locked(connection, installation)
    place = max(now, next_at or now, held_until or now)
    if place <= now + within:
        connection.execute(update(pacing).where(pacing.c.installation == installation).values(next_at=place + gap))
    return place


def _hold(connection: Connection, installation: int, until: datetime) -> None:
    _, held_until = _locked(connection, installation)
    statement = update(pacing).where(pacing.c.installation == installation)
    connection.execute(statement.values(held_until=max(until, held_until or until)))


def _locked(connection: Connection, installation: int) -> tuple[datetime | None, datetime | None]:
    """Make the installation's row if it has none, and return its two times with the row locked."""
    empty = {"installation": installation, "next_at": None, "held_until": None}
    connection.execute(insert(connection, pacing).on_conflict_do_nothing(), empty)
    statement = select(pacing.c.next_at, pacing.c.held_until).where(pacing.c.installation == installation)
    row = connection.execute(statement.with_for_update()).one()
    return row.next_at, row.held_until
