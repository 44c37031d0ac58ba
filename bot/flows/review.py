"""A pull request is reviewed: its change is judged by its base's policy file, in one check and a few comments."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import structlog

from bot.bumps import PullRequestState
from bot.flows.asking import Ask
from bot.flows.documentation import rules_page
from bot.flows.review_check import check_run_of, digest_of
from bot.flows.review_saying import say
from bot.flows.reviewed import Place, look
from bot.github import NotFound
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import ReviewHead, ReviewMergeGroup, ReviewPullRequest
from bot.store import ReviewRecord

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.reviewed import Look
    from bot.github import RepositoryClient, ReviewFacts
    from bot.store import Repository

log = structlog.get_logger()

Payload = dict[str, Any]


@process_event_actions("merge_group", {"checks_requested"})
@process_webhook_payload
async def on_merge_group(
    *, merge_group: Payload, repository: Payload, installation: Payload | None = None, **_: Any
) -> tuple[Ask, ...]:
    """A merge queue built a commit, and waits for the checks on it."""
    if installation is None:
        return ()
    branch = str(merge_group["base_ref"]).removeprefix("refs/heads/")
    head, base = merge_group["head_sha"], merge_group["base_sha"]
    return (Ask(ReviewMergeGroup(installation["id"], repository["id"], head, base, branch)),)


@performs(ReviewPullRequest)
async def review_pull_request(work: ReviewPullRequest, parts: Parts) -> None:
    """Look at what a pull request changes, say it in a check run, and comment on the lines. Twice ends the same."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    client = parts.client(repository)
    facts = await client.review_facts(work.number)
    seen = None
    if facts is not None and facts.state is PullRequestState.OPEN and facts.base_commit:
        seen = await _look(parts, repository, client, facts)
    if facts is None or seen is None:
        await parts.store.reviews.remove(repository.id, work.number)
        return
    await _tell(parts, repository, client, facts, seen)
    await say(parts, repository, client, facts, seen)
    if seen.report is not None and seen.report.again_on is not None:
        raise ComesAgain(datetime.combine(seen.report.again_on, time(), UTC))


async def _look(parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts) -> Look | None:
    """Judge a pull request; None: there is nothing to judge it by, or its head has gone by now."""
    place = Place(
        base=facts.base_commit,
        head=facts.head,
        branch=facts.base_branch,
        policy=facts.policy,
        is_default=facts.base_branch == facts.default_branch,
        is_trusted=not facts.cross_repository,
    )
    try:
        return await look(parts, repository, client, place)
    except NotFound as error:
        # Somebody pushed over it meanwhile, which asks for another review; or it has no history with its base.
        log.info("review.head_gone", repository=repository.full_name, number=facts.number, reason=str(error))
        return None


async def _tell(parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, seen: Look) -> None:
    """Make the check run, unless this commit has one already that says the same."""
    check_run = check_run_of(seen, client.web_url, await rules_page(parts), facts.number)
    record = ReviewRecord(
        repository=repository.id,
        number=facts.number,
        head=facts.head,
        merge_base=seen.change.merge_base,
        policy=facts.policy.oid if facts.policy is not None else "",
        digest=digest_of(check_run),
        conclusion=check_run.conclusion.value,
        cross_repository=facts.cross_repository,
        at=parts.clock(),
        again_at=None,
    )
    told = await parts.store.reviews.get(repository.id, facts.number)
    if told is None or (told.head, told.digest) != (record.head, record.digest):
        await client.create_check_run(check_run)
        log.info(
            "pull_request.reviewed",
            repository=repository.full_name,
            number=facts.number,
            conclusion=check_run.conclusion.value,
            title=check_run.title,
        )
    await parts.store.reviews.put(record)


@performs(ReviewHead)
async def review_head(work: ReviewHead, parts: Parts) -> None:
    """Somebody wants the check on a commit made again: it is, whatever it said."""
    record = await parts.store.reviews.by_head(work.repository, work.head)
    if record is not None:
        await parts.store.reviews.remove(work.repository, record.number)
        await parts.ask(ReviewPullRequest(work.installation, work.repository, record.number))


@performs(ReviewMergeGroup)
async def review_merge_group(work: ReviewMergeGroup, parts: Parts) -> None:
    """Judge what a merge queue is about to merge. It is nobody's pull request, so there is a check and no comment."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    client = parts.client(repository)
    try:
        base = await client.head(work.branch)
        policy = None if base is None else base.policy
        is_default = work.branch == repository.default_branch
        place = Place(work.base, work.head, work.branch, policy, is_default=is_default, is_trusted=False)
        seen = await look(parts, repository, client, place)
    except NotFound as error:
        log.info("review.merge_group_gone", repository=repository.full_name, head=work.head, reason=str(error))
        return
    if seen is not None:
        check_run = check_run_of(seen, client.web_url, await rules_page(parts))
        await client.create_check_run(check_run)
        log.info("merge_group.reviewed", repository=repository.full_name, head=work.head)
