"""What is done every hour: forget old deliveries, and look again at what is open, in case an event was lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.performing import performs
from bot.jobs.work import Housekeeping, MergeBump

if TYPE_CHECKING:
    from bot.flows.parts import Parts

log = structlog.get_logger()

REMEMBERED = timedelta(days=7)
"""GitHub offers redelivery for 3 days; a week leaves room for clocks and holidays."""


@performs(Housekeeping)
async def keep_house(_work: Housekeeping, parts: Parts) -> None:
    """Forget delivery ids older than a week, and ask again whether open bumps may be merged."""
    forgotten = await parts.store.deliveries.prune(parts.clock() - REMEMBERED)
    waiting = await parts.store.bumps.all_open()
    await parts.ask(*(MergeBump(each.installation, each.repository, each.group) for each in waiting))
    log.info("housekeeping.done", deliveries=forgotten, bumps=len(waiting))
