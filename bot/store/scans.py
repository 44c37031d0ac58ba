"""Scans: when an image was last looked at, with what end, and what a poll has to know before it looks again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, literal_column, select, update

from bot.store.dialects import insert
from bot.store.following import shortest_poll
from bot.store.ledger_keys import ImageKey, digests_of
from bot.store.tables import images

_STATE = ("scanned_at", "error", "list_digest", "failing_since", "watched")


@dataclass(frozen=True, slots=True)
class ScanState:
    """When an image's tags were last asked for, why that failed (None: it did not), and a hash of the last list.

    `failing_since` is when the first of the failures without a success between them was; `watched` are the tags whose
    digests a poll has to compare.
    """

    at: datetime
    error: str | None
    list_digest: str
    failing_since: datetime | None = None
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PollState:
    """What a poll has to know.

    `every`: after how many seconds its followers want the image looked at, None: nobody follows it with this reader.
    `scan`: how the last scan ended, None: there was none. `digests`: of the watched tags that are listed, None: not
    known yet.
    """

    every: int | None
    scan: ScanState | None
    digests: Mapping[str, str | None]


def note_scan(  # noqa: PLR0917 - what a scan comes to
    connection: Connection,
    image: ImageKey,
    at: datetime,
    error: str | None,
    list_digest: str | None,
    watched: Sequence[str] | None,
) -> None:
    """Write how a scan ended, in one statement; None keeps the last list's hash and the watched tags."""
    values: dict[str, Any] = {
        **image.values(),
        "scanned_at": at,
        "error": error,
        "list_digest": list_digest or "",
        "failing_since": None if error is None else at,
        "watched": json.dumps(sorted(watched or ())),
    }
    statement = insert(connection, images)
    new = statement.excluded
    kept = {"list_digest"} if list_digest is None else set()
    kept |= {"watched"} if watched is None else set()
    changed: dict[str, Any] = {name: new[name] for name in (*_STATE,) if name not in kept}
    if error is not None:
        changed["failing_since"] = func.coalesce(images.c.failing_since, new.failing_since)
    key = list(image.values())
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=changed), values)


def watch_too(connection: Connection, image: ImageKey, tags: Iterable[str]) -> None:
    """Add tags to those that a poll compares; of an image that was never scanned nothing is noted."""
    found = connection.execute(select(images.c.watched).where(image.of(images)).with_for_update()).scalar()
    if found is not None:
        watched = sorted({*json.loads(found), *tags})
        connection.execute(update(images).where(image.of(images)).values(watched=json.dumps(watched)))


def scan_state(connection: Connection, image: ImageKey) -> ScanState | None:
    """Read how the last scan of an image ended; None: it was never scanned."""
    statement = select(*(images.c[name] for name in _STATE)).where(image.of(images))
    row = connection.execute(statement).one_or_none()
    return None if row is None else _state(row)


def poll_state(connection: Connection, image: ImageKey) -> PollState:
    """Read what a poll has to know: one question, and another for the watched tags when there are any."""
    one = select(literal_column("1").label("one")).subquery()
    every = shortest_poll(image.host, image.repository, image.credential).scalar_subquery().label("every")
    statement = select(every, *(images.c[name] for name in _STATE)).select_from(one.outerjoin(images, image.of(images)))
    row = connection.execute(statement).one()
    scan = None if row.scanned_at is None else _state(row)
    digests = digests_of(connection, image, scan.watched) if scan else {}
    return PollState(row.every, scan, digests)


def _state(row: Any) -> ScanState:
    return ScanState(row.scanned_at, row.error, row.list_digest, row.failing_since, tuple(json.loads(row.watched)))
