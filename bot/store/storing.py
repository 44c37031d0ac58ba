"""The one statement that stores deliveries, written out: every sender waits for it.

SQLAlchemy renders a statement of many rows anew for each batch, which takes as long as storing them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from bot.store.columns import Moment, Prose

if TYPE_CHECKING:
    from bot.store.deliveries import Delivery, DeliveryState

_MOMENT = Moment()
_PROSE = Prose()
_MARKS = {"sqlite": "?", "postgresql": "%s"}

_STATEMENT = """
INSERT INTO deliveries (id, source, event, body, received_at, reason, state, attempts, leased_until) VALUES {rows}
ON CONFLICT (id) DO UPDATE SET source = excluded.source, event = excluded.event,
    body = excluded.body, received_at = excluded.received_at, reason = excluded.reason, state = excluded.state,
    attempts = excluded.attempts, leased_until = excluded.leased_until
WHERE deliveries.state = 'dead'
RETURNING id
"""


def store(connection: Connection, rows: Sequence["Delivery"], state: "DeliveryState", reason: str = "") -> set[str]:
    """Insert deliveries, replace those that are dead, leave the others; return the ids inserted or replaced.

    The rows, at least one and each id once, were checked, and come in the order of their ids, so that two processes
    never wait for each other.
    """
    dialect = connection.dialect
    told = _PROSE.process_bind_param(reason, dialect)
    values = tuple(
        value
        for row in rows
        for value in (
            row.id,
            row.source,
            row.event,
            row.body,
            _MOMENT.process_bind_param(row.received_at, dialect),
            told,
        )
    )
    return set(connection.exec_driver_sql(_statement(dialect.name, len(rows), state.value), values).scalars())


@lru_cache(maxsize=256)
def _statement(dialect: str, count: int, state: str) -> str:
    """Return the text for so many rows; `state` is one of DeliveryState's values and never comes from outside."""
    marks = ", ".join([_MARKS[dialect]] * 6)
    return _STATEMENT.format(rows=", ".join([f"({marks}, '{state}', 0, NULL)"] * count))
