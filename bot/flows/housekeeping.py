"""What is done every hour: forget old deliveries, comments and ended restrictions, and look again at all that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.flows.following import poll_after
from bot.flows.readers import installation_of
from bot.jobs.performing import performs
from bot.jobs.work import (
    BumpRepository,
    ChooseReaders,
    Housekeeping,
    IndexRepository,
    MergeBump,
    PollImage,
    PromoteImage,
    key,
    kind,
)
from bot.store import COUNTED, BumpState

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.flows.parts import Parts
    from bot.registries import Grants

log = structlog.get_logger()

REMEMBERED = timedelta(days=7)
"""GitHub offers redelivery for 3 days; a week leaves room for clocks and holidays."""

OBEYED = timedelta(days=30)
"""For so long it is known which comments were obeyed; GitHub tells of none that is older."""

REVIEWED = timedelta(days=180)
"""A pull request of which nothing was heard for so long is looked at like a new one, should it move again."""

PROMOTED = timedelta(days=365)
"""For so long the history of a promotion is kept after its end."""

REPORTED = timedelta(days=30)
"""For so long a report that CI posted is kept; no promotion believes one that is as old."""

SHORTEST = 60
"""Seconds over which the first polls are spread of images that nobody polled."""


@performs(Housekeeping)
async def keep_house(_work: Housekeeping, parts: Parts) -> None:
    """Forget what is old or nobody's, and ask again for what waits: merges, openings, unread files, polls."""
    forgotten = await parts.store.deliveries.prune(parts.clock() - REMEMBERED)
    strays = await parts.store.ledger.forget_strays(parts.clock() - REMEMBERED)
    if strays:
        log.info("readers.forgotten", readers=len(strays))
    await _forget_what_was_said(parts)
    waiting = await parts.store.bumps.all_open()
    await parts.ask(*(MergeBump(each.installation, each.repository, each.group) for each in waiting))
    begun = await parts.store.bumps.all_open(BumpState.OPENING)
    await parts.ask(*(BumpRepository(each.installation, each.repository, each.group) for each in begun))
    unended = await parts.store.promotions.unended()
    now = parts.clock()
    await parts.ask_at((PromoteImage(run.installation, run.repository, run.id), run.again_at or now) for run in unended)
    unread = await _unread(parts)
    await parts.ask(*unread)
    followed = await parts.store.index.followed_images()
    await parts.ask(*(ChooseReaders(installation) for installation in _granted(parts.grants, followed)))
    unpolled = await _unpolled(parts, followed)
    await parts.ask_at((work, poll_after(work, now, SHORTEST)) for work in unpolled)
    log.info("housekeeping.done", deliveries=forgotten, bumps=len(waiting), unread=len(unread), unpolled=len(unpolled))


async def _forget_what_was_said(parts: Parts) -> None:
    """Forget comments obeyed long ago, restrictions that ended by themselves, openings of hours past, old reviews."""
    store, now = parts.store, parts.clock()
    await store.comments.forget(now - OBEYED)
    await store.restrictions.forget_ended(now - REMEMBERED)
    await store.openings.prune(now - COUNTED)
    await store.findings.prune(now - REVIEWED)
    await store.reviews.prune(now - REVIEWED)
    await store.promotions.prune(now - PROMOTED)
    await store.scan_reports.prune(now - REPORTED)


async def _unread(parts: Parts) -> list[IndexRepository]:
    """List the repositories whose files have to be read and that nobody was asked to read.

    What was given up is not asked for again: the next push does that, or the operator.
    """
    asked = await parts.store.due.keys(kind(IndexRepository))
    unfinished = (IndexRepository(*where) for where in await parts.store.index.all_unfinished())
    return [work for work in unfinished if key(work) not in asked]


async def _unpolled(parts: Parts, followed: Iterable[tuple[str, str, str]]) -> list[PollImage]:
    """List the images that are followed and that nobody was asked to poll, also what was given up."""
    asked = await parts.store.due.keys(kind(PollImage), living=True)
    polls = (PollImage(*image) for image in followed)
    return [work for work in polls if key(work) not in asked]


def _granted(grants: Grants, followed: Iterable[tuple[str, str, str]]) -> list[int]:
    """List the installations that the operator grants something, or did: a setting that changed is seen at a start."""
    networks = {grant.installation for grant in grants.networks if grant.installation is not None}
    logins = {grant.installation for grant in grants.ambient}
    before = {operated for _, _, reader in followed if (operated := installation_of(reader)) is not None}
    return sorted(networks | logins | before)
