"""Merge what a policy allows, once every required check is green. Nothing is merged on a hint."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import MergeReason, may_merge
from bot.flows.asking import Ask
from bot.flows.basis import read_basis
from bot.flows.closing import turned_down
from bot.flows.judging import MOST_TRIES, Judging, judged
from bot.flows.merge_notes import (
    LONGEST_WAIT,
    forget_refusals_that_are_over,
    keep,
    keep_verdict,
    pause,
    refusal_is_over,
    refused,
    refused_as_behind,
)
from bot.flows.merge_queue import dequeue, enqueue, is_given_up, next_look
from bot.flows.noting import clear, let_others_in
from bot.flows.policies import policies_in_force
from bot.flows.remembered import of_group
from bot.flows.review_check import CHECK_NAME
from bot.flows.review_groups import asked_again
from bot.flows.workflows import NOT_PERMITTED
from bot.github import CommitText, MergeRefused, Permission, touches_workflows
from bot.github.events import process_event, process_event_actions, process_webhook_payload
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import BumpRepository, FollowHead, MergeBump, PressButton, RecreateBump, ReviewHead
from bot.policies import MergeMethod
from bot.store import BumpState, NoteKind

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.store import BumpRecord

log = structlog.get_logger()

Payload = dict[str, Any]

GITHUB_THINKS = timedelta(seconds=5)
"""How long GitHub usually needs to work out whether a pull request can be merged."""

ENDED = {MergeReason.MERGED: BumpState.MERGED, MergeReason.CLOSED: BumpState.CLOSED}


def _follow(repository: Payload, installation: Payload | None, head: str) -> tuple[Ask, ...]:
    if installation is None:
        return ()
    return (Ask(FollowHead(installation["id"], repository["id"], head)),)


@process_event_actions("check_run", {"completed", "rerequested", "requested_action"})
@process_webhook_payload
async def on_check_run(
    *,
    action: str,
    check_run: Payload,
    repository: Payload,
    requested_action: Payload | None = None,
    sender: Payload | None = None,
    installation: Payload | None = None,
    **_: Any,
) -> tuple[Ask, ...]:
    """A check ended somewhere, perhaps on a commit of ours; or somebody wants something of the bot's own check."""
    head = check_run["head_sha"]
    if action == "completed" or installation is None or check_run.get("name") != CHECK_NAME:
        return _follow(repository, installation, head)
    place = (installation["id"], repository["id"], head)
    if action == "rerequested":
        group = asked_again(installation["id"], repository["id"], check_run)
        return (Ask(group or ReviewHead(*place)), *_follow(repository, installation, head))
    button, who, about = (requested_action or {}).get("identifier"), sender or {}, str(check_run.get("external_id"))
    if not isinstance(button, str) or who.get("type") != "User" or not about.isdecimal() or not about.isascii():
        return ()
    return (Ask(PressButton(*place, check_run["id"], int(about), button, str(who.get("login")))),)


