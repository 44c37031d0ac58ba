"""Pacing: when each installation's next write to GitHub may be made, whichever process makes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from bot.store.database import Database
from bot.store.dialects import insert
from bot.store.tables import pacing

# Work that must wait longer ends and comes back, so it must not keep a place that it will not use.
LONGEST_WAIT = timedelta(seconds=5)

# GitHub takes 500 pieces of new content an hour (docs.github.com, "Rate limits for the REST API",
# "About secondary rate limits"): 140 in a row, then one each ten seconds, are 500 in any hour. Its 80 a minute are
# kept by the second between two writes.
CONTENT_BURST = 140
CONTENT_GAP = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Wish:
    now: datetime
    gap: timedelta
    content: bool
    within: timedelta


@dataclass(frozen=True, slots=True)
class _Stands:
    next_at: datetime | None
    held_until: datetime | None
    content_at: datetime | None

    def full_at(self, now: datetime) -> datetime:
        """Return when the whole burst of new content is free again, which may be now."""
        return max(now, self.content_at or now)


class Pacing:
    """The table of places in the row before GitHub."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(
        self,
        installation: int,
        now: datetime,
        gap: timedelta,
        content: bool = False,
        *,
        within: timedelta = LONGEST_WAIT,
    ) -> datetime:
        """Return when a write may be made: not before now, nor before a hold ends, nor within another one's `gap`.

        With `content` also not before so much new content may be made: 140 at once, then one each ten seconds.
        The place is taken only when it is at most `within` away. A later answer says when to ask again.
        """
        wish = _Wish(now, gap, content, within)
        return await self._database.write(lambda c: _reserve(c, installation, wish))

    async def hold(self, installation: int, until: datetime) -> None:
        """Let nobody write before `until`: GitHub said so. An earlier time never shortens a hold."""
        await self._database.write(lambda c: _hold(c, installation, until))

    async def held(self, installation: int) -> datetime | None:
        """Return the end of the last hold, which may be in the past; None: there was none."""
        statement = select(pacing.c.held_until).where(pacing.c.installation == installation)
        return await self._database.read(lambda c: c.execute(statement).scalar())


def _reserve(connection: Connection, installation: int, wish: _Wish) -> datetime:
    stands, now = _locked(connection, installation), wish.now
    place = max(now, stands.next_at or now, stands.held_until or now)
    if wish.content:
        place = max(place, stands.full_at(now) - CONTENT_GAP * (CONTENT_BURST - 1))
    if place <= now + wish.within:
        taken = {"next_at": place + wish.gap}
        if wish.content:
            taken["content_at"] = max(stands.full_at(now), place) + CONTENT_GAP
        connection.execute(update(pacing).where(pacing.c.installation == installation).values(taken))
    return place


def _hold(connection: Connection, installation: int, until: datetime) -> None:
    stands = _locked(connection, installation)
    statement = update(pacing).where(pacing.c.installation == installation)
    connection.execute(statement.values(held_until=max(until, stands.held_until or until)))


def _locked(connection: Connection, installation: int) -> _Stands:
    """Make the installation's row if it has none, and return its times with the row locked."""
    connection.execute(insert(connection, pacing).on_conflict_do_nothing(), {"installation": installation})
    statement = select(pacing.c.next_at, pacing.c.held_until, pacing.c.content_at)
    row = connection.execute(statement.where(pacing.c.installation == installation).with_for_update()).one()
    return _Stands(row.next_at, row.held_until, row.content_at)
