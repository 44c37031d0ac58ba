"""What is remembered of a review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.store import ReviewRecord

if TYPE_CHECKING:
    from datetime import datetime

    from bot.github import Conclusion, ReviewFacts
    from bot.store import Repository


def record_of(
    repository: Repository,
    facts: ReviewFacts,
    conclusion: Conclusion | None,
    at: datetime,
    *,
    merge_base: str = "",
    digest: str = "",
) -> ReviewRecord:
    """Describe a review of a pull request as it stood in `facts`. `digest`: see ReviewRecord, "" while nothing is told.

    `conclusion` is None where it is not known yet how the check ends, `merge_base` "" where none was read.
    """
    return ReviewRecord(
        repository=repository.id,
        number=facts.number,
        head=facts.head,
        merge_base=merge_base,
        policy=facts.policy.oid if facts.policy is not None else "",
        digest=digest,
        conclusion="" if conclusion is None else conclusion.value,
        cross_repository=facts.cross_repository,
        at=at,
        again_at=None,
    )
