"""Issues, labels and comments as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from bot.sandbox.model import PullRequest, Role
from bot.sandbox.shapes.basics import Json, moment
from bot.sandbox.shapes.people import app, maybe_user, simple_user
from bot.sandbox.shapes.repositories import api_url, html_url

if TYPE_CHECKING:
    from bot.sandbox.model import Account, Comment, Issue, Label, Reaction, Repository
    from bot.sandbox.world import World

REACTIONS = ("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket")


def label(world: World, repository: Repository, record: Label) -> Json:
    """Return GitHub's ``label``."""
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": f"{api_url(world, repository)}/labels/{record.name}",
        "name": record.name,
        "color": record.color,
        "description": record.description or "",
        "default": False,
    }


def association(world: World, repository: Repository, account: Account) -> str:
    """Return GitHub's ``author_association``."""
    role = world.role(repository, account)
    if role is Role.ADMIN:
        return "OWNER"
    return "COLLABORATOR" if role.includes(Role.TRIAGE) else "NONE"


def issue(world: World, record: Issue) -> Json:
    """Return GitHub's ``issue``; a pull request looks like one here."""
    repository = record.repository
    url = f"{api_url(world, repository)}/issues/{record.number}"
    return {
        **conversation(world, record),
        "node_id": record.issue_node_id if isinstance(record, PullRequest) else record.node_id,
        "url": url,
        "html_url": f"{html_url(world, repository)}/{_page(record)}/{record.number}",
        "repository_url": api_url(world, repository),
        "labels_url": f"{url}/labels{{/name}}",
        "comments_url": f"{url}/comments",
        "events_url": f"{url}/events",
        "comments": len(record.comments),
        "closed_by": maybe_user(world, record.closed_by),
        "reactions": reactions(url, ()),
        "performed_via_github_app": None,
        "timeline_url": f"{url}/timeline",
        **_pull_links(world, record),
    }


def conversation(world: World, record: Issue) -> Json:
    """Return the facts that issues and pull requests share."""
    people = [simple_user(world, account) for account in record.assignees]
    return {
        "id": record.id,
        "node_id": record.node_id,
        "number": record.number,
        "state": record.state,
        "locked": record.locked,
        "active_lock_reason": None,
        "title": record.title,
        "body": record.body,
        "user": simple_user(world, record.author),
        "labels": [label(world, record.repository, found) for found in record.labels],
        "milestone": None,
        "assignee": people[0] if people else None,
        "assignees": people,
        "author_association": association(world, record.repository, record.author),
        "created_at": moment(record.created_at),
        "updated_at": moment(record.updated_at),
        "closed_at": moment(record.closed_at),
    }


def comment(world: World, where: Issue, record: Comment) -> Json:
    """Return GitHub's ``issue-comment``."""
    repository = where.repository
    url, made_by = f"{api_url(world, repository)}/issues/comments/{record.id}", world.app_of(record.author)
    return {
        "id": record.id,
        "node_id": record.node_id,
        "url": url,
        "html_url": f"{html_url(world, repository)}/{_page(where)}/{where.number}#issuecomment-{record.id}",
        "issue_url": f"{api_url(world, repository)}/issues/{where.number}",
        "body": record.body,
        "user": simple_user(world, record.author),
        "author_association": association(world, repository, record.author),
        "created_at": moment(record.created_at),
        "updated_at": moment(record.updated_at),
        "performed_via_github_app": app(world, made_by) if made_by else None,
        "reactions": reactions(url, tuple(found.content for found in record.reactions)),
    }


def reaction(world: World, record: Reaction) -> Json:
    """Return GitHub's ``reaction``."""
    return {
        "id": record.id,
        "node_id": record.node_id,
        "user": simple_user(world, record.author),
        "content": record.content,
        "created_at": moment(record.created_at),
    }


def reactions(url: str, contents: tuple[str, ...]) -> Json:
    """Return GitHub's ``reaction-rollup``."""
    counts: dict[str, Any] = Counter(contents)
    counted = {name: counts[name] for name in REACTIONS}
    return {"url": f"{url}/reactions", "total_count": len(contents), **counted}


def _page(record: Issue) -> str:
    return "pull" if isinstance(record, PullRequest) else "issues"


def _pull_links(world: World, record: Issue) -> Json:
    if not isinstance(record, PullRequest):
        return {}
    page = f"{html_url(world, record.repository)}/pull/{record.number}"
    urls = {"html_url": page, "diff_url": f"{page}.diff", "patch_url": f"{page}.patch"}
    url = f"{api_url(world, record.repository)}/pulls/{record.number}"
    return {"draft": record.draft, "pull_request": {"url": url, **urls, "merged_at": moment(record.merged_at)}}
