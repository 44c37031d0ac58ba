"""Merge what a policy allows, once every required check is green. Nothing is merged on a hint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import MergeFacts, MergeReason, may_merge
from bot.flows.asking import Ask
from bot.flows.basis import read_basis
from bot.flows.policies import policies_in_force, policies_of
from bot.flows.workflows import NOT_PERMITTED
from bot.github import touches_workflows
from bot.github.events import process_event, process_event_actions, process_webhook_payload
from bot.jobs.performing import WaitUntil, performs
from bot.jobs.work import BumpRepository, FollowHead, MergeBump
from bot.policies import PolicyFileError
from bot.store import BumpState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.github import MergePullRequestFacts, RepositoryClient
    from bot.policies import AutoMerge, MergeMethod
    from bot.store import BumpRecord

log = structlog.get_logger()

Payload = dict[str, Any]

GITHUB_THINKS = timedelta(seconds=5)
"""How long GitHub usually needs to work out whether a pull request can be merged."""

LONGEST_WAIT = timedelta(hours=1)
"""How long a closed window is waited for at a time: the policy file may change, and then it is another window."""

ENDED = {MergeReason.MERGED: BumpState.MERGED, MergeReason.CLOSED: BumpState.CLOSED}


def _follow(repository: Payload, installation: Payload | None, head: str) -> tuple[Ask, ...]:
    if installation is None:
        return ()
    return (Ask(FollowHead(installation["id"], repository["id"], head)),)


@process_event_actions("check_run", {"completed", "rerequested"})
@process_webhook_payload
async def on_check_run(
    *, check_run: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """A check ended somewhere; perhaps on a commit of ours."""
    return _follow(repository, installation, check_run["head_sha"])


@process_event_actions("check_suite", {"completed"})
@process_webhook_payload
async def on_check_suite(
    *, check_suite: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """All checks of one App ended on a commit."""
    return _follow(repository, installation, check_suite["head_sha"])


@process_event("status")
@process_webhook_payload
async def on_status(*, sha: str, repository: Payload, installation: Payload | None = None, **_: Any) -> tuple[Ask, ...]:
    """A commit status changed."""
    return _follow(repository, installation, sha)


@process_event_actions("pull_request_review", {"submitted", "dismissed"})
@process_webhook_payload
async def on_review(
    *, pull_request: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """Somebody judged a pull request; perhaps that was the last thing it waited for."""
    return _follow(repository, installation, pull_request["head"]["sha"])


@process_event_actions("merge_group", {"checks_requested", "destroyed"})
@process_webhook_payload
async def on_merge_group(
    *, merge_group: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """A merge queue took up or dropped a group; its parent may be a commit of ours."""
    return _follow(repository, installation, merge_group["head_sha"])


@performs(FollowHead)
async def follow_head(work: FollowHead, parts: Parts) -> None:
    """Ask for the merge of the bump whose commit this is. Most commits are nobody's, and cost one look."""
    bump = await parts.store.bumps.by_head(work.repository, work.head)
    if bump is not None and bump.state is BumpState.OPEN:
        await parts.ask(MergeBump(work.installation, work.repository, bump.group))


