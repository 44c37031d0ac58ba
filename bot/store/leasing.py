"""Which due rows are handed out next: by priority and time, within a window, nobody taking all of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, update

from bot.store.dialects import Turn, take_turn
from bot.store.tables import due

# How the owner of every registry's work begins, and the priority of a poll, which nobody waits for.
_REGISTRY = "registry:"
_POLL = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """How many rows may be in hand: in all, of one owner, of all registries, and of those what can wait.

    The owner "" is not limited. What can wait are polls and what failed before: a slow registry's work comes again
    and again as one or the other.
    """

    window: int
    share: int
    registries: int
    patient: int


@dataclass(frozen=True, slots=True)
class DueWork:
    """A row of the due table as it stood when it was handed out."""

    kind: str
    key: str
    owner: str
    priority: int
    generation: int
    attempts: int
    due_at: datetime
    delivery: str


def work_of(row: Any) -> DueWork:
    """Make a DueWork of a row that has all its columns."""
    return DueWork(row.kind, row.key, row.owner, row.priority, row.generation, row.attempts, row.due_at, row.delivery)


def lease(connection: Connection, now: datetime, *, limits: Limits, until: datetime) -> list[DueWork]:
    """Choose rows and mark them leased; see `Due.lease`. Processes take turns, so that the limits hold over all."""
    take_turn(connection, Turn.LEASING)
    hands = _Hands(limits)
    for owner, patient, count in _held(connection, now):
        hands.take(owner, patient=bool(patient), count=count)
    chosen: list[DueWork] = []
    while hands.free > 0:
        waiting = _first_waiting(connection, now, hands.may_take(), limit=hands.free)
        accepted = [work for work in waiting if hands.offered(work)]
        _mark(connection, accepted, until)
        chosen += accepted
        if not accepted or len(accepted) == len(waiting):
            break
    return chosen


@dataclass(slots=True)
class _Hands:
    """What is in hand, counted, and what may be taken beside it."""

    limits: Limits
    by_owner: Counter[str] = field(default_factory=Counter)
    registries: int = 0
    patient: int = 0

    @property
    def free(self) -> int:
        return self.limits.window - self.by_owner.total()

    def take(self, owner: str, *, patient: bool, count: int = 1) -> None:
        self.by_owner[owner] += count
        self.registries += count * owner.startswith(_REGISTRY)
        self.patient += count * patient

    def offered(self, work: DueWork) -> bool:
        """Take a row unless one of the limits is reached; tells whether it was taken."""
        patient = _is_patient(work)
        full = (
            (work.owner and self.by_owner[work.owner] >= self.limits.share)
            or (work.owner.startswith(_REGISTRY) and self.registries >= self.limits.registries)
            or (patient and self.patient >= self.limits.patient)
        )
        if not full:
            self.take(work.owner, patient=patient)
        return not full

    def may_take(self) -> Iterator[ColumnElement[bool]]:
        """Yield what tells the rows for which there is room: the first of these is always taken when it is offered."""
        at_their_share = [owner for owner, count in self.by_owner.items() if owner and count >= self.limits.share]
        yield due.c.owner.not_in(at_their_share)
        if self.registries >= self.limits.registries:
            yield ~_OF_A_REGISTRY
        if self.patient >= self.limits.patient:
            yield ~_PATIENT


# SQLite's LIKE takes capitals for small letters; a cut text is compared as it is.
_OF_A_REGISTRY = func.substr(due.c.owner, 1, len(_REGISTRY)) == _REGISTRY
_PATIENT = and_(_OF_A_REGISTRY, or_(due.c.priority <= _POLL, due.c.attempts > 0))


def _is_patient(work: DueWork) -> bool:
    """Tell of a row what _PATIENT tells of the table's."""
    return work.owner.startswith(_REGISTRY) and (work.priority <= _POLL or work.attempts > 0)


def _held(connection: Connection, now: datetime) -> Sequence[Any]:
    """Count the rows in hand by owner, those apart that can wait."""
    patient = case((_PATIENT, 1), else_=0).label("patient")
    statement = (
        select(due.c.owner, patient, func.count())
        .where(due.c.leased_until.is_not(None), due.c.leased_until > now)
        .group_by(due.c.owner, "patient")
    )
    return connection.execute(statement).all()


def _first_waiting(
    connection: Connection, now: datetime, room: Iterator[ColumnElement[bool]], *, limit: int
) -> list[DueWork]:
    column = due.c
    statement = (
        select(due)
        .where(
            column.dead_at.is_(None),
            column.due_at <= now,
            or_(column.leased_until.is_(None), column.leased_until <= now),
            *room,
        )
        .order_by(column.priority.desc(), column.due_at, column.kind, column.key)
        .limit(limit)
    )
    return [work_of(row) for row in connection.execute(statement)]


def _mark(connection: Connection, accepted: Sequence[DueWork], until: datetime) -> None:
    if not accepted:
        return
    mark = (
        update(due)
        .where(due.c.kind == bindparam("its_kind"), due.c.key == bindparam("its_key"))
        .values(leased_until=until)
    )
    # In the order of their keys, as everybody does who writes several rows: so nobody waits for each other.
    keys = sorted((work.kind, work.key) for work in accepted)
    connection.execute(mark, [{"its_kind": kind, "its_key": key} for kind, key in keys])
