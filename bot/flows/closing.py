"""The end of a pull request that was not merged: closed by the bot with a word, or turned down by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.bumps import prose, standing
from bot.flows.basis import read_basis
from bot.flows.noting import let_others_in, tell
from bot.selection import RestrictionKind
from bot.store import BumpState, RestrictionRecord

if TYPE_CHECKING:
    from bot.flows.application import Application
    from bot.flows.parts import Parts
    from bot.store import BumpRecord, Repository

log = structlog.get_logger()


async def abandon(application: Application, sentence: str) -> None:
    """Close our pull request, if there is one, with a word, and take its branch away; `sentence` says why.

    A branch on which people committed stays, for their work is nowhere else.
    """
    parts, repository = application.parts, application.repository
    record, stands = application.stands.record, application.stands
    if record is not None:
        # No fingerprint: it was not a person who closed it, so the same wish may come again.
        record = replace(record, fingerprint="", updated_at=parts.clock())
        await parts.store.bumps.save(record)
    if stands.bump is not None and stands.bump.pull_request is not None:
        assert stands.pull_request is not None
        words = f"Closed, for this is not needed any more. {prose(sentence)}"
        await application.client.close_with_words(stands.pull_request.node, words)
        if not stands.people:
            await application.client.delete_branch(stands.bump.branch, stands.bump.head)
        log.info(
            "pull_request.closed",
            repository=repository.full_name,
            number=stands.bump.pull_request,
            reason=sentence,
        )
    if record is not None:
        await parts.store.bumps.save(replace(record, state=BumpState.CLOSED))
        await parts.store.orders.remove(repository.id, application.group)
        await let_others_in(parts, repository)


async def given_up(parts: Parts, repository: Repository, record: BumpRecord | None) -> None:
    """An opening was begun that came to nothing, and nothing of it is wished any more: others may have its place."""
    if record is None or record.state is not BumpState.OPENING:
        return
    # No fingerprint: nobody turned it down, so the same wish may come again.
    over = replace(record, state=BumpState.CLOSED, fingerprint="", updated_at=parts.clock())
    if await parts.store.bumps.save_if(over, record):
        await parts.store.orders.remove(repository.id, record.group)
        await let_others_in(parts, repository)


async def turned_down(parts: Parts, repository: Repository, record: BumpRecord) -> None:
    """A person closed a pull request: "not this version". What it proposed is ignored until something better comes."""
    if record.pull_request is None or not record.fingerprint:
        return
    for proposal in read_basis(record.proposals).proposed:
        # A pin would bring the very same again.
        pin = frozenset({RestrictionKind.PIN})
        await parts.store.restrictions.lift(record.repository, pin, policies={proposal.policy}, tag=proposal.selected)
        await parts.store.restrictions.lay(
            RestrictionRecord(
                repository=record.repository,
                policy=proposal.policy,
                kind=RestrictionKind.IGNORE,
                tag=None,
                digest=proposal.digest if standing(proposal.current).meant == proposal.selected else None,
                range=None,
                beyond=proposal.selected,
                until=None,
                reason=f"pull request #{record.pull_request} was closed",
                source=closing_of(record.pull_request),
                by="",
                at=parts.clock(),
            )
        )
    await tell(parts, repository)


async def taken_up_again(parts: Parts, repository: Repository, record: BumpRecord) -> None:
    """A person reopened a pull request: what its closing said holds no longer."""
    if record.pull_request is not None:
        kinds = frozenset({RestrictionKind.IGNORE})
        lifted = await parts.store.restrictions.lift(repository.id, kinds, source=closing_of(record.pull_request))
        if lifted:
            await tell(parts, repository)


def closing_of(number: int) -> str:
    """Name the closing of a pull request as the source of what it laid."""
    return f"pull-request:{number}"
