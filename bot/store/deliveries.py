"""Deliveries: what was answered 2xx, kept as a queue until it has become due work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import accumulate
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, func, literal, or_, select, update

from bot.store.asking import DueRequest, ask
from bot.store.columns import check_moment, check_name
from bot.store.database import Database
from bot.store.intake import Intake
from bot.store.storing import store
from bot.store.tables import deliveries

# A delivery whose handling failed is tried again after 2, 4, 8, ... seconds, never later than this.
_LONGEST_PAUSE = timedelta(minutes=5)
# GitHub's bodies have up to 25 MB: a batch of the largest must not fill the memory, again at every start.
_HEAVIEST_CLAIM = 32 * 1024 * 1024
# Small enough that no other write waits long for a piece of the clean-up.
_PRUNED_AT_ONCE = 1000


class DeliveryState(Enum):
    """Where a delivery stands."""

    NEW = "new"
    HANDLED = "handled"
    DEAD = "dead"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event as it came in; `source` is "github" or "hook:<kind>:<hook id>", `body` the raw bytes."""

    id: str
    source: str
    event: str
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery handed out to be handled; `attempts` counts this handing out too, so it starts at 1."""

    row: int
    delivery: Delivery
    attempts: int


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """What became of a delivery; `reason` says why it failed last, else it is empty."""

    id: str
    source: str
    event: str
    state: DeliveryState
    attempts: int
    reason: str
    received_at: datetime


class Deliveries:
    """The table of deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._intake = Intake(self._append_together, lambda delivery: len(delivery.body))

    async def append(self, delivery: Delivery) -> bool:
        """Store a delivery; it is on disk when this returns. Deliveries that wait together share one commit.

        False: the same id is stored already, waiting or handled, and nothing is to be done. An id whose handling failed
        for good (dead) is taken again. Raises UnstorableValue before anything is stored.
        """
        _check(delivery)
        return await self._intake.add(delivery)

    async def _append_together(self, waiting: Sequence[Delivery]) -> list[bool]:
        return await self._database.write(lambda c: _append(c, waiting))

    async def append_dead(self, delivery: Delivery, reason: str) -> None:
        """Store a delivery that cannot be handled, with the reason; one that waits or was handled is left alone."""
        _check(delivery)
        await self._database.write(lambda c: store(c, [delivery], DeliveryState.DEAD, reason) and None)

    async def claim(self, limit: int, now: datetime, until: datetime) -> list[Claimed]:
        """Hand out at most `limit` deliveries, the oldest first; nobody else gets them before `until`.

        Fewer where their bodies are large: together at most 32 MiB, or one alone.
        """
        return await self._database.write(lambda c: _claim(c, limit, now, until))

    async def release(self) -> None:
        """Take back every delivery that was handed out: for the only process of a store, as it starts."""
        statement = update(deliveries).where(deliveries.c.leased_until.is_not(None)).values(leased_until=None)
        await self._database.write(lambda c: c.execute(statement) and None)

    async def handled(self, claimed: Sequence[Claimed], requests: Iterable[DueRequest]) -> None:
        """Mark deliveries handled, drop their bodies and write the due work they asked for, in one transaction."""
        asked = list(requests)

        def work(connection: Connection) -> None:
            _mark_handled(connection, claimed)
            ask(connection, asked)

        await self._database.write(work)

    async def failed(self, claimed: Claimed, reason: str, *, dead: bool, now: datetime) -> None:
        """Note why handling failed. Dead: not handed out again unless it is redelivered; else again after a pause."""
        pause = min(timedelta(seconds=2.0 ** min(claimed.attempts, 10)), _LONGEST_PAUSE)
        state = DeliveryState.DEAD if dead else DeliveryState.NEW
        statement = (
            update(deliveries)
            .where(deliveries.c.row == claimed.row, deliveries.c.state == DeliveryState.NEW.value)
            .values(state=state.value, reason=reason, leased_until=None if dead else now + pause)
        )
        await self._database.write(lambda c: c.execute(statement) and None)

    async def status(self, id: str) -> DeliveryStatus | None:  # noqa: A002 - GitHub calls it the delivery's id
        """Return what became of a delivery; None: never seen, or forgotten since."""
        statement = select(*_TOLD).where(deliveries.c.id == id)
        row = await self._database.read(lambda c: c.execute(statement).one_or_none())
        return None if row is None else _told(row)

    async def dead(self, limit: int = 100) -> list[DeliveryStatus]:
        """Return the deliveries that could not be handled, the latest first."""
        is_dead = deliveries.c.state == DeliveryState.DEAD.value
        statement = select(*_TOLD).where(is_dead).order_by(deliveries.c.row.desc()).limit(limit)
        return [_told(row) for row in await self._database.read(lambda c: c.execute(statement).all())]

    async def count_dead(self) -> int:
        """Return how many deliveries of the last days could not be handled."""
        statement = select(func.count()).where(deliveries.c.state == DeliveryState.DEAD.value)
        return await self._database.read(lambda c: c.execute(statement).scalar_one())

    async def oldest_waiting(self, now: datetime) -> timedelta | None:
        """Return how long the oldest delivery that is neither handled nor dead has waited; None: none waits."""
        statement = select(deliveries.c.received_at).where(_is_new()).order_by(deliveries.c.row).limit(1)
        oldest = await self._database.read(lambda c: c.execute(statement).scalar())
        return None if oldest is None else now - oldest

    async def prune(self, before: datetime) -> int:
        """Forget handled and dead deliveries received before a time; return how many."""
        pruned = 0
        while removed := await self._database.write(lambda c: _prune(c, before)):
            pruned += removed
        return pruned

    async def close(self) -> None:
        """Wait until everything appended is stored."""
        await self._intake.close()


