"""How things are with a bump, as its pull request shows it: what happens next, and what is in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.bumps import InTheWay, MergeReason, ShownState, laid_sentence, next_step, state_block, with_state
from bot.commands import commands_shown
from bot.flows.basis import read_basis
from bot.flows.holding import held
from bot.flows.remarks import laid_of
from bot.store import NoteKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.flows.application import Application, Decided
    from bot.selection import UpdateKind
    from bot.store import BumpRecord, GroupNote

log = structlog.get_logger()


async def shown_state(
    application: Application, decided: Decided, updates: Collection[UpdateKind | None], *, files: int, head: str = ""
) -> ShownState:
    """Gather what a group's pull request says about itself.

    `updates`: how far its images move. `files`: how many files it changes. `head`: where it stands, "" where that is
    still to be made; then what was noted and ordered about an earlier head is over.
    """
    store, repository = application.parts.store, application.repository.id
    noted = await store.notes.get(repository, application.group) if head else None
    ordered = await store.orders.get(repository, application.group)
    in_the_way = InTheWay(
        held=bool(held(decided.laid, decided.policies)),
        other_commits=bool(application.stands.people) and not application.anew,
        files=files,
        against=_against(application.stands.record, noted, head),
    )
    return ShownState(
        next_step=next_step(
            decided.policies[0].pull_request.auto_merge if decided.policies else None,
            updates,
            in_the_way,
            ordered_by=ordered.by if ordered is not None and head and ordered.head == head else "",
        ),
        restrictions=tuple(f"{laid_sentence(laid_of(record))}." for record in decided.laid),
        notes=(noted.sentence,) if noted is not None and noted.kind is not NoteKind.WAITING else (),
        commands=commands_shown(),
    )


def _against(record: BumpRecord | None, noted: GroupNote | None, head: str) -> str:
    """Say what keeps a pull request from being merged, as far as it was judged. Of a new head little is known yet."""
    if noted is not None and noted.kind is NoteKind.REFUSED:
        return "What keeps it stands above."
    against = read_basis(record.proposals).against if record is not None else None
    if against is None or (not head and against.reason != MergeReason.NO_REQUIRED_CHECK):
        return ""
    return against.sentence


async def bring_state_up_to_date(application: Application, decided: Decided) -> None:
    """Write the part of an open pull request's body anew that says how things are, where that has changed."""
    pull_request, record = application.stands.pull_request, application.stands.record
    if pull_request is None or record is None:
        return
    basis, head = read_basis(record.proposals), application.stands.head
    block = state_block(await shown_state(application, decided, basis.updates, files=len(basis.blobs), head=head))
    body = pull_request.body.replace("\r\n", "\n")
    now = with_state(body, block)
    if now == body:
        return
    await application.client.redescribe(pull_request.node, pull_request.title, now)
    log.info("pull_request.state_shown", repository=application.repository.full_name, number=pull_request.number)
