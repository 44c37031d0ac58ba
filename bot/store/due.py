"""Due work: the table that says what is to be done, when, and who has it in hand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, and_, case, delete, func, literal, or_, select, update

from bot.store.asking import LONG_AGO, DueRequest, ask
from bot.store.columns import Moment
from bot.store.database import Database
from bot.store.leasing import DueWork, Limits, lease, work_of
from bot.store.tables import due


@dataclass(frozen=True, slots=True)
class DeadWork:
    """Work that was given up at `at`, with the reason; `delivery` is the one that last asked for it, if any did."""

    kind: str
    key: str
    reason: str
    delivery: str
    attempts: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DueCount:
    """How much work of one kind is open (waiting or in hand) and how much was given up."""

    open: int
    dead: int


class TakenRow(Protocol):
    """What the table must know of a row that somebody has in hand: its key, and how often it had been asked for."""

    @property
    def kind(self) -> str:
        """The kind of work."""

    @property
    def key(self) -> str:
        """The key of the work."""

    @property
    def generation(self) -> int:
        """The generation at which it was taken in hand."""


class Due:
    """The table of due work. What each method does to a row is one statement; a vanished row is no error."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        """Take the database, and a clock for the time at which work is given up."""
        self._database = database
        self._clock = clock

    async def ask(self, requests: Iterable[DueRequest]) -> None:
        """Ask for work: all of it in one transaction, one row for one key."""
        asked = list(requests)
        await self._database.write(lambda c: ask(c, asked))

    async def lease(
        self,
        now: datetime,
        *,
        window: int,
        share: int,
        until: datetime,
        registries: int | None = None,
        patient: int | None = None,
    ) -> list[DueWork]:
        """Take due rows in hand until `until`: higher priority first, then the longest due.

        At most `window` rows are in hand at a time over all processes, and at most `share` of one owner; the owner ""
        is not limited. Of the work of all registries at most `registries` are, and of what can wait there (polls, and
        what failed before) at most `patient`; None: as many as there is room for. A lease that is not renewed lapses
        by itself.
        """
        limits = Limits(
            window, share, window if registries is None else registries, window if patient is None else patient
        )
        return await self._database.write(lambda c: lease(c, now, limits=limits, until=until))

    async def release(self) -> None:
        """Take every row out of every hand: for the only process of a store, as it starts."""
        statement = update(due).where(due.c.leased_until.is_not(None)).values(leased_until=None)
        await self._database.write(lambda c: c.execute(statement) and None)

    async def begin(self, kind: str, key: str, *, now: datetime, until: datetime) -> DueWork | None:
        """Return the row as it stands and keep it in hand until `until`; None: not there, dead, or not due yet."""
        statement = (
            update(due)
            .where(_is(kind, key), due.c.dead_at.is_(None), due.c.due_at <= now)
            .values(leased_until=until)
            .returning(due)
        )
        row = await self._database.write(lambda c: c.execute(statement).one_or_none())
        return None if row is None else work_of(row)

    async def renew(self, kind: str, key: str, *, until: datetime) -> None:
        """Keep a row in hand until `until`; a row that nobody has in hand stays as it is."""
        await self._update(_is(kind, key), due.c.leased_until.is_not(None), leased_until=until)

    async def finish(self, row: TakenRow) -> bool:
        """Remove a row whose work is done. False: it was asked for again meanwhile, so it stays and is due."""
        return await self._database.write(lambda c: _finish(c, row))

    async def postpone(self, row: TakenRow, *, when: datetime, attempts: int, reason: str, firm: bool = True) -> None:
        """Put a row back until `when`; `firm`: asking for it again does not make it due earlier.

        Where it is not, and the row was asked for since it was read, it stays due: what asked may have changed when.
        """
        asked_again = due.c.generation != row.generation
        await self._update(
            _is(row.kind, row.key),
            due.c.dead_at.is_(None),
            due_at=when if firm else case((asked_again, due.c.due_at), else_=literal(when, Moment())),
            not_before=when if firm else LONG_AGO,
            attempts=attempts,
            reason=reason,
            leased_until=None,
        )

    async def park(self, row: TakenRow, *, reason: str) -> None:
        """Give a row up, with the reason. If it was asked for again meanwhile it lives on, with no attempts."""
        asked_again = due.c.generation != row.generation
        await self._update(
            _is(row.kind, row.key),
            dead_at=case((asked_again, None), else_=literal(self._clock(), Moment())),
            attempts=case((asked_again, 0), else_=due.c.attempts),
            not_before=LONG_AGO,
            reason=reason,
            leased_until=None,
        )

    async def next_due(self, now: datetime) -> datetime | None:
        """Return when the first row that nobody has in hand is due; it may be in the past."""
        free = or_(due.c.leased_until.is_(None), due.c.leased_until <= now)
        statement = select(func.min(due.c.due_at)).where(due.c.dead_at.is_(None), free)
        return await self._database.read(lambda c: c.execute(statement).scalar())

    async def dead(self, limit: int = 1000) -> list[DeadWork]:
        """Return the work that was given up, the latest first."""
        column = due.c
        statement = (
            select(column.kind, column.key, column.reason, column.delivery, column.attempts, column.dead_at.label("at"))
            .where(column.dead_at.is_not(None))
            .order_by(column.dead_at.desc(), column.kind, column.key)
            .limit(limit)
        )
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return [DeadWork(**row._asdict()) for row in rows]

    async def keys(self, kind: str, *, living: bool = False) -> set[str]:
        """Return the keys of one kind of work that were asked for: waiting, in hand, or (unless `living`) given up."""
        dead = () if not living else (due.c.dead_at.is_(None),)
        statement = select(due.c.key).where(due.c.kind == kind, *dead)
        return await self._database.read(lambda c: set(c.execute(statement).scalars()))

    async def missing(self, kind: str, keys: Iterable[str]) -> list[str]:
        """Return those keys of one kind of work that nobody asked for, in the order given; one read for all of them."""
        known = await self.keys(kind)
        return [key for key in dict.fromkeys(keys) if key not in known]

    async def revive(self, kind: str, key: str, now: datetime) -> bool:
        """Make a dead row due at once, with no attempts; False: there is no such dead row."""
        changed = await self._update(
            _is(kind, key),
            due.c.dead_at.is_not(None),
            generation=due.c.generation + 1,
            attempts=0,
            due_at=now,
            dead_at=None,
            reason="",
        )
        return changed == 1

    async def counts(self) -> dict[str, DueCount]:
        """Return for each kind of work that has rows how many are open and how many dead."""
        dead = func.count(due.c.dead_at)
        statement = select(due.c.kind, (func.count() - dead).label("open"), dead.label("dead")).group_by(due.c.kind)
        rows = await self._database.read(lambda c: c.execute(statement).all())
        return {row.kind: DueCount(row.open, row.dead) for row in rows}

    async def _update(self, *where: ColumnElement[bool], **values: object) -> int:
        statement = update(due).where(*where).values(**values)
        return await self._database.write(lambda c: c.execute(statement).rowcount)


def _is(kind: str, key: str) -> ColumnElement[bool]:
    return and_(due.c.kind == kind, due.c.key == key)


def _finish(connection: Connection, row: TakenRow) -> bool:
    """Remove first, release only what was not removed: an `ask` that commits in between must not leave a leased row."""
    done = delete(due).where(_is(row.kind, row.key), due.c.generation == row.generation)
    if connection.execute(done).rowcount:
        return True
    release = (
        update(due).where(_is(row.kind, row.key)).values(leased_until=None, attempts=0, not_before=LONG_AGO, reason="")
    )
    return connection.execute(release).rowcount == 0
