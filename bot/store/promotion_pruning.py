"""Forgetting what ended long ago in promotions, but not that a tag was judged."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection, and_, bindparam, exists, select, update

from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.tables import promotion_beginnings, promotion_events, promotions

_AT_ONCE = 1000
_SAME_PROMOTION = ("repository", "promotion")
_SAME_TAG = ("repository", "promotion", "source_host", "source_image", "tag")


async def prune(database: Database, before: datetime) -> None:
    """Delete events and verdicts of runs that ended before a time, and the runs that are not the last of their tag.

    Also the last ones go where their promotion is gone, for it follows nothing that could be promoted again.
    """
    ended = and_(promotions.c.ended_at.is_not(None), promotions.c.ended_at < before)
    later = promotions.alias()
    replaced = exists().where(
        *(later.c[name] == promotions.c[name] for name in _SAME_TAG), later.c.id > promotions.c.id
    )
    followed = exists().where(*(promotion_beginnings.c[name] == promotions.c[name] for name in _SAME_PROMOTION))
    await delete_all(database, promotions, select(promotions.c.id).where(ended, replaced | ~followed))
    joined = promotion_events.join(promotions, promotions.c.id == promotion_events.c.run)
    events = select(promotion_events.c.row).select_from(joined).where(ended)
    await delete_all(database, promotion_events, events)
    told = select(promotions.c.id).where(ended, promotions.c.verdict != "").order_by(promotions.c.id).limit(_AT_ONCE)
    while found := await database.read(lambda c: list(c.execute(told).scalars())):
        await database.write(partial(_without_verdict, runs=found))


def _without_verdict(connection: Connection, runs: list[int]) -> None:
    statement = update(promotions).where(promotions.c.id == bindparam("its_id")).values(verdict="")
    connection.execute(statement, [{"its_id": run} for run in runs])
