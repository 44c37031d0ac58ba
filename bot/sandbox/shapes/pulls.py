"""Pull requests as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.shapes import repositories
from bot.sandbox.shapes.basics import Json, links, moment
from bot.sandbox.shapes.issues import conversation
from bot.sandbox.shapes.people import maybe_user, simple_user

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest, Repository
    from bot.sandbox.world import World


def simple(world: World, pull: PullRequest) -> Json:
    """Return GitHub's ``pull-request-simple``, as lists hold it."""
    record = pull.repository
    url = f"{repositories.api_url(world, record)}/pulls/{pull.number}"
    return {
        **conversation(world, pull),
        **addresses(world, pull),
        "merged_at": moment(pull.merged_at),
        "merge_commit_sha": pull.merge_commit_oid,
        "requested_reviewers": [simple_user(world, account) for account in pull.requested_reviewers],
        "requested_teams": [],
        "head": _end(world, pull.home, pull.head_branch, pull.head_oid),
        "base": _end(world, pull.repository, pull.base_branch, pull.base_oid),
        "_links": _links(addresses(world, pull), url),
        "auto_merge": _auto_merge(world, pull),
        "draft": pull.draft,
    }


async def full(world: World, pull: PullRequest, *, read: bool = True) -> Json:
    """Return GitHub's ``pull-request``; only reading it makes GitHub work out whether it is mergeable."""
    mergeable = await world.pulls.mergeable(pull) if read else None
    state = await world.pulls.merge_state(pull, mergeable)
    fork = await fork_point(pull)
    changes = await pull.repository.git.changes(fork, pull.head_oid)
    return {
        **simple(world, pull),
        "merged": pull.merged,
        "mergeable": mergeable,
        "rebaseable": mergeable,
        "mergeable_state": state.value,
        "merged_by": maybe_user(world, pull.merged_by),
        "comments": len(pull.comments),
        "review_comments": sum(len(thread.comments) for thread in pull.threads),
        "maintainer_can_modify": pull.maintainer_can_modify,
        "commits": await pull.repository.git.ahead(fork, pull.head_oid),
        "additions": sum(change.additions for change in changes),
        "deletions": sum(change.deletions for change in changes),
        "changed_files": len(changes),
    }


async def fork_point(pull: PullRequest) -> str:
    """Return the commit a pull request's changes are counted from."""
    return await pull.repository.git.merge_base(pull.base_oid, pull.head_oid) or pull.base_oid


def addresses(world: World, pull: PullRequest) -> Json:
    """Return the addresses around a pull request."""
    url, page = repositories.api_url(world, pull.repository), repositories.html_url(world, pull.repository)
    return {
        "url": f"{url}/pulls/{pull.number}",
        "html_url": f"{page}/pull/{pull.number}",
        "diff_url": f"{page}/pull/{pull.number}.diff",
        "patch_url": f"{page}/pull/{pull.number}.patch",
        "issue_url": f"{url}/issues/{pull.number}",
        "commits_url": f"{url}/pulls/{pull.number}/commits",
        "review_comments_url": f"{url}/pulls/{pull.number}/comments",
        "review_comment_url": f"{url}/pulls/comments{{/number}}",
        "comments_url": f"{url}/issues/{pull.number}/comments",
        "statuses_url": f"{url}/statuses/{pull.head_oid}",
    }


def _links(urls: Json, url: str) -> Json:
    names = ("html", "issue", "comments", "review_comments", "review_comment", "commits", "statuses")
    return links(itself=url, **{name: urls[f"{name}_url"] for name in names})


def _end(world: World, record: Repository, branch: str, oid: str) -> Json:
    return {
        "label": f"{record.owner.login}:{branch}",
        "ref": branch,
        "sha": oid,
        "user": simple_user(world, record.owner),
        "repo": repositories.repository(world, record),
    }


def _auto_merge(world: World, pull: PullRequest) -> Json | None:
    wish = pull.auto_merge
    if wish is None:
        return None
    return {
        "enabled_by": simple_user(world, wish.enabled_by),
        "merge_method": wish.method.value,
        "commit_title": wish.title or f"{pull.title} (#{pull.number})",
        "commit_message": wish.message or "",
    }
