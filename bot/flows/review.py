"""A pull request is reviewed: its change is judged by its base's policy file, in one check and a few comments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

import structlog

from bot.bumps import PullRequestState
from bot.flows.documentation import rules_page
from bot.flows.review_check import check_run_of, digest_of
from bot.flows.review_neighbours import with_neighbours
from bot.flows.review_record import record_of
from bot.flows.review_saying import is_ours, say
from bot.flows.review_unread import is_missing, not_read
from bot.flows.reviewed import look, place_of
from bot.github import Conclusion, NotFound, Unprocessable
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import FollowHead, ReviewHead, ReviewPullRequest

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.reviewed import Look
    from bot.github import RepositoryClient, ReviewFacts
    from bot.store import Repository, ReviewRecord

log = structlog.get_logger()

NOTHING_TO_JUDGE: Final = "nothing"
"""The digest of a review whose base has no policy file."""


@performs(ReviewPullRequest)
async def review_pull_request(work: ReviewPullRequest, parts: Parts) -> None:
    """Look at what a pull request changes, say it in a check run, and comment on the lines. Twice ends the same."""
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    client = parts.client(repository)
    facts = await client.review_facts(work.number)
    if facts is None or facts.state is not PullRequestState.OPEN or not facts.base_commit:
        await _forget(parts, work)
        return
    try:
        seen = await look(parts, repository, client, place_of(facts))
        if seen is None:
            await _note_nothing(parts, repository, facts, work)
        else:
            await _tell(parts, repository, client, facts, seen)
    except (NotFound, Unprocessable) as error:
        if not is_missing(error):
            raise
        await not_read(parts, repository, client, facts, error)
        return
    await say(parts, repository, client, facts, seen)
    if seen is not None and seen.report is not None and seen.report.again_on is not None:
        raise ComesAgain(datetime.combine(seen.report.again_on, time(), UTC))


async def _forget(parts: Parts, work: ReviewPullRequest) -> None:
    """Forget a pull request that is closed. Its review no longer counts for others that end at the same commit."""
    record = await parts.store.reviews.get(work.repository, work.number)
    if record is not None:
        await parts.store.reviews.remove(work.repository, work.number)
        await _ask_others(parts, work.installation, record)


async def _ask_others(parts: Parts, installation: int, left: ReviewRecord) -> None:
    """Have the pull requests reviewed that end at a commit which another one left."""
    others = await parts.store.reviews.all_by_head(left.repository, left.head)
    asked = [each.number for each in others if each.number != left.number]
    await parts.ask(*(ReviewPullRequest(installation, left.repository, number) for number in asked))


async def _note_nothing(parts: Parts, repository: Repository, facts: ReviewFacts, work: ReviewPullRequest) -> None:
    """Remember of the bot's own pull request that its base has no policy file: nobody need wait for a review."""
    if not await is_ours(parts, facts):
        await _forget(parts, work)
        return
    told = await parts.store.reviews.get(repository.id, facts.number)
    record = record_of(repository, facts, Conclusion.SUCCESS, parts.clock(), digest=NOTHING_TO_JUDGE)
    if told is None or (told.head, told.digest) != (record.head, record.digest):
        await parts.store.reviews.put(record)
        await parts.ask(FollowHead(repository.installation, repository.id, facts.head))


async def _tell(parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, seen: Look) -> None:
    """Make the check run, unless this commit has one already that says the same.

    How it ends is noted before that, so that of two reviews of one commit at the same time one sees the other.
    """
    own = check_run_of(seen, client.web_url, await rules_page(parts), facts.number)
    now = parts.clock()
    record = record_of(repository, facts, own.conclusion, now, merge_base=seen.change.merge_base)
    told = await parts.store.reviews.get(repository.id, facts.number)
    if told is None or told.head != facts.head:
        await parts.store.reviews.put(record)
    elif told.conclusion != record.conclusion:
        # It keeps its time where it is being tried again and again.
        await parts.store.reviews.put(replace(record, at=now if told.digest else told.at))
    check_run = await with_neighbours(parts, repository, client, facts, own)
    digest = digest_of(check_run)
    if told is None or (told.head, told.digest) != (facts.head, digest):
        await client.create_check_run(check_run)
        log.info(
            "pull_request.reviewed",
            repository=repository.full_name,
            number=facts.number,
            conclusion=check_run.conclusion.value,
            title=check_run.title,
        )
    await parts.store.reviews.put(replace(record, digest=digest))
    if await is_ours(parts, facts):
        # A merge may have been looked at between the check and this note, and waits for it.
        await parts.ask(FollowHead(repository.installation, repository.id, facts.head))
    if told is not None and told.head != facts.head:
        await _ask_others(parts, repository.installation, told)


@performs(ReviewHead)
async def review_head(work: ReviewHead, parts: Parts) -> None:
    """Somebody wants the check on a commit made again: it is, whatever it said, for each pull request that ends there.

    What was found is kept until then, because the check of one counts for the others.
    """
    for record in await parts.store.reviews.all_by_head(work.repository, work.head):
        await parts.store.reviews.put(replace(record, digest="", at=parts.clock()))
        await parts.ask(ReviewPullRequest(work.installation, work.repository, record.number))
