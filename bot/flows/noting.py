"""What keeps a group from going on, noted for its people: in the check, the pull request and the dashboard."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from bot.jobs.work import BumpRepository, ReportPolicyFile, UpdateDashboard
from bot.store import GroupNote, NoteKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.flows.parts import Parts
    from bot.store import Repository

log = structlog.get_logger()

SHORTLY = timedelta(seconds=10)
"""After which time a dashboard shows what happened: what happens together is shown together."""


CHANGE_REFUSED = "GitHub refused the change: "
"""How the note begins of what could not be written."""

NO_BASE = "The base branch "
"""How the note begins of a base that is not there."""


async def note(parts: Parts, repository: Repository, group: str, kind: NoteKind, sentence: str) -> None:
    """Keep why a group does not go on, and have it shown where that is news."""
    told = await parts.store.notes.get(repository.id, group)
    was_told = told is not None and told.told and told.kind is kind
    noted = GroupNote(repository.id, group, kind, sentence, parts.clock(), told=was_told)
    if not await parts.store.notes.put(noted):
        return
    log.warning("bump.noted", repository=repository.full_name, group=group, kind=kind.value, sentence=sentence)
    await tell(parts, repository)


async def clear(parts: Parts, repository: Repository, group: str, kinds: Collection[NoteKind]) -> None:
    """Forget what kept a group from going on, where it was one of these."""
    noted = await parts.store.notes.get(repository.id, group)
    if noted is None or noted.kind not in kinds:
        return
    await parts.store.notes.remove(repository.id, group)
    await tell(parts, repository)


async def tell(parts: Parts, repository: Repository) -> None:
    """Something is there to be told, or is over: have the check and the dashboard say so."""
    await parts.ask(ReportPolicyFile(repository.installation, repository.id))
    await show(parts, repository)


async def show(parts: Parts, repository: Repository) -> None:
    """Have a repository's dashboard brought up to date soon, if it may have one."""
    policy = await parts.store.repositories.policy(repository.id)
    is_asked_for = policy is not None and "dashboard" in (policy.text or "")
    if not is_asked_for and await parts.store.dashboards.get(repository.id) is None:
        return
    await parts.ask_later(UpdateDashboard(repository.installation, repository.id), parts.clock() + SHORTLY)


async def let_others_in(parts: Parts, repository: Repository) -> None:
    """A pull request is done with: have those groups looked at again that wait for its place."""
    waiting = [each.group for each in await parts.store.notes.of(repository.id) if each.kind is NoteKind.WAITING]
    await parts.ask(*(BumpRepository(repository.installation, repository.id, group) for group in waiting))
    await show(parts, repository)