@process_event_actions("check_suite", {"completed", "rerequested"})
@process_webhook_payload
async def on_check_suite(
    *, action: str, check_suite: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """All checks of one App ended on a commit, or somebody wants ours to be made again."""
    head = check_suite["head_sha"]
    again = (Ask(ReviewHead(installation["id"], repository["id"], head)),) if installation is not None else ()
    return (*(again if action == "rerequested" else ()), *_follow(repository, installation, head))


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
    if not await _may_ever(work, parts, bump):
        bump_work = BumpRepository(work.installation, work.repository, work.group)
        await refusal_is_over(parts, repository, bump_work)
        return
    assert bump.pull_request is not None
    client = parts.client(repository)
    found = await client.merge_facts(bump.pull_request, sorted(read_basis(bump.proposals).blobs))
    known = await judged(work, parts, bump, found)
    verdict = may_merge(known.facts, parts.clock())
    log.info(
        "merge.judged",
        repository=repository.full_name,
        number=bump.pull_request,
        allowed=verdict.allowed,
        reason=verdict.reason.value,
        sentence=verdict.sentence,
    )
    judging = Judging(parts, repository, client, bump, found, known, verdict)
    if verdict.allowed:
        await _merge_if_nothing_changed(judging)
    else:
        await _not_now(judging)


async def _may_ever(work: MergeBump, parts: Parts, bump: BumpRecord) -> bool:
    """Whether anything lets the bot merge at all, or it once did: else nobody outside is asked."""
    if await parts.store.orders.get(work.repository, work.group) or read_basis(bump.proposals).queued:
        return True
    policy_file = await policies_in_force(parts, work.installation, work.repository)
    policies = of_group(policy_file, work.group) if policy_file else []
    return any(policy.pull_request.auto_merge is not None for policy in policies)


async def _merge_if_nothing_changed(judging: Judging) -> None:
    """Merge, unless what the bump was made for has changed meanwhile: then it is compared with that first."""
    parts, bump, found = judging.parts, judging.bump, judging.found
    if not await _may_still_be_ordered(judging):
        await parts.store.orders.remove(bump.repository, bump.group)
        await parts.ask(MergeBump(judging.repository.installation, judging.repository.id, bump.group))
    elif not judging.judged.is_compared:
        log.info("merge.policy_changed", repository=judging.repository.full_name, number=bump.pull_request)
        await parts.ask(judging.bump_work)
    elif _touches_workflows(bump) and not await judging.client.may_write_workflows():
        # The bump is made anew without what the App may not write any more.
        log.warning("merge.not_permitted", number=found.number, sentence=NOT_PERMITTED)
        await parts.ask(judging.bump_work)
    elif found.merge_queue:
        await enqueue(judging)
    else:
        await _merge(judging)


def _touches_workflows(bump: BumpRecord) -> bool:
    return touches_workflows(read_basis(bump.proposals).blobs)


async def _may_still_be_ordered(judging: Judging) -> bool:
    """Whether the person who ordered the merge may still write: an order does not outlive its author's rights."""
    order = judging.judged.facts.order
    if order is None or not judging.judged.facts.is_ordered:
        return True
    return await judging.client.permission(order.by) >= Permission.WRITE


async def _merge(judging: Judging) -> None:
    """Merge. What GitHub refuses is noted, and tried again when something happens: a review, a check, a push."""
    bump, found = judging.bump, judging.found
    method, workflows, text = _method(judging), _touches_workflows(bump), _text(judging)
    try:
        merged = await judging.client.merge(found.number, found.head, method, workflows=workflows, text=text)
    except MergeRefused as error:
        if error.base_moved:
            raise
        await keep(judging.parts, bump, lambda basis: replace(basis, against=None, awaited=None))
        await refused(judging, f"GitHub refused it: {error.message}")
        return
    await _ended(judging, BumpState.MERGED)
    log.info("pull_request.merged", repository=judging.repository.full_name, number=found.number, commit=merged.commit)


def _text(judging: Judging) -> CommitText | None:
    """Take the words of the bot's own newest commit: the policy's, whatever stands in the title by now.

    With commits of others it is GitHub's own message, which names them.
    """
    commits = judging.found.commits
    if judging.judged.facts.foreign or not commits:
        return None
    headline, _, body = commits[-1].message.partition("\n")
    return CommitText(headline, body.strip())


def _method(judging: Judging) -> MergeMethod:
    """Choose how to merge: as the policy says, and where it says nothing as the repository allows it."""
    auto_merge = judging.judged.facts.auto_merge
    if auto_merge is not None:
        return auto_merge.method
    return next(iter(judging.found.methods), MergeMethod.SQUASH)


async def _ended(judging: Judging, state: BumpState) -> None:
    """Note the end of a pull request, and let those in that waited for its place."""
    parts, bump = judging.parts, replace(judging.bump, state=state, updated_at=judging.parts.clock())
    if state is BumpState.CLOSED:
        await turned_down(parts, judging.repository, bump)
    await parts.store.bumps.save(bump)
    await parts.store.orders.remove(bump.repository, bump.group)
    await clear(parts, judging.repository, bump.group, frozenset(NoteKind))
    await let_others_in(parts, judging.repository)


async def _not_now(judging: Judging) -> None:
    """Do what follows from a verdict against merging: leave the queue, put the bump right, or wait."""
    parts, bump, found, verdict = judging.parts, judging.bump, judging.found, judging.verdict
    is_queued_by_us = found.in_merge_queue and found.queued_by == judging.judged.facts.bot_login
    if is_queued_by_us and verdict.reason.leaves_queue:
        await dequeue(judging)
    match verdict.reason:
        case MergeReason.MERGED | MergeReason.CLOSED:
            await _ended(judging, ENDED[verdict.reason])
            return
        case MergeReason.UPDATE_NOT_ALLOWED if not judging.basis.tells_updates:
            await parts.ask(judging.bump_work)
        case MergeReason.NOT_AS_PLANNED | MergeReason.CONFLICT:
            await parts.ask(judging.bump_work)
        case MergeReason.BEHIND if judging.is_the_bots_alone:
            installation, repository = judging.repository.installation, judging.repository.id
            await parts.ask(RecreateBump(installation, repository, bump.group, found.head))
        case MergeReason.BEHIND:
            await refused_as_behind(judging)
        case MergeReason.EVICTED if is_given_up(judging):
            await refused(judging, f"the merge queue dropped it {MOST_TRIES} times.")
            return
    await forget_refusals_that_are_over(judging)
    await keep_verdict(judging)
    _wait(judging)


def _wait(judging: Judging) -> None:
    """Come back when time alone may have brought another verdict, or sooner if somebody asks.

    Checks tell by themselves when they are done.
    """
    verdict, now = judging.verdict, judging.parts.clock()
    if verdict.reason is MergeReason.WAITING_FOR_GITHUB:
        raise ComesAgain(now + pause(judging, GITHUB_THINKS))
    if verdict.reason in {MergeReason.IN_MERGE_QUEUE, MergeReason.EVICTED}:
        raise ComesAgain(now + next_look(judging))
    if verdict.opens_at is not None:
        raise ComesAgain(min(verdict.opens_at, now + LONGEST_WAIT))
