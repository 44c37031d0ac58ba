"""One group of images, one pull request: read the truth, ask the core for a plan, apply it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.bumps import PullRequestState
from bot.flows.application import Application
from bot.flows.carrying_out import carry_out
from bot.flows.closing import abandon, given_up
from bot.flows.committing import commit_straight
from bot.flows.noting import NO_BASE, clear, let_others_in, note
from bot.flows.remembered import remembered
from bot.flows.standing import Where, standing
from bot.github import Conflict, NotFound
from bot.jobs.performing import performs
from bot.jobs.work import (
    BumpRepository,
    FollowPullRequest,
    IndexRepository,
    MergeBump,
    RecreateBump,
)
from bot.store import BumpState, NoteKind

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.remembered import Remembered
    from bot.flows.standing import Standing
    from bot.github import BumpFacts, RepositoryClient
    from bot.store import Repository

log = structlog.get_logger()


@performs(FollowPullRequest)
async def follow_pull_request(work: FollowPullRequest, parts: Parts) -> None:
    """Look again at the bump whose pull request this is. Most pull requests are not the bot's, and cost one look.

    A push that the bot knows of, such as its own, is no news.
    """
    bump = await parts.store.bumps.by_pull_request(work.repository, work.number)
    if bump is not None and (not work.head or work.head != bump.seen_head):
        await parts.ask(BumpRepository(work.installation, work.repository, bump.group))


@performs(BumpRepository)
async def bump_repository(work: BumpRepository, parts: Parts) -> None:
    """Bring one group's pull request to what its policy wants now. Doing it twice ends the same."""
    await _bump(work, parts)


@performs(RecreateBump)
async def recreate_bump(work: RecreateBump, parts: Parts) -> None:
    """Make a group's branch anew, whatever stands on it, if it still stands where it was seen."""
    await _bump(work, parts)


async def _bump(work: BumpRepository | RecreateBump, parts: Parts) -> None:
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    known = await remembered(work, parts, repository)
    if known is None:
        return
    client = parts.client(repository)
    facts = await _facts(parts, repository, client, work.group, known)
    if facts is None:
        return
    if (facts.policy.oid if facts.policy else None) != known.policy_blob:
        # The index reads the new file first, and asks for this work again.
        await parts.ask(IndexRepository(work.installation, work.repository))
        return
    anew = isinstance(work, RecreateBump) and facts.branch_head is not None and facts.branch_head.oid == work.head
    stands = await standing(parts, repository, known.record, Where(work.group, known.branch, anew), facts)
    application = Application(parts, repository, client, work.group, facts, stands, anew=anew)
    if known.straight:
        await commit_straight(application, known.branch)
    else:
        await _bring_about(work, application, known)


async def _facts(
    parts: Parts, repository: Repository, client: RepositoryClient, group: str, known: Remembered
) -> BumpFacts | None:
    """Read what stands on GitHub. None: a base that the policy names is not there, which is noted."""
    try:
        if not known.straight or known.branch == repository.default_branch:
            return await client.bump_facts(known.base, known.branch, known.paths)
        try:
            return await client.bump_facts(known.branch, known.branch, known.paths)
        except NotFound:
            # The branch is still to be made.
            return await client.bump_facts(known.base, known.branch, known.paths)
    except NotFound:
        if known.base is None:
            raise
        sentence = f"{NO_BASE}{known.base} does not exist, so there is nothing to go into."
        await note(parts, repository, group, NoteKind.REFUSED, sentence)
        await _closed_with_its_base(parts, repository, client, known)
        return None


async def _closed_with_its_base(
    parts: Parts, repository: Repository, client: RepositoryClient, known: Remembered
) -> None:
    """GitHub closes a pull request whose base is deleted: nobody turned it down, and others may have its place."""
    record = known.record
    if record is None or record.pull_request is None or not record.state.living:
        return
    found = await client.pull_request(record.pull_request)
    if found is None or found.state is PullRequestState.CLOSED:
        over = replace(record, state=BumpState.CLOSED, fingerprint="", updated_at=parts.clock())
        if await parts.store.bumps.save_if(over, record):
            await let_others_in(parts, repository)


async def _bring_about(work: BumpRepository | RecreateBump, application: Application, known: Remembered) -> None:
    """Carry out what is wished, where the branch and the pull request are ours to move."""
    parts, repository, stands = application.parts, application.repository, application.stands
    left_alone = stands.foreign or _retargeted(stands, application.facts)
    over = known.over or _elsewhere(stands, application.facts)
    if left_alone is not None:
        log.warning("bump.left_alone", repository=repository.full_name, group=work.group, reason=left_alone)
        mend = " Delete the branch to let the bot go on." if stands.foreign and stands.pull_request is None else ""
        sentence = f"Branch {known.branch} is left alone: {left_alone}.{mend}"
        await note(parts, repository, work.group, NoteKind.STOPPED, sentence)
        if stands.pull_request is None:
            await given_up(parts, repository, stands.record)
    elif over is not None:
        await abandon(application, over)
        await clear(parts, repository, work.group, frozenset(NoteKind))
        await parts.ask(BumpRepository(work.installation, work.repository, work.group))
    else:
        await carry_out(await _with_head_noted(application), known.branch)


async def _with_head_noted(application: Application) -> Application:
    """Note since when the branch is known to stand where it does: commands are about what their writer could see."""
    stands, parts = application.stands, application.parts
    record = stands.record
    if record is None or stands.bump is None or record.seen_head == stands.head:
        return application
    noted = replace(record, seen_head=stands.head, seen_at=parts.clock())
    if not await parts.store.bumps.save_if(noted, record):
        raise Conflict("The bump was changed meanwhile; it is looked at again.")
    if noted.state is BumpState.OPEN and stands.people:
        # Somebody pushed: what waits in a merge queue has to leave it.
        await parts.ask(MergeBump(application.repository.installation, application.repository.id, application.group))
    return replace(application, stands=replace(stands, record=noted))


def _retargeted(stands: Standing, facts: BumpFacts) -> str | None:
    """Say why a pull request is not ours to move: a person gave it another base branch than we did."""
    bump, record = stands.bump, stands.record
    if bump is None or record is None or bump.base in {record.base, facts.base.branch}:
        return None
    return f"somebody let its pull request #{bump.pull_request} go to {bump.base}"


def _elsewhere(stands: Standing, facts: BumpFacts) -> str | None:
    """Say why the open bump has to make place for another one: the policy wants it on another base branch."""
    if stands.bump is None or stands.bump.base == facts.base.branch:
        return None
    return "The policy now asks for another base branch."
