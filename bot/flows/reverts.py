"""A merged bump that people took back: what it brought is held until something better comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.bumps import reverted
from bot.flows.basis import read_basis
from bot.flows.noting import tell
from bot.selection import RestrictionKind
from bot.store import BumpState, RestrictionRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.bumps import Decisions, Reverted
    from bot.flows.application import Application
    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.store import BumpRecord

log = structlog.get_logger()

REVERT = "revert"
"""The source of what a revert laid."""


async def hold_what_was_reverted(
    application: Application, policy_file: PolicyFile, occurrences: Sequence[Occurrence], decisions: Decisions
) -> bool:
    """Hold what the group's last bump brought into the base and people took out again; returns whether there is any."""
    record, facts = application.stands.record, application.facts
    if record is None or record.state is not BumpState.MERGED or record.base != facts.base.branch:
        return False
    basis = read_basis(record.proposals)
    if basis.base == facts.base.commit:
        # GitHub still shows the base as it was before the merge.
        return False
    found = reverted(policy_file, occurrences, basis.proposed, frozenset(basis.blobs), decisions)
    for each in found:
        await application.parts.store.restrictions.lay(_hold(application, record, each))
        log.info("bump.reverted", repository=application.repository.full_name, policy=each.policy, tag=each.tag)
    if found:
        await tell(application.parts, application.repository)
    return bool(found)


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
