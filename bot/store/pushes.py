"""When tags and digests were pushed, as registries and signed events say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.store.dialects import insert
from bot.store.ledger_keys import ImageKey
from bot.store.tables import push_times, tags

# More tags than these are not asked for by name: reading all of the image is faster then.
_A_FEW = 500


@dataclass(frozen=True, slots=True)
class Push:
    """A registry's word that a tag was pushed at `pushed_at`; `digest` is what was pushed, None: not told."""

    tag: str
    digest: str | None
    pushed_at: datetime


def unknown_pushes(connection: Connection, image: ImageKey, pushes: Sequence[Push]) -> list[Push]:
    """Return the pushes of listed tags that differ from what is known, by tag."""
    told = {push.tag: push for push in pushes}
    column = tags.c
    statement = select(column.name, column.pushed_at, column.pushed_digest).where(
        image.of(tags), column.gone_at.is_(None)
    )
    if len(told) <= _A_FEW:
        statement = statement.where(column.name.in_(told))
    known = {row[0]: (row[1], row[2]) for row in connection.execute(statement).all() if row[0] in told}
    return [told[name] for name in sorted(known) if known[name] != (told[name].pushed_at, told[name].digest)]


def note_pushes(connection: Connection, image: ImageKey, pushes: Sequence[Push]) -> None:
    """Write push times, at least one."""
    change = (
        update(tags)
        .where(image.of(tags), tags.c.name == bindparam("its_name"))
        .values(pushed_at=bindparam("its_time"), pushed_digest=bindparam("its_digest"))
    )
    connection.execute(change, [_parameters(push) for push in pushes])


def _parameters(push: Push) -> dict[str, Any]:
    return {"its_name": push.tag, "its_time": push.pushed_at, "its_digest": push.digest}


def told_pushes(connection: Connection, host: str, image: str) -> list[Push]:
    """Return the last push of each tag that signed events told of, by tag."""
    column = push_times.c
    statement = (
        select(column.tag, column.digest, column.pushed_at)
        .where(column.host == host, column.image == image)
        .order_by(column.tag, column.pushed_at)
    )
    last = {row[0]: Push(row[0], row[1], row[2]) for row in connection.execute(statement)}
    return list(last.values())


def note_push(connection: Connection, host: str, image: str, push: Push) -> None:
    """Note when a digest was pushed under a tag, as a signed event says; of several times the earliest counts."""
    values = {"host": host, "image": image, "tag": push.tag, "digest": push.digest, "pushed_at": push.pushed_at}
    statement = insert(connection, push_times)
    new = statement.excluded
    earlier = statement.on_conflict_do_update(
        index_elements=["host", "image", "tag", "digest"],
        set_={"pushed_at": new.pushed_at},
        where=new.pushed_at < push_times.c.pushed_at,
    )
    connection.execute(earlier, values)
