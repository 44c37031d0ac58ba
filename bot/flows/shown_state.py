"""How things are with a bump, as its pull request shows it: what happens next, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.bumps import ShownState, laid_sentence, next_step, state_block, with_state
from bot.commands import commands_shown
from bot.flows.basis import read_basis
from bot.flows.remarks import laid_of
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.flows.application import Application, Decided
    from bot.selection import UpdateKind

log = structlog.get_logger()


async def shown_state(application: Application, decided: Decided, updates: Collection[UpdateKind | None]) -> ShownState:
    """Gather what a group's pull request says about itself; `updates`: how far its images move."""
    store, repository = application.parts.store, application.repository.id
    noted = await store.notes.get(repository, application.group)
    ordered = await store.orders.get(repository, application.group)
    has_other_commits = bool(application.stands.people) and not application.anew
    return ShownState(
        next_step=next_step(
            decided.policies[0].pull_request.auto_merge if decided.policies else None,
            updates,
            ordered_by=ordered.by if ordered is not None else "",
            has_other_commits=has_other_commits,
        ),
        restrictions=tuple(f"{laid_sentence(laid_of(record))}." for record in decided.laid),
        notes=(noted.sentence,) if noted is not None and noted.kind is not NoteKind.WAITING else (),
        commands=commands_shown(),
    )


async def bring_state_up_to_date(application: Application, decided: Decided) -> None:
    """Write the part of an open pull request's body anew that says how things are, where that has changed."""
    pull_request, record = application.stands.pull_request, application.stands.record
    if pull_request is None or record is None:
        return
    updates = read_basis(record.proposals).updates
    block = state_block(await shown_state(application, decided, updates))
    body = pull_request.body.replace("\r\n", "\n")
    now = with_state(body, block)
    if now == body:
        return
    await application.client.redescribe(pull_request.node, pull_request.title, now)
    log.info("pull_request.state_shown", repository=application.repository.full_name, number=pull_request.number)
