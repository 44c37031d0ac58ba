"""Forgetting when tags were pushed: a push time is kept while somebody follows the image and can list the tag.

Signed events tell push times of private images too, whoever reads them, so they are nobody's but the image's.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, text, union

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.tables import follows, images, push_times, tags

_NEWEST = 1000
_YOUNG = timedelta(days=180)


async def forget_pushes_read_by(database: Database, reader: str) -> None:
    """Delete the push times of a reader's images whose tags nobody else was told of."""
    for host, image in await database.read(lambda c: _images_of(c, reader)):
        statement = _pushes(host, image).where(_unlisted(host, image, tags.c.credential != reader))
        await delete_all(database, push_times, statement)


async def forget_old_pushes(database: Database, before: datetime, now: datetime) -> None:
    """Delete push times that nobody needs: of before `before` what nobody lists or follows, and of each image the rest.

    The newest thousand of an image stay, and so do those of the last 180 days.
    """
    for host, image in await database.read(_images_with_pushes):
        useless = or_(_unlisted(host, image), ~exists().where(follows.c.host == host, follows.c.image == image))
        stale = or_(and_(push_times.c.pushed_at < before, useless), _surplus(host, image, now))
        await delete_all(database, push_times, _pushes(host, image).where(stale))


def _images_of(connection: Connection, reader: str) -> list[tuple[str, str]]:
    # Said with a text, so that both databases see that their index of readers has all of these rows.
    of_a_reader = text("credential <> ''")
    read = (
        select(table.c.host, table.c.image).where(table.c.credential == reader, of_a_reader) for table in (images, tags)
    )
    return sorted((row[0], row[1]) for row in connection.execute(union(*read)))


def _images_with_pushes(connection: Connection) -> list[tuple[str, str]]:
    statement = select(push_times.c.host, push_times.c.image).distinct()
    return sorted((row[0], row[1]) for row in connection.execute(statement))


def _pushes(host: str, image: str) -> Select[Any]:
    return select(*push_times.primary_key).where(push_times.c.host == host, push_times.c.image == image)


def _unlisted(host: str, image: str, *told: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell the push times of tags that no registry's list named, to those readers that `told` leaves."""
    return push_times.c.tag.not_in(select(tags.c.name).where(tags.c.host == host, tags.c.image == image, *told))


def _surplus(host: str, image: str, now: datetime) -> ColumnElement[bool]:
    newest = push_times.alias().c
    last_kept = (
        select(newest.pushed_at)
        .where(newest.host == host, newest.image == image)
        .order_by(newest.pushed_at.desc())
        .limit(1)
        .offset(_NEWEST - 1)
    )
    return and_(push_times.c.pushed_at < now - _YOUNG, push_times.c.pushed_at < last_kept.scalar_subquery())
