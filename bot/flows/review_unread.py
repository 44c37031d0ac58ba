"""A commit that GitHub does not show (yet) is asked for again, and in the end its check says so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.bumps import PullRequestState
from bot.flows.review_check import CHECK_NAME
from bot.flows.review_record import record_of
from bot.github import CheckRun, Conclusion, NotFound, Unprocessable
from bot.jobs.performing import WaitUntil
from bot.jobs.work import ReviewPullRequest
from bot.safe_text import code

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.github import GitHubError, RepositoryClient, ReviewFacts
    from bot.store import Repository

log = structlog.get_logger()

AGAIN_AFTER: Final = timedelta(seconds=30)
PATIENCE: Final = timedelta(seconds=150)
"""GitHub may take a moment until a commit that was pushed is shown everywhere."""

UNREAD: Final = "unread"
"""The digest of a review that could not be made."""

TITLE: Final = "The change could not be read"


def is_missing(error: GitHubError) -> bool:
    """Whether an error says that there is no such commit: GitHub says 404, or 422 where a check is to be made on it."""
    return isinstance(error, NotFound) or (isinstance(error, Unprocessable) and "no commit found" in str(error).lower())


async def not_read(
    parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, error: GitHubError
) -> None:
    """Ask for the review again where the pull request has moved on; else try it for some time, and then tell why not.

    Raises WaitUntil.
    """
    log.info("review.not_read", repository=repository.full_name, number=facts.number, reason=str(error))
    found = await client.review_facts(facts.number)
    if found is None or found.state is not PullRequestState.OPEN:
        return
    if found.head != facts.head:
        await parts.ask(ReviewPullRequest(repository.installation, repository.id, facts.number))
        return
    record = await parts.store.reviews.get(repository.id, facts.number)
    told = record.digest if record is not None and record.head == facts.head else None
    if told == UNREAD:
        return
    now = parts.clock()
    since = record.at if record is not None and told == "" else now
    if told != "":
        await parts.store.reviews.put(record_of(repository, facts, None, now))
    if now - since < PATIENCE:
        raise WaitUntil(now + AGAIN_AFTER, f"GitHub does not show {facts.head} yet")
    if facts.policy is not None:
        await _tell(client, facts)
    await parts.store.reviews.put(record_of(repository, facts, Conclusion.NEUTRAL, now, digest=UNREAD))


async def _tell(client: RepositoryClient, facts: ReviewFacts) -> None:
    summary = (
        f"GitHub did not show what lies between this commit and the base branch {code(facts.base_branch)}: perhaps they"
        " have no common history. Nothing was judged. The next push, or making this check again, tries once more."
    )
    try:
        await client.create_check_run(CheckRun(facts.head, CHECK_NAME, Conclusion.NEUTRAL, TITLE, summary))
    except (NotFound, Unprocessable) as error:
        log.warning("review.cannot_tell", number=facts.number, reason=str(error))
