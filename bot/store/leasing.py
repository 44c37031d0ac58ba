"""Which due rows are handed out next: by priority and time, within a window, no owner taking all of it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select, update

from bot.store.dialects import Turn, take_turn
from bot.store.tables import due


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


def lease(connection: Connection, now: datetime, *, window: int, share: int, until: datetime) -> list[DueWork]:
    """Choose rows and mark them leased; see `Due.lease`. Processes take turns, so that the limits hold over all."""
    take_turn(connection, Turn.LEASING)
    held = _held(connection, now)
    chosen: list[DueWork] = []
    free = window - held.total()
    while free > 0:
        waiting = _first_waiting(connection, now, without=_at_their_share(held, share), limit=free)
        accepted = _within_share(waiting, held, share)
        _mark(connection, accepted, until)
        chosen += accepted
        free -= len(accepted)
        if not accepted or len(accepted) == len(waiting):
            break
    return chosen


def _held(connection: Connection, now: datetime) -> Counter[str]:
    """Count the rows in hand by owner."""
    statement = (
        select(due.c.owner, func.count())
        .where(due.c.leased_until.is_not(None), due.c.leased_until > now)
        .group_by(due.c.owner)
    )
    return Counter({row[0]: row[1] for row in connection.execute(statement)})


def _at_their_share(held: Counter[str], share: int) -> list[str]:
    return [owner for owner, count in held.items() if owner and count >= share]


def _first_waiting(connection: Connection, now: datetime, *, without: Sequence[str], limit: int) -> list[DueWork]:
    column = due.c
    statement = (
        select(due)
        .where(
            column.dead_at.is_(None),
            column.due_at <= now,
            or_(column.leased_until.is_(None), column.leased_until <= now),
            column.owner.not_in(without),
        )
        .order_by(column.priority.desc(), column.due_at, column.kind, column.key)
        .limit(limit)
    )
    return [work_of(row) for row in connection.execute(statement)]


def _within_share(waiting: Sequence[DueWork], held: Counter[str], share: int) -> list[DueWork]:
    """Return the rows that their owners may have in hand too, and count them in `held`."""
    accepted = []
    for work in waiting:
        if not work.owner or held[work.owner] < share:
            held[work.owner] += 1
            accepted.append(work)
    return accepted


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
