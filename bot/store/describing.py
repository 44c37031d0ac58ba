"""What stands behind a tag, and what it means that something else does now."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.store.dialects import insert
from bot.store.ledger_keys import ImageKey
from bot.store.tables import tag_digests, tags


@dataclass(frozen=True, slots=True)
class Description:
    """What was read behind a tag at `at`; None: not told."""

    name: str
    digest: str | None
    platforms: Collection[str] | None
    pushed_at: datetime | None
    created_at: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class PushedAgain:
    """A tag that stands for another digest than it did, noticed at `at`."""

    tag: str
    before: str
    digest: str
    at: datetime


def describe(connection: Connection, image: ImageKey, told: Description) -> bool:
    """Note what is behind a tag; False: it was never listed."""
    this = image.of(tags) & (tags.c.name == told.name)
    column = tags.c
    statement = select(column.digest, column.digest_before, column.pushed_digest).where(this).with_for_update()
    known = connection.execute(statement).one_or_none()
    if known is None:
        return False
    values = _changed(known, told)
    if values:
        connection.execute(update(tags).where(this).values(**values))
    if told.digest is not None and told.digest != known.digest:
        _note_digest(connection, image, told)
    return True


def _changed(known: Any, told: Description) -> dict[str, Any]:
    """Say which columns of a tag change."""
    values: dict[str, Any] = {
        "platforms": None if told.platforms is None else json.dumps(sorted(told.platforms)),
        "created_at": told.created_at,
    }
    moved = None not in {told.digest, known.digest} and told.digest != known.digest
    if not moved:
        values = {name: value for name, value in values.items() if value is not None}
    if told.pushed_at is not None:
        values |= {"pushed_at": told.pushed_at, "pushed_digest": told.digest or known.digest}
    elif moved and known.pushed_digest != told.digest:
        values |= {"pushed_at": None, "pushed_digest": None}
    if told.digest is not None and told.digest != known.digest:
        values["digest"] = told.digest
    return values | _moved(known, told)


def _moved(known: Any, told: Description) -> dict[str, Any]:
    """Say what changes when a tag stands for another digest than before; also when it was gone in between."""
    before = known.digest or known.digest_before
    if told.digest is None or not before or told.digest == before:
        return {}
    again = {"digest_before": before, "pushed_again_at": told.at}
    return again if known.digest is None else {**again, "first_seen": told.at}


def _note_digest(connection: Connection, image: ImageKey, told: Description) -> None:
    values = {**image.values(), "name": told.name, "digest": told.digest, "first_seen": told.at}
    connection.execute(insert(connection, tag_digests).on_conflict_do_nothing(), values)


def pushed_again(connection: Connection, image: ImageKey) -> list[PushedAgain]:
    """Return the listed tags that moved, by name."""
    column = tags.c
    statement = select(column.name, column.digest_before, column.digest, column.pushed_again_at).where(
        image.of(tags), column.pushed_again_at.is_not(None), column.gone_at.is_(None)
    )
    # Sorted here: for the order of names the database would walk through all of them instead of the few that moved.
    return [PushedAgain(*row) for row in sorted(connection.execute(statement).all())]
