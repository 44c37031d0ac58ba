"""Pull requests that end at one commit share its check, so the worst of their reviews is how it ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.bumps import PullRequestState
from bot.github import Conclusion
from bot.safe_text import code, visible

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.github import CheckRun, RepositoryClient, ReviewFacts
    from bot.store import Repository

MOST_ASKED: Final = 10
"""Other pull requests at one commit that are asked after in one review."""

_BADNESS: Final = {Conclusion.NEUTRAL.value: 1, Conclusion.FAILURE.value: 2}
_ENDS: Final = {1: "is neutral", 2: "fails"}


async def with_neighbours(
    parts: Parts, repository: Repository, client: RepositoryClient, facts: ReviewFacts, check_run: CheckRun
) -> CheckRun:
    """Let a check end as badly as those of all open pull requests at its commit, and say which one makes it so."""
    own = _badness(check_run.conclusion.value)
    records = await parts.store.reviews.all_by_head(repository.id, facts.head)
    worse = [each for each in records if each.number != facts.number and _badness(each.conclusion) > own]
    for record in sorted(worse, key=lambda each: (-_badness(each.conclusion), each.number))[:MOST_ASKED]:
        other = await client.review_facts(record.number)
        if other is not None and other.state is PullRequestState.OPEN and other.head == facts.head:
            return _as_bad(check_run, Conclusion(record.conclusion), other)
    return check_run


def _badness(conclusion: str) -> int:
    return _BADNESS.get(conclusion, 0)


def _as_bad(check_run: CheckRun, conclusion: Conclusion, other: ReviewFacts) -> CheckRun:
    ends, number = _ENDS[_badness(conclusion.value)], other.number
    said = f"Pull request #{number}, into {code(other.base_branch)}, ends at this commit too, and its check {ends}."
    return replace(
        check_run,
        conclusion=conclusion,
        title=f"Pull request #{number}, into {visible(other.base_branch)}, {ends}; here: {check_run.title}",
        summary=f"{said}\n\n{check_run.summary}" if check_run.summary else said,
    )