@performs(MergeBump)
async def merge_bump(work: MergeBump, parts: Parts) -> None:
    """Read the truth about one pull request, ask the core, and merge if it may be."""
    repository = await parts.store.repositories.get(work.repository)
    bump = await parts.store.bumps.get(work.repository, work.group)
    if repository is None or repository.archived or bump is None or bump.state is not BumpState.OPEN:
        return
    assert bump.pull_request is not None
    client = parts.client(repository)
    found = await client.merge_facts(bump.pull_request)
    facts = await _facts(work, parts, bump, found)
    verdict = may_merge(facts, parts.clock())
    log.info(
        "merge.judged",
        repository=repository.full_name,
        number=bump.pull_request,
        allowed=verdict.allowed,
        reason=verdict.reason.value,
        sentence=verdict.sentence,
    )
    if verdict.allowed and not _is_judged(bump, found):
        log.info("merge.policy_changed", repository=repository.full_name, number=bump.pull_request)
        await parts.ask(BumpRepository(work.installation, work.repository, work.group))
    elif verdict.allowed and not await _is_permitted(client, bump):
        log.warning("merge.not_permitted", repository=repository.full_name, number=found.number, sentence=NOT_PERMITTED)
        await parts.ask(BumpRepository(work.installation, work.repository, work.group))
    elif verdict.allowed and facts.auto_merge is not None:
        await _merge(parts, client, bump, found, facts.auto_merge.method)
    elif verdict.reason is MergeReason.UPDATE_NOT_ALLOWED and not read_basis(bump.proposals).tells_updates:
        await parts.ask(BumpRepository(work.installation, work.repository, work.group))
    elif verdict.reason in ENDED:
        await parts.store.bumps.save(replace(bump, state=ENDED[verdict.reason], updated_at=parts.clock()))
    elif verdict.reason is MergeReason.WAITING_FOR_GITHUB:
        raise WaitUntil(parts.clock() + GITHUB_THINKS, verdict.sentence)
    elif verdict.opens_at is not None:
        raise WaitUntil(min(verdict.opens_at, parts.clock() + LONGEST_WAIT), verdict.sentence)


def _is_judged(bump: BumpRecord, found: MergePullRequestFacts) -> bool:
    """Whether the bump was compared with the policy file as it is now; else that comes first, and asks for this."""
    return found.policy is not None and read_basis(bump.proposals).policy == found.policy.oid


async def _is_permitted(client: RepositoryClient, bump: BumpRecord) -> bool:
    """Whether the App may still write what the bump holds; else the bump is made anew without it."""
    return not _touches_workflows(bump) or await client.may_write_workflows()


def _touches_workflows(bump: BumpRecord) -> bool:
    return touches_workflows(read_basis(bump.proposals).blobs)


async def _merge(
    parts: Parts, client: RepositoryClient, bump: BumpRecord, found: MergePullRequestFacts, method: MergeMethod
) -> None:
    if found.merge_queue:
        await client.enqueue(found.node, found.head, workflows=_touches_workflows(bump))
        log.info("pull_request.queued", repository=client.full_name, number=found.number)
        return
    merged = await client.merge(found.number, found.head, method, workflows=_touches_workflows(bump))
    await parts.store.bumps.save(replace(bump, state=BumpState.MERGED, updated_at=parts.clock()))
    log.info("pull_request.merged", repository=client.full_name, number=found.number, commit=merged.commit)


async def _facts(work: MergeBump, parts: Parts, bump: BumpRecord, found: MergePullRequestFacts) -> MergeFacts:
    return MergeFacts(
        state=found.state,
        draft=found.draft,
        author_login=found.author_login,
        bot_login=(await parts.github.identity()).bot_login,
        head=found.head,
        recorded_head=bump.head,
        base_branch=found.base_branch,
        recorded_base=bump.base,
        mergeable=found.mergeable,
        checks=found.checks,
        required=found.required,
        auto_merge=await _auto_merge(work, parts, found),
        in_merge_queue=found.in_merge_queue,
        updates=read_basis(bump.proposals).updates,
    )


async def _auto_merge(work: MergeBump, parts: Parts, found: MergePullRequestFacts) -> AutoMerge | None:
    """Read what the default branch's policy file says now; a file that is not understood allows nothing."""
    if found.policy is None:
        return None
    try:
        policy_file = await policies_of(parts, work.repository, found.policy.text)
    except PolicyFileError:
        # Where it was understood once, this lets it be told that it no longer is.
        await policies_in_force(parts, work.installation, work.repository)
        return None
    policies = [policy for policy in policy_file.images if policy.group == work.group and policy.enabled]
    return policies[0].pull_request.auto_merge if policies and policy_file.enabled else None
