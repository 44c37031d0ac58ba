"""Claims on tags: one promoted image at a time may write a tag, until its time is over or its run has ended."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from bot.store.dialects import insert
from bot.store.promotion_runs import RunState
from bot.store.tables import promotion_claims, promotions

_ENDED: Final = (RunState.DONE, RunState.SUPERSEDED, RunState.GIVEN_UP, RunState.DENIED)
"""The states of runs that write nothing, and that died before they gave their tag back if they still have one."""


def claim(connection: Connection, values: Mapping[str, Any], now: datetime) -> bool:
    """Write a claim (host, image, tag, run, until) unless another run may write the tag at `now`; tell whether."""
    statement = insert(connection, promotion_claims)
    new, held = statement.excluded, promotion_claims.c
    its_run = select(promotions.c.state).where(promotions.c.id == held.run).correlate(promotion_claims)
    ended = its_run.scalar_subquery().in_([state.value for state in _ENDED])
    statement = statement.on_conflict_do_update(
        index_elements=list(promotion_claims.primary_key),
        set_={"run": new.run, "until": new.until},
        where=(held.run == new.run) | (held.until <= now) | ended,
    )
    return connection.execute(statement.returning(held.run), values).first() is not None


def release(connection: Connection, host: str, image: str, tag: str, run: int) -> None:
    """Delete the claim of a run on a tag, if there is one."""
    held = promotion_claims.c
    its = (held.host == host, held.image == image, held.tag == tag, held.run == run)
    connection.execute(delete(promotion_claims).where(*its))
