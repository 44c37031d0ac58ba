"""How work is asked for: one row for one key, however often it is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import Connection, case

from bot.store.dialects import Insert, insert
from bot.store.tables import due

# `not_before` of a row that waits for nothing.
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DueRequest:
    """Work that somebody wants done at `due_at`; `delivery` is the delivery that asked, for whoever looks for it."""

    kind: str
    key: str
    owner: str
    priority: int
    due_at: datetime
    delivery: str = ""


def ask(connection: Connection, requests: Iterable[DueRequest]) -> None:
    """Write what is asked for into the due table.

    A new key is a new row. A key that is there gets a new generation and becomes due at the earlier of both times, but
    never before the time it was postponed to. A dead row lives again, with no attempts.
    """
    merged = _merge(requests)
    if merged:
        connection.execute(_upsert(insert(connection, due)), [_values(request) for request in merged])


def _merge(requests: Iterable[DueRequest]) -> Sequence[DueRequest]:
    """Make one request of those with one key: the latest, at the earliest time of all.

    In the order of their keys, so that two processes never wait for each other.
    """
    merged: dict[tuple[str, str], DueRequest] = {}
    for request in requests:
        key = (request.kind, request.key)
        merged[key] = _joined(merged[key], request) if key in merged else request
    return [merged[key] for key in sorted(merged)]


def _joined(earlier: DueRequest, later: DueRequest) -> DueRequest:
    return replace(later, due_at=min(earlier.due_at, later.due_at), delivery=later.delivery or earlier.delivery)


def _values(request: DueRequest) -> dict[str, object]:
    return {
        "kind": request.kind,
        "key": request.key,
        "owner": request.owner,
        "priority": request.priority,
        "generation": 1,
        "attempts": 0,
        "due_at": request.due_at,
        "not_before": LONG_AGO,
        "leased_until": None,
        "dead_at": None,
        "reason": "",
        "delivery": request.delivery,
    }


def _upsert(statement: Insert) -> Insert:
    old, new = due.c, statement.excluded
    dead = old.dead_at.is_not(None)
    earlier = case((new.due_at < old.due_at, new.due_at), else_=old.due_at)
    no_earlier_than_postponed = case((earlier < old.not_before, old.not_before), else_=earlier)
    return statement.on_conflict_do_update(
        index_elements=["kind", "key"],
        set_={
            "owner": new.owner,
            "priority": new.priority,
            "generation": old.generation + 1,
            "attempts": case((dead, 0), else_=old.attempts),
            "due_at": case((dead, new.due_at), else_=no_earlier_than_postponed),
            "not_before": case((dead, new.not_before), else_=old.not_before),
            "dead_at": None,
            "reason": case((dead, ""), else_=old.reason),
            "delivery": case((new.delivery != "", new.delivery), else_=old.delivery),
        },
    )
