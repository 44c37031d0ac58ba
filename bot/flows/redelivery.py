"""Deliveries that GitHub could not bring, while the bot was down or out of reach: they are asked for again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.github import NotFound, Unprocessable
from bot.jobs.performing import WaitUntil, performs
from bot.jobs.work import SweepDeliveries
from bot.store import DeliveryState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts, Sweeps

log = structlog.get_logger()

REMEMBERED_BY_GITHUB = timedelta(days=3)
ON_ITS_WAY = timedelta(minutes=10)
"""How far a sweep looks back beyond the one before: what was on its way then has come or failed since."""
MOST_AT_ONCE = 200
PAUSE = timedelta(minutes=1)
MOST_ASKED = 3
"""How often one delivery is asked for again: what fails each time would fail for ever."""


@performs(SweepDeliveries)
async def sweep_deliveries(_work: SweepDeliveries, parts: Parts) -> None:
    """List what GitHub tried to bring, and ask again for each delivery that never arrived, the oldest first.

    At most 200 at once; the rest follows a minute later.
    """
    sweeps, began = parts.sweeps, parts.clock()
    missing = await _missing(parts, _since(sweeps, began))
    wanted = [guid for guid in missing if sweeps.asked.get(guid, 0) < MOST_ASKED]
    for guid in wanted[:MOST_AT_ONCE]:
        sweeps.asked[guid] = sweeps.asked.get(guid, 0) + 1
        await _ask_again(parts, guid, missing[guid])
    if len(wanted) > MOST_AT_ONCE:
        raise WaitUntil(began + PAUSE, f"{len(wanted) - MOST_AT_ONCE} more deliveries are to be asked for")
    sweeps.last = began
    sweeps.asked = {guid: count for guid, count in sweeps.asked.items() if guid in missing}


def _since(sweeps: Sweeps, now: datetime) -> datetime:
    earliest = now - REMEMBERED_BY_GITHUB
    return earliest if sweeps.last is None else max(earliest, sweeps.last - ON_ITS_WAY)


async def _missing(parts: Parts, since: datetime) -> dict[str, int]:
    """Give the deliveries without a success that the store does not know either, oldest first: guid to attempt."""
    attempts: dict[str, int] = {}
    arrived: set[str] = set()
    async for attempt in parts.github.attempts(since):
        attempts.setdefault(attempt.guid, attempt.id)
        if attempt.succeeded:
            arrived.add(attempt.guid)
    failed = [guid for guid in reversed(attempts) if guid not in arrived]
    return {guid: attempts[guid] for guid in failed if not await _is_here(parts, guid)}


async def _is_here(parts: Parts, guid: str) -> bool:
    status = await parts.store.deliveries.status(guid)
    return status is not None and status.state is not DeliveryState.DEAD


async def _ask_again(parts: Parts, guid: str, attempt: int) -> None:
    try:
        await parts.github.redeliver(attempt)
    except (NotFound, Unprocessable) as problem:
        log.info("delivery.not_brought_again", delivery=guid, reason=str(problem))
    else:
        log.info("delivery.asked_for_again", delivery=guid)
