"""Forgetting what ended long ago in promotions, but not that a tag was judged, or an entry of a map copied."""

from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, and_, bindparam, exists, or_, select, update

from bot.policies.promotions import PromotionMode
from bot.store.database import Database
from bot.store.deleting import delete_all
from bot.store.promotion_events import EventKind
from bot.store.promotion_runs import RunState
from bot.store.tables import promotion_beginnings, promotion_events, promotions

_AT_ONCE = 1000
_SAME_PROMOTION = ("repository", "promotion")
_SAME_TAG: Final = (*_SAME_PROMOTION, "source_host", "source_image", "tag")
_SAME_ENTRY: Final = (*_SAME_PROMOTION, "target_host", "target_image", "target_tag", "digest")
_MERGED_AND_COPIED: Final = {"mode": PromotionMode.PULL_REQUEST.value, "state": RunState.DONE.value}


async def prune(database: Database, before: datetime) -> None:
    """Delete events and verdicts of runs that ended before a time, and the runs that are not the last of their tag.

    What people said no to stays, and the last copy of each entry of a map: who reads the map takes it for new
    otherwise. Also the last ones go where their promotion is gone, for it follows nothing that could be promoted again.
    """
    ended = and_(promotions.c.ended_at.is_not(None), promotions.c.ended_at < before)
    followed = exists().where(*(promotion_beginnings.c[name] == promotions.c[name] for name in _SAME_PROMOTION))
    needless = and_(_is_replaced(), ~_is_last_of_an_entry())
    await delete_all(database, promotions, select(promotions.c.id).where(ended, needless | ~followed))
    joined = promotion_events.join(promotions, promotions.c.id == promotion_events.c.run)
    no = and_(
        promotions.c.state == RunState.DENIED.value,
        promotion_events.c.kind == EventKind.PROPOSED.value,
    )
    events = select(promotion_events.c.row).select_from(joined).where(ended, ~no)
    await delete_all(database, promotion_events, events)
    told = select(promotions.c.id).where(ended, promotions.c.verdict != "").order_by(promotions.c.id).limit(_AT_ONCE)
    while found := await database.read(lambda c: list(c.execute(told).scalars())):
        await database.write(partial(_without_verdict, runs=found))


def _is_replaced() -> ColumnElement[bool]:
    """Whether a tag has a later run."""
    later = promotions.alias()
    return exists().where(*(later.c[name] == promotions.c[name] for name in _SAME_TAG), later.c.id > promotions.c.id)


def _is_last_of_an_entry() -> ColumnElement[bool]:
    """Whether people merged what a run copied, and no run copied the same entry of the map later."""
    later = promotions.alias()
    ended_later = or_(
        later.c.ended_at > promotions.c.ended_at,
        and_(later.c.ended_at == promotions.c.ended_at, later.c.id > promotions.c.id),
    )
    same = (
        *(later.c[name] == promotions.c[name] for name in _SAME_ENTRY),
        *(later.c[name] == value for name, value in _MERGED_AND_COPIED.items()),
    )
    its = (promotions.c[name] == value for name, value in _MERGED_AND_COPIED.items())
    return and_(*its, ~exists().where(*same, ended_later))


def _without_verdict(connection: Connection, runs: list[int]) -> None:
    statement = update(promotions).where(promotions.c.id == bindparam("its_id")).values(verdict="")
    connection.execute(statement, [{"its_id": run} for run in runs])
