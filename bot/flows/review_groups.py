"""What a merge queue is about to merge is judged as well, so that its check may be required."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from bot.flows.asking import Ask
from bot.flows.documentation import rules_page
from bot.flows.review_check import check_run_of, digest_of
from bot.flows.review_unread import is_missing
from bot.flows.reviewed import Place, look
from bot.github import NotFound, Unprocessable
from bot.github.events import process_event_actions, process_webhook_payload
from bot.jobs.performing import performs
from bot.jobs.work import ReviewMergeGroup

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.flows.parts import Parts
    from bot.github import GitHubError, RepositoryClient
    from bot.store import Repository

log = structlog.get_logger()

Payload = dict[str, Any]

AGAIN_AFTER: Final = timedelta(seconds=30)
MOST_TRIES: Final = 5
"""How often a commit is looked for that GitHub does not show: a group may be gone, and then nobody waits for it."""

_ABOUT: Final = "merge-group"
_PARTS: Final = 4
_LONGEST_ABOUT: Final = 255


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


def asked_again(installation: int, repository: int, check_run: Mapping[str, Any]) -> ReviewMergeGroup | None:
    """Read from a check run of the bot, as an event tells it, which merge group it is about; None: about none."""
    said = str(check_run.get("external_id")).split(" ", _PARTS - 1)
    if len(said) != _PARTS or said[0] != _ABOUT:
        return None
    return ReviewMergeGroup(installation, repository, check_run["head_sha"], said[2], said[3], again=check_run["id"])


@performs(ReviewMergeGroup)
async def review_merge_group(work: ReviewMergeGroup, parts: Parts) -> None:
    """Judge what a merge queue is about to merge. It is nobody's pull request, so there is a check and no comment.

    The check is made once, and again where somebody wants it.
    """
    repository = await parts.store.repositories.get(work.repository)
    if repository is None or repository.archived:
        return
    try:
        await _judge(work, parts, repository, parts.client(repository))
    except (NotFound, Unprocessable) as error:
        if not is_missing(error):
            raise
        await _try_again(work, parts, repository, error)


async def _judge(work: ReviewMergeGroup, parts: Parts, repository: Repository, client: RepositoryClient) -> None:
    base = await client.head(work.branch)
    policy = None if base is None else base.policy
    is_default = work.branch == repository.default_branch
    place = Place(work.base, work.head, work.branch, policy, is_default=is_default, is_trusted=False, is_group=True)
    seen = await look(parts, repository, client, place)
    if seen is None:
        return
    check_run = check_run_of(seen, client.web_url, await rules_page(parts))
    about = f"{_ABOUT} {digest_of(check_run)[:16]} {work.base} {work.branch}"
    check_run = replace(check_run, about=about if len(about) <= _LONGEST_ABOUT else "")
    if not work.again and about in await client.checks_about(check_run.head, check_run.name):
        return
    await client.create_check_run(check_run)
    log.info("merge_group.reviewed", repository=repository.full_name, head=work.head)


async def _try_again(work: ReviewMergeGroup, parts: Parts, repository: Repository, error: GitHubError) -> None:
    """GitHub may show a commit late. How often it was looked for stands in the work itself."""
    log.info("review.merge_group_not_read", repository=repository.full_name, head=work.head, reason=str(error))
    if work.tries < MOST_TRIES:
        await parts.ask_later(replace(work, tries=work.tries + 1), parts.clock() + AGAIN_AFTER)