_TOLD = (
    deliveries.c.id,
    deliveries.c.source,
    deliveries.c.event,
    deliveries.c.state,
    deliveries.c.attempts,
    deliveries.c.reason,
    deliveries.c.received_at,
)


def _told(row: Any) -> DeliveryStatus:
    return DeliveryStatus(**{**row._asdict(), "state": DeliveryState(row.state)})


def _is_new() -> ColumnElement[bool]:
    # Written out, not as a parameter: only then do both planners use the partial index.
    return deliveries.c.state == literal(DeliveryState.NEW.value, literal_execute=True)


def _check(delivery: Delivery) -> None:
    """Refuse one bad delivery before it spoils the commit that it would share."""
    check_name(delivery.id, "a delivery's id", 255)
    check_name(delivery.source, "a delivery's source", 255)
    check_name(delivery.event, "an event's name", 255)
    check_moment(delivery.received_at)


def _append(connection: Connection, waiting: Sequence[Delivery]) -> list[bool]:
    """Insert deliveries; True for each that is to be handled. Of one id that stands twice, the first counts."""
    first = {delivery.id: delivery for delivery in reversed(waiting)}
    taken = store(connection, sorted(first.values(), key=lambda delivery: delivery.id), DeliveryState.NEW)
    return [delivery.id in taken and first[delivery.id] is delivery for delivery in waiting]


def _claim(connection: Connection, limit: int, now: datetime, until: datetime) -> list[Claimed]:
    column = deliveries.c
    free = or_(column.leased_until.is_(None), column.leased_until <= now)
    sizes = (
        select(column.row, func.length(column.body))
        .where(_is_new(), free)
        .order_by(column.row)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    wanted = _within_weight([(row[0], row[1]) for row in connection.execute(sizes)])
    rows = connection.execute(select(deliveries).where(column.row.in_(wanted)).order_by(column.row)).all()
    if rows:
        lease = (
            update(deliveries)
            .where(column.row == bindparam("claimed"))
            .values(leased_until=until, attempts=column.attempts + 1)
        )
        connection.execute(lease, [{"claimed": row.row} for row in rows])
    return [
        Claimed(row.row, Delivery(row.id, row.source, row.event, row.body, row.received_at), row.attempts + 1)
        for row in rows
    ]


def _within_weight(sizes: Sequence[tuple[int, int]]) -> list[int]:
    """Return the first rows whose bodies fit into memory together, at least one if there is one."""
    weights = accumulate(size for _, size in sizes)
    fitting = sum(weight <= _HEAVIEST_CLAIM for weight in weights)
    return [row for row, _ in sizes[: max(fitting, 1)]]


def _mark_handled(connection: Connection, claimed: Sequence[Claimed]) -> None:
    if not claimed:
        return
    statement = (
        update(deliveries)
        .where(deliveries.c.row == bindparam("claimed"), deliveries.c.state == DeliveryState.NEW.value)
        .values(state=DeliveryState.HANDLED.value, body=b"", leased_until=None, reason="")
    )
    connection.execute(statement, [{"claimed": row} for row in sorted(item.row for item in claimed)])


def _prune(connection: Connection, before: datetime) -> int:
    old = (
        select(deliveries.c.row)
        .where(deliveries.c.received_at < before, deliveries.c.state != DeliveryState.NEW.value)
        .limit(_PRUNED_AT_ONCE)
    )
    return connection.execute(delete(deliveries).where(deliveries.c.row.in_(old))).rowcount
