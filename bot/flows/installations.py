"""Who installed the bot, and where: installations and their repositories, always read again from GitHub."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog

from bot.flows.asking import Ask
from bot.flows.basis import read_basis
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import IndexRepository, ReportPolicyFile, SynchroniseInstallation, SynchroniseRepository
from bot.store import Installation, Repository

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.github import InstallationFacts, RepositoryFacts

log = structlog.get_logger()

Payload = dict[str, Any]


@process_event_actions("installation", {"created", "deleted", "suspend", "unsuspend", "new_permissions_accepted"})
@process_webhook_payload
async def on_installation(*, installation: Payload, **_: Any) -> tuple[Ask, ...]:
    """Somebody installed the App, removed it, or changed what it may do."""
    return (Ask(SynchroniseInstallation(installation["id"])),)


@process_event_actions("installation_repositories", {"added", "removed"})
@process_webhook_payload
async def on_installation_repositories(*, installation: Payload, **_: Any) -> tuple[Ask, ...]:
    """Somebody gave the App more repositories, or fewer."""
    return (Ask(SynchroniseInstallation(installation["id"])),)


@process_event_actions(
    "repository",
    {"created", "deleted", "renamed", "transferred", "archived", "unarchived", "edited", "privatized", "publicized"},
)
@process_webhook_payload
async def on_repository(*, repository: Payload, installation: Payload | None = None, **_: Any) -> tuple[Ask, ...]:
    """A repository got another name, owner, default branch or visibility, or is gone."""
    if installation is None:
        return ()
    return (Ask(SynchroniseRepository(installation["id"], repository["id"])),)


@performs(SynchroniseInstallation)
async def synchronise_installation(work: SynchroniseInstallation, parts: Parts) -> None:
    """Make the store agree with GitHub about one installation, and index what is new in it."""
    facts = await parts.github.installation(work.installation)
    if facts is None or not _may_install(facts, parts.allowed_accounts):
        await parts.store.installations.remove(work.installation)
        log.info("installation.removed", installation=work.installation)
        return
    before = await parts.store.installations.get(work.installation)
    if before is not None and before.suspended and not facts.suspended:
        await _reopen(parts, work.installation)
    await parts.store.installations.save(
        Installation(facts.id, facts.account, facts.account_type, suspended=facts.suspended)
    )
    if facts.suspended:
        return
    listed = {repository.id: repository for repository in await parts.github.repositories(work.installation)}
    known = {repository.id for repository in await parts.store.repositories.of_installation(work.installation)}
    for gone in known - listed.keys():
        await parts.store.repositories.remove(gone)
    for repository in listed.values():
        await _learn(parts, work.installation, repository)
    log.info("installation.synchronised", installation=work.installation, repositories=len(listed))
    unfinished = await parts.store.index.unfinished(work.installation)
    await parts.ask(*(IndexRepository(work.installation, repository) for repository in unfinished))


async def _reopen(parts: Parts, installation: int) -> None:
    """Nothing was heard of these repositories for a while: look at everything in them again."""
    for repository in await parts.store.repositories.of_installation(installation):
        await parts.store.index.reopen(repository.id)


async def _learn(parts: Parts, installation: int, facts: RepositoryFacts) -> None:
    """Keep what GitHub says of a repository; its index is open again where that was made for something else.

    A name or an owner decides which credentials may be used, so that is chosen anew with the index.
    """
    before = await parts.store.repositories.get(facts.id)
    now = _remembered(installation, facts)
    if before is not None and before != now:
        await parts.store.index.reopen(facts.id)
    await parts.store.repositories.save(now)
    if before is not None and before.private and not now.private:
        await _write_anew(parts, now)


async def _write_anew(parts: Parts, repository: Repository) -> None:
    """Have everything written anew that was told while only some could read it."""
    for bump in await parts.store.bumps.open_of(repository.id):
        basis = replace(read_basis(bump.proposals), blobs={})
        await parts.store.bumps.save(replace(bump, proposals=basis.written()))
    reported = await parts.store.repositories.reported(repository.id)
    if reported is not None and reported.digest:
        await parts.ask(ReportPolicyFile(repository.installation, repository.id))


@performs(SynchroniseRepository)
async def synchronise_repository(work: SynchroniseRepository, parts: Parts) -> None:
    """Make the store agree with GitHub about one repository, and index it again."""
    facts = await parts.github.repository_by_id(work.installation, work.repository)
    if facts is None:
        before = await parts.store.repositories.get(work.repository)
        # A late event of an installation that lost the repository says nothing about the one that has it now.
        if before is not None and before.installation == work.installation:
            await parts.store.repositories.remove(work.repository)
        return
    await _learn(parts, work.installation, facts)
    await parts.ask(IndexRepository(work.installation, work.repository))


def _may_install(facts: InstallationFacts, allowed: frozenset[str]) -> bool:
    return not allowed or facts.account.lower() in {account.lower() for account in allowed}


def _remembered(installation: int, facts: RepositoryFacts) -> Repository:
    return Repository(
        id=facts.id,
        installation=installation,
        full_name=facts.full_name,
        default_branch=facts.default_branch,
        private=facts.private,
        archived=facts.archived,
    )
