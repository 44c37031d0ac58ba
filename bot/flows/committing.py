"""Changes that a policy wants committed straight to a branch, without a pull request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.bumps import Open, Surroundings, describe, plan
from bot.flows.applying import editing, refused_is_noted
from bot.flows.carrying_out import base_of, decided_for, group_of
from bot.flows.noting import clear
from bot.flows.recording import record_of
from bot.flows.writing import text_of
from bot.github import CommitToBranch
from bot.store import BumpState, NoteKind

if TYPE_CHECKING:
    from bot.flows.application import Application, Decided, Edited

log = structlog.get_logger()


async def commit_straight(application: Application, branch: str) -> None:
    """Bring the files of a branch to what the group's policies want. The branch is made where it is missing."""
    application, decided = await decided_for(application)
    wished = plan(
        decided.policy_file,
        decided.occurrences,
        decided.decisions,
        (),
        (),
        base_of(application, default=True),
        application.parts.clock(),
    )
    for item in wished:
        if isinstance(item, Open) and group_of(item) == application.group:
            edited = await editing(application, decided, replace(item, branch=branch))
            if edited is not None:
                await _commit(application, decided, edited)
    await clear(application.parts, application.repository, application.group, frozenset(NoteKind))


async def _commit(application: Application, decided: Decided, edited: Edited) -> None:
    facts, branch = application.facts, edited.item.branch
    around = Surroundings(author=decided.policies[0].pull_request.author or "")
    text = describe(edited.item, edited.changes, decided.decisions, decided.unshown, around)
    exists = facts.base.branch == branch
    record = record_of(application, decided, edited)
    async with refused_is_noted(application):
        commit = await application.client.commit(
            CommitToBranch(
                node=facts.repository_node,
                branch=branch,
                head=facts.base.commit if exists else None,
                base_commit=facts.base.commit,
                tree=facts.base.tree,
                files=edited.files,
                modes=application.modes(edited.files),
                message=text_of(text),
            )
        )
    landed = replace(record, branch=branch, base=branch, head=commit, state=BumpState.MERGED)
    await application.parts.store.bumps.save(landed)
    log.info("branch.committed", repository=application.repository.full_name, branch=branch, commit=commit)
