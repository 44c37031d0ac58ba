"""An installation's credentials changed: choose again who reads what, and look at what somebody else reads now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.flows.following import follow
from bot.flows.policies import policies_in_force
from bot.flows.promotions_hindered import STOPPED
from bot.flows.remarks import may_tell
from bot.jobs.performing import performs
from bot.jobs.work import ChooseReaders, PromoteImage, ReportPolicyFile, ScanImage

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.store import Repository

log = structlog.get_logger()


@performs(ChooseReaders)
async def choose_readers(work: ChooseReaders, parts: Parts) -> None:
    """Note anew who reads the images of an installation's repositories; what changed is read and told.

    A new secret of a known credential changes no reader: what cannot be read at the moment is asked for at once.
    """
    before = await parts.store.index.followed_images(work.installation)
    unread = [image for image in before if await _failed(parts, image)]
    repositories = await parts.store.repositories.of_installation(work.installation)
    for repository in repositories:
        read = await parts.store.repositories.policy(repository.id)
        policy_file = None if repository.archived else await policies_in_force(parts, work.installation, repository.id)
        if policy_file is None:
            continue
        await follow(parts, repository, policy_file)
        await _go_on(parts, repository)
        if await parts.store.repositories.policy(repository.id) != read:
            # The index read another policy file meanwhile, and this may have overwritten what it noted.
            await parts.ask(work)
        if await may_tell(parts, repository, policy_file):
            await parts.ask(ReportPolicyFile(work.installation, repository.id))
    now = await parts.store.index.followed_images(work.installation)
    wanted = (set(now) - set(before)) | (set(unread) & set(now))
    await parts.ask(*(ScanImage(*image) for image in sorted(wanted)))
    log.info("readers.chosen", installation=work.installation, repositories=len(repositories), images=len(wanted))


async def _go_on(parts: Parts, repository: Repository) -> None:
    """Have the promotions looked at again that a person has to help on, for this may have been it."""
    for state in STOPPED:
        runs = await parts.store.promotions.of(repository.id, state=state)
        await parts.ask(*(PromoteImage(repository.installation, repository.id, run.id) for run in runs))


async def _failed(parts: Parts, image: tuple[str, str, str]) -> bool:
    state = await parts.store.ledger.scan_state(*image)
    return state is not None and state.error is not None
