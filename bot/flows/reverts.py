"""A merged bump that people took back: what it brought is held until something better comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.bumps import landed, reverted
from bot.flows.basis import read_basis
from bot.flows.noting import tell
from bot.jobs.performing import ComesAgain
from bot.selection import RestrictionKind
from bot.store import BumpState, RestrictionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps import Decisions, Proposal, Reverted
    from bot.flows.application import Application
    from bot.flows.basis import Basis
    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.store import BumpRecord

log = structlog.get_logger()

REVERT = "revert"
"""The source of what a revert laid."""

SHOWN = timedelta(minutes=1)
"""After which time GitHub shows a base with what was merged into it, wherever it is asked."""


async def hold_what_was_reverted(
    application: Application, policy_file: PolicyFile, occurrences: Sequence[Occurrence], decisions: Decisions
) -> bool:
    """Hold what the group's last bump brought into the base and people took out again; returns whether there is any."""
    record, facts = application.stands.record, application.facts
    if record is None or record.state is not BumpState.MERGED or record.base != facts.base.branch:
        return False
    basis = read_basis(record.proposals)
    paths = frozenset(basis.blobs)
    stand = {_written(each) for each in landed(policy_file, occurrences, basis.proposed, paths)}
    gone = reverted(policy_file, occurrences, basis.proposed, paths, decisions)
    if (
        any(_written(each) not in basis.landed for each in gone)
        and application.parts.clock() < record.updated_at + SHOWN
    ):
        # GitHub may still show the base as it was before the merge.
        raise ComesAgain(record.updated_at + SHOWN)
    found = [each for each in gone if _written(each) in basis.landed and _written(each) not in basis.heard]
    for each in found:
        await application.parts.store.restrictions.lay(_hold(application, record, each))
        log.info("bump.reverted", repository=application.repository.full_name, policy=each.policy, tag=each.tag)
    await _remember(application, record, basis, stand, {_written(each) for each in found})
    if found:
        await tell(application.parts, application.repository)
    return bool(found)


async def _remember(
    application: Application, record: BumpRecord, basis: Basis, stand: set[str], found: set[str]
) -> None:
    """Note what was seen on the base, so that a revert is heard once: who resumes after it is not held again."""
    seen = tuple(sorted({*basis.landed, *stand}))
    heard = tuple(sorted({*basis.heard, *found} - stand))
    if (seen, heard) != (basis.landed, basis.heard):
        noted = replace(record, proposals=replace(basis, landed=seen, heard=heard).written())
        await application.parts.store.bumps.save_if(noted, record)


def _written(moved: Proposal | Reverted) -> str:
    return f"{moved.policy} {moved.wanted}"


def _hold(application: Application, record: BumpRecord, found: Reverted) -> RestrictionRecord:
    what = f"pull request #{record.pull_request}" if record.pull_request is not None else "its commit"
    return RestrictionRecord(
        repository=application.repository.id,
        policy=found.policy,
        kind=RestrictionKind.HOLD,
        tag=None,
        digest=found.digest,
        range=None,
        beyond=found.tag,
        until=None,
        reason=f"{what} was reverted on {record.base}",
        source=REVERT,
        by="",
        at=application.parts.clock(),
    )
