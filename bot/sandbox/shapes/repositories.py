"""Repositories as JSON: the links, and GitHub's several sizes of record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import MergeMethod
from bot.sandbox.shapes.basics import Json, moment
from bot.sandbox.shapes.people import simple_user

if TYPE_CHECKING:
    from bot.sandbox.model import Repository
    from bot.sandbox.world import World

LINKS = {
    "archive_url": "/{archive_format}{/ref}",
    "assignees_url": "/assignees{/user}",
    "blobs_url": "/git/blobs{/sha}",
    "branches_url": "/branches{/branch}",
    "collaborators_url": "/collaborators{/collaborator}",
    "comments_url": "/comments{/number}",
    "commits_url": "/commits{/sha}",
    "compare_url": "/compare/{base}...{head}",
    "contents_url": "/contents/{+path}",
    "contributors_url": "/contributors",
    "deployments_url": "/deployments",
    "downloads_url": "/downloads",
    "events_url": "/events",
    "forks_url": "/forks",
    "git_commits_url": "/git/commits{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "hooks_url": "/hooks",
    "issue_comment_url": "/issues/comments{/number}",
    "issue_events_url": "/issues/events{/number}",
    "issues_url": "/issues{/number}",
    "keys_url": "/keys{/key_id}",
    "labels_url": "/labels{/name}",
    "languages_url": "/languages",
    "merges_url": "/merges",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "pulls_url": "/pulls{/number}",
    "releases_url": "/releases{/id}",
    "stargazers_url": "/stargazers",
    "statuses_url": "/statuses/{sha}",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "tags_url": "/tags",
    "teams_url": "/teams",
    "trees_url": "/git/trees{/sha}",
}
COUNTS = ("forks_count", "stargazers_count", "watchers_count", "size", "forks", "watchers")


def api_url(world: World, repository: Repository) -> str:
    """Return where the repository's REST operations begin."""
    return f"{world.url}/repos/{repository.full_name}"


def html_url(world: World, repository: Repository) -> str:
    """Return the address people would open."""
    return f"{world.url}/{repository.full_name}"


def minimal(world: World, repository: Repository) -> Json:
    """Return GitHub's ``minimal-repository``."""
    url = api_url(world, repository)
    return {
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name,
        "owner": simple_user(world, repository.owner),
        "private": repository.private,
        "html_url": html_url(world, repository),
        "description": None,
        "fork": repository.parent is not None,
        "url": url,
        **{name: url + path for name, path in LINKS.items()},
    }


def repository(world: World, record: Repository) -> Json:
    """Return GitHub's ``repository``, as lists, pull requests and webhooks hold it."""
    open_issues = sum(issue.state == "open" for issue in record.issues.values())
    host = world.url.partition("://")[2]
    return {
        **minimal(world, record),
        "git_url": f"git://{host}/{record.full_name}.git",
        "ssh_url": f"git@{host}:{record.full_name}.git",
        "clone_url": f"{html_url(world, record)}.git",
        "svn_url": html_url(world, record),
        "mirror_url": None,
        "homepage": None,
        "language": None,
        "license": None,
        **dict.fromkeys(COUNTS, 0),
        "open_issues_count": open_issues,
        "open_issues": open_issues,
        "default_branch": record.default_branch,
        "topics": [],
        "is_template": False,
        **{f"has_{feature}": feature == "issues" for feature in FEATURES},
        "archived": record.archived,
        "disabled": False,
        "visibility": "private" if record.private else "public",
        "pushed_at": moment(record.pushed_at),
        "created_at": moment(record.created_at),
        "updated_at": moment(record.pushed_at),
        "allow_forking": True,
        "web_commit_signoff_required": False,
    }


FEATURES = ("issues", "projects", "wiki", "pages", "downloads", "discussions")


def full(world: World, record: Repository, permissions: dict[str, bool]) -> Json:
    """Return GitHub's ``full-repository``."""
    return {
        **repository(world, record),
        "subscribers_count": 0,
        "network_count": 0,
        "permissions": permissions,
        "allow_auto_merge": record.allow_auto_merge,
        "allow_squash_merge": MergeMethod.SQUASH in record.merge_methods,
        "allow_merge_commit": MergeMethod.MERGE in record.merge_methods,
        "allow_rebase_merge": MergeMethod.REBASE in record.merge_methods,
        "delete_branch_on_merge": record.delete_branch_on_merge,
    }


def brief(repository: Repository) -> Json:
    """Return the few facts of a repository in the events about installations."""
    return {
        "id": repository.id,
        "node_id": repository.node_id,
        "name": repository.name,
        "full_name": repository.full_name,
        "private": repository.private,
    }
