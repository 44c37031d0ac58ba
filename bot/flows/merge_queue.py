"""Into the merge queue of a base, out of it again, and how often: what the queue drops is not put back for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.basis import Queued, read_basis
from bot.flows.judging import MOST_TRIES
from bot.flows.merge_notes import keep, pause, refusal_is_over
from bot.github import touches_workflows
from bot.jobs.performing import ComesAgain

if TYPE_CHECKING:
    from bot.flows.basis import Basis
    from bot.flows.judging import Judging

log = structlog.get_logger()

QUEUE_IS_WATCHED: Final = timedelta(minutes=5)
"""How often a pull request in a merge queue is looked at where a window may close while it waits there."""


async def enqueue(judging: Judging) -> None:
    """Put the pull request into the queue of its base, and note then at which head and base. Raises ComesAgain.

    Where that note is lost it is put in once more, which GitHub refuses while it is there.
    """
    parts, bump, found = judging.parts, judging.bump, judging.found
    await judging.client.enqueue(found.node, found.head, workflows=touches_workflows(judging.basis.blobs))
    log.info("pull_request.queued", repository=judging.repository.full_name, number=found.number)
    await keep(parts, bump, lambda basis: replace(_queued(basis, judging), against=None, awaited=None))
    await refusal_is_over(parts, judging.repository, judging.bump_work)
    if judging.basis.against is not None:
        await parts.ask(judging.bump_work)
    raise ComesAgain(parts.clock() + QUEUE_IS_WATCHED)


def _queued(basis: Basis, judging: Judging) -> Basis:
    found, before = judging.found, basis.queued
    times = before.times if before is not None and before.head == found.head else 0
    return replace(basis, queued=Queued(found.head, found.base_commit, times + 1))


async def dequeue(judging: Judging) -> None:
    """Take out of the queue what the bot put there. That is no drop: it may go in again whenever it may be merged."""
    await judging.client.dequeue(judging.found.node)
    log.info("pull_request.dequeued", repository=judging.repository.full_name, number=judging.found.number)
    await keep(judging.parts, judging.bump, _taken_out)


def _taken_out(basis: Basis) -> Basis:
    """Forget the last time that it was put in; what the queue dropped before is still counted."""
    queued = basis.queued
    if queued is None or queued.times <= 1:
        return replace(basis, queued=None)
    return replace(basis, queued=Queued(queued.head, "", queued.times - 1))


def is_given_up(judging: Judging) -> bool:
    """Whether the queue dropped this head so often that it is left to people."""
    queued = read_basis(judging.bump.proposals).queued
    return queued is not None and queued.times >= MOST_TRIES


def next_look(judging: Judging) -> timedelta:
    """Tell after which time the queue is looked at again. A window is watched; all else GitHub tells."""
    facts = judging.judged.facts
    has_window = facts.auto_merge is not None and facts.auto_merge.window is not None and not facts.is_ordered
    return QUEUE_IS_WATCHED if facts.in_merge_queue and has_window else pause(judging, QUEUE_IS_WATCHED)
