"""Webhook payloads: what each event tells, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.model import ZERO_OID, Installation
from bot.sandbox.refs import HEADS
from bot.sandbox.shapes import checks, git_objects, issues, people, pulls, repositories, reviews
from bot.sandbox.shapes.basics import Json, moment

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.sandbox.git import RefMove
    from bot.sandbox.model import Repository
    from bot.sandbox.world import Happening, World

MOST_COMMITS = 20


async def payload(world: World, happening: Happening, installation: Installation) -> Json:
    """Return the payload of an event for one installation."""
    body: Json = {"action": happening.action} if happening.action else {}
    if happening.repository is not None:
        body["repository"] = repositories.repository(world, happening.repository)
        body["installation"] = {"id": installation.id, "node_id": installation.node_id}
    if installation.account.type == "Organization" and happening.repository is not None:
        body["organization"] = people.organization(world, installation.account)
    body["sender"] = people.simple_user(world, happening.sender)
    return {**body, **await SUBJECTS[happening.event](world, happening)}


async def _push(world: World, happening: Happening) -> Json:
    repository, move = _where(happening), happening.subject
    page = repositories.html_url(world, repository)
    commits = await _pushed(world, repository, move)
    pusher = {"name": happening.sender.login, "email": happening.sender.email}
    return {
        "ref": move.ref,
        "before": move.before,
        "after": move.after,
        "repository": {
            **repositories.repository(world, repository),
            "created_at": int(repository.created_at.timestamp()),
            "pushed_at": int(repository.pushed_at.timestamp()),
            "stargazers": 0,
            "master_branch": repository.default_branch,
        },
        "pusher": pusher,
        "created": move.before == ZERO_OID,
        "deleted": move.after == ZERO_OID,
        "forced": await _forced(repository, move),
        "base_ref": None,
        "compare": f"{page}/compare/{move.before[:12]}...{move.after[:12]}",
        "commits": commits,
        "head_commit": commits[-1] if commits else None,
    }


async def _pushed(world: World, repository: Repository, move: RefMove) -> list[Json]:
    """Return the new commits, oldest first: for a new branch those its default branch has not."""
    if move.after == ZERO_OID:
        return []
    git, base = repository.git, None if move.before == ZERO_OID else move.before
    if base is None and move.ref != HEADS + repository.default_branch:
        base = await git.branch(repository.default_branch)
    found = []
    for commit in (await git.commits_between(base, move.after))[-MOST_COMMITS:]:
        changes = await git.changes(commit.parents[0], commit.oid) if commit.parents else []
        found.append(git_objects.push_commit(world, repository, commit, changes))
    return found


async def _forced(repository: Repository, move: RefMove) -> bool:
    if ZERO_OID in {move.before, move.after}:
        return False
    return not await repository.git.is_ancestor(move.before, move.after)


async def _pull_request(world: World, happening: Happening) -> Json:
    pull, details = happening.subject, dict(happening.details)
    for name in ("assignee", "requested_reviewer"):
        if name in details:
            details[name] = people.simple_user(world, details[name])
    if "label" in details:
        details["label"] = issues.label(world, pull.repository, details["label"])
    return {"number": pull.number, "pull_request": await pulls.full(world, pull, read=False), **details}


async def _review(world: World, happening: Happening) -> Json:
    review = happening.subject
    return {"review": reviews.review_in_event(world, review), "pull_request": pulls.simple(world, review.pull)}


async def _review_comment(world: World, happening: Happening) -> Json:
    comment = happening.subject
    shown = {"comment": reviews.comment_in_event(world, comment)}
    return {**happening.details, **shown, "pull_request": pulls.simple(world, comment.thread.pull)}


async def _review_thread(world: World, happening: Happening) -> Json:
    thread = happening.subject
    shown = {"thread": reviews.thread(world, thread), "pull_request": pulls.simple(world, thread.pull)}
    return {**shown, "updated_at": moment(world.now())}


async def _issues(world: World, happening: Happening) -> Json:
    details = dict(happening.details)
    if "label" in details:
        details["label"] = issues.label(world, happening.subject.repository, details["label"])
    if "assignee" in details:
        details["assignee"] = people.simple_user(world, details["assignee"])
    return {"issue": issues.issue(world, happening.subject), **details}


async def _issue_comment(world: World, happening: Happening) -> Json:
    issue, details = happening.details["issue"], dict(happening.details)
    shown = {"issue": issues.issue(world, issue), "comment": issues.comment(world, issue, happening.subject)}
    return {**details, **shown}


async def _check_run(world: World, happening: Happening) -> Json:
    return {"check_run": checks.check_run_in_event(world, _where(happening), happening.subject), **happening.details}


async def _check_suite(world: World, happening: Happening) -> Json:
    return {"check_suite": await checks.check_suite(world, _where(happening), happening.subject)}


async def _status(world: World, happening: Happening) -> Json:
    repository, status = _where(happening), happening.subject
    commit = await repository.git.commit(status.oid)
    assert commit is not None
    shape = checks.status(world, repository, status)
    kept = ("id", "state", "description", "target_url", "context", "created_at", "updated_at", "avatar_url")
    url = repositories.api_url(world, repository)
    branches = [
        {"name": name, "commit": {"sha": oid, "url": f"{url}/commits/{oid}"}, "protected": False}
        for name, oid in (await repository.git.branches()).items()
        if oid == status.oid
    ]
    return {
        **{name: shape[name] for name in kept},
        "sha": status.oid,
        "name": repository.full_name,
        "commit": git_objects.commit(world, repository, commit),
        "branches": branches,
    }


async def _merge_group(world: World, happening: Happening) -> Json:
    entry, repository = happening.subject, _where(happening)
    commit = await repository.git.commit(entry.group_oid)
    assert commit is not None
    group = {
        "head_sha": entry.group_oid,
        "head_ref": HEADS + entry.group_branch,
        "base_sha": entry.base_oid,
        "base_ref": HEADS + entry.pull.base_branch,
        "head_commit": git_objects.head_commit(world, commit),
    }
    return {"merge_group": group, **happening.details}


async def _repository(_world: World, happening: Happening) -> Json:
    return dict(happening.details)


async def _installation(world: World, happening: Happening) -> Json:
    installation = happening.installation
    assert installation is not None
    held = [repositories.brief(record) for record in world.installed(installation)]
    return {"installation": people.installation(world, installation), "repositories": held, "requester": None}


async def _installation_repositories(world: World, happening: Happening) -> Json:
    installation = happening.installation
    assert installation is not None
    changed = [repositories.brief(record) for record in happening.subject]
    return {
        "installation": people.installation(world, installation),
        "repository_selection": "all" if installation.repositories is None else "selected",
        "repositories_added": changed if happening.action == "added" else [],
        "repositories_removed": changed if happening.action == "removed" else [],
        "requester": None,
    }


async def _registry_package(world: World, happening: Happening) -> Json:
    """Return a container image's push, in the older of GitHub's two words for it."""
    facts = happening.details
    owner, name, tag, digest = (facts[key] for key in ("owner", "name", "tag", "digest"))
    number, when = facts["id"], moment(facts["at"])
    page = f"{world.url}/{owner.login}/packages/{number}"
    version = {
        "id": number,
        "version": digest,
        "name": digest,
        "summary": "",
        "description": "",
        "html_url": page,
        "installation_command": f"docker pull {world.package_host}/{owner.login.lower()}/{name}:{tag}",
        "package_url": f"{world.package_host}/{owner.login.lower()}/{name}:{tag}",
        "package_files": [],
        "metadata": [],
        "container_metadata": {"tag": {"name": tag, "digest": digest}, "labels": {}, "manifest": {"digest": digest}},
        "created_at": when,
        "updated_at": when,
    }
    package = {
        "id": number,
        "name": name,
        "namespace": owner.login,
        "description": "",
        "ecosystem": "CONTAINER",
        "package_type": "CONTAINER",
        "html_url": page,
        "created_at": when,
        "updated_at": when,
        "owner": people.simple_user(world, owner),
        "package_version": version,
        "registry": {"about_url": "", "name": "", "type": "", "url": "", "vendor": ""},
    }
    return {"registry_package": package}


def _where(happening: Happening) -> Repository:
    assert happening.repository is not None
    return happening.repository


SUBJECTS: dict[str, Callable[[World, Happening], Awaitable[dict[str, Any]]]] = {
    "push": _push,
    "pull_request": _pull_request,
    "pull_request_review": _review,
    "pull_request_review_comment": _review_comment,
    "pull_request_review_thread": _review_thread,
    "issues": _issues,
    "issue_comment": _issue_comment,
    "check_run": _check_run,
    "check_suite": _check_suite,
    "status": _status,
    "merge_group": _merge_group,
    "repository": _repository,
    "installation": _installation,
    "installation_repositories": _installation_repositories,
    "registry_package": _registry_package,
}
