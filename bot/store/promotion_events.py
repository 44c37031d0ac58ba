"""What happened to an image that a promotion judges: evaluations, copies, proposals and failures, bounded in number."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from bot.store.tables import promotion_events, promotions

MOST_EVENTS: Final = 100
"""So many of a run are kept, the latest, and the last that is PROPOSED however old it is."""


class EventKind(Enum):
    """What was done."""

    EVALUATED = "evaluated"
    COPIED = "copied"
    PROPOSED = "proposed"
    FAILED = "failed"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class PromotionEvent:
    """One thing that was done about a run, ended at `at` after `seconds`.

    `outcome` is one word of the caller's, `document` JSON that the store does not read. `times` counts evaluations
    one after another that came to the same; `at`, `seconds` and `streamed_bytes` are those of the last of them.
    """

    kind: EventKind
    at: datetime
    outcome: str
    document: str
    seconds: float = 0.0
    streamed_bytes: int = 0
    times: int = 1


def note_event(connection: Connection, run: int, event: PromotionEvent) -> None:
    """Write what was done; an evaluation that came to the same as the last event only counts that one up."""
    # The lock of the run: two notes of one never both take themselves for the first.
    connection.execute(select(promotions.c.id).where(promotions.c.id == run).with_for_update(key_share=True))
    if event.kind is EventKind.EVALUATED and _counted_up(connection, run, event):
        return
    values = {**asdict(event), "run": run, "kind": event.kind.value}
    connection.execute(promotion_events.insert(), values)
    kept = _rows_of(run).order_by(promotion_events.c.row.desc()).limit(1).offset(MOST_EVENTS - 1)
    oldest = connection.execute(kept).scalar()
    if oldest is not None:
        proposed = _rows_of(run).where(promotion_events.c.kind == EventKind.PROPOSED.value)
        said = connection.execute(proposed.order_by(promotion_events.c.row.desc()).limit(1)).scalar()
        # What people said of a proposal holds as long as the run is remembered.
        old = (promotion_events.c.run == run) & (promotion_events.c.row < oldest)
        connection.execute(delete(promotion_events).where(old & promotion_events.c.row.is_distinct_from(said)))


def events_of(connection: Connection, run: int) -> list[PromotionEvent]:
    """Read what was done about a run, in order."""
    statement = select(promotion_events).where(promotion_events.c.run == run).order_by(promotion_events.c.row)
    return [_event(row) for row in connection.execute(statement)]


def _counted_up(connection: Connection, run: int, event: PromotionEvent) -> bool:
    last = _rows_of(run).order_by(promotion_events.c.row.desc()).limit(1).scalar_subquery()
    statement = (
        update(promotion_events)
        .where(
            promotion_events.c.row == last,
            promotion_events.c.kind == event.kind.value,
            promotion_events.c.outcome == event.outcome,
            promotion_events.c.document == event.document,
        )
        .values(
            times=promotion_events.c.times + 1,
            at=event.at,
            seconds=event.seconds,
            streamed_bytes=event.streamed_bytes,
        )
    )
    return connection.execute(statement).rowcount > 0


def _rows_of(run: int) -> Any:
    return select(promotion_events.c.row).where(promotion_events.c.run == run)


def _event(row: Any) -> PromotionEvent:
    values = row._asdict()
    del values["row"], values["run"]
    return PromotionEvent(**{**values, "kind": EventKind(row.kind)})
