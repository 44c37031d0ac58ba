"""A merged bump that people took back: what it brought is held until something better comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.bumps import landed, reverted
from bot.flows.basis import Past, read_basis
from bot.flows.noting import tell
from bot.jobs.performing import ComesAgain
from bot.selection import RestrictionKind
from bot.store import BumpState, RestrictionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps import Decisions, Proposal, Reverted
    from bot.flows.application import Application
    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.store import BumpRecord

log = structlog.get_logger()

REVERT = "revert"
"""The source of what a revert laid."""

SHOWN = timedelta(minutes=1)
"""After which time GitHub shows a base with what was merged into it, wherever it is asked."""


def merged_before(record: BumpRecord | None) -> Past | None:
    """Tell what a group's last merged bump was, from what is remembered of its latest one."""
    if record is None:
        return None
    basis = read_basis(record.proposals)
    if record.state is not BumpState.MERGED:
        return basis.past
    paths = tuple(sorted(basis.blobs))
    return Past(record.base, record.pull_request, basis.proposals, paths, basis.landed, basis.heard)


async def hold_what_was_reverted(
    application: Application, policy_file: PolicyFile, occurrences: Sequence[Occurrence], decisions: Decisions
) -> bool:
    """Hold what the group's last bump brought into the base and people took out again; returns whether there is any."""
    record, past = application.stands.record, merged_before(application.stands.record)
    if record is None or past is None or past.base != application.facts.base.branch:
        return False
    paths = frozenset(past.paths)
    stand = {_written(each) for each in landed(policy_file, occurrences, past.proposed, paths)}
    gone = reverted(policy_file, occurrences, past.proposed, paths, decisions)
    is_fresh = record.state is BumpState.MERGED and application.parts.clock() < record.updated_at + SHOWN
    if is_fresh and any(_written(each) not in past.landed for each in gone):
        # GitHub may still show the base as it was before the merge.
        raise ComesAgain(record.updated_at + SHOWN)
    found = [each for each in gone if _written(each) not in past.heard]
    for each in found:
        await application.parts.store.restrictions.lay(_hold(application, past, each))
        log.info("bump.reverted", repository=application.repository.full_name, policy=each.policy, tag=each.tag)
    await _remember(application, record, past, stand, {_written(each) for each in found})
    if found:
        await tell(application.parts, application.repository)
    return bool(found)


async def _remember(application: Application, record: BumpRecord, past: Past, stand: set[str], found: set[str]) -> None:
    """Note what was seen on the base, so that a revert is heard once: who resumes after it is not held again."""
    seen = tuple(sorted({*past.landed, *stand}))
    heard = tuple(sorted({*past.heard, *found} - stand))
    if (seen, heard) == (past.landed, past.heard):
        return
    basis = read_basis(record.proposals)
    if record.state is BumpState.MERGED:
        noted = replace(basis, landed=seen, heard=heard)
    else:
        noted = replace(basis, past=replace(past, landed=seen, heard=heard))
    await application.parts.store.bumps.save_if(replace(record, proposals=noted.written()), record)


def _written(moved: Proposal | Reverted) -> str:
    return f"{moved.policy} {moved.wanted}"


def _hold(application: Application, past: Past, found: Reverted) -> RestrictionRecord:
    what = f"pull request #{past.pull_request}" if past.pull_request is not None else "its commit"
    return RestrictionRecord(
        repository=application.repository.id,
        policy=found.policy,
        kind=RestrictionKind.HOLD,
        tag=None,
        digest=found.digest,
        range=None,
        beyond=found.tag,
        until=None,
        reason=f"{what} was reverted on {past.base}",
        source=REVERT,
        by="",
        at=application.parts.clock(),
    )
