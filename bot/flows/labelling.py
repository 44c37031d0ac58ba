"""Who and what is put beside a new pull request: labels, reviewers, assignees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.github import Unprocessable

if TYPE_CHECKING:
    from bot.bumps import Open, Update
    from bot.github import RepositoryClient

log = structlog.get_logger()


async def label(client: RepositoryClient, number: int, item: Open | Update) -> None:
    """Add the policy's labels, reviewers and assignees to a pull request.

    Some that GitHub does not take are no reason to leave out the others, nor to leave the pull request unfinished.
    """
    for labels, reviewers, assignees in (
        (item.labels, (), ()),
        ((), item.reviewers, ()),
        ((), (), item.assignees),
    ):
        wanted = (*labels, *reviewers, *assignees)
        if not wanted:
            continue
        try:
            await client.label(number, labels, reviewers, assignees)
        except Unprocessable as refused:
            log.warning(
                "labels.refused", repository=client.full_name, number=number, wanted=wanted, reason=str(refused)
            )
