"""Pull requests: what they are, and whether they could be merged."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import CommitNode, RefNode, commit_node, find_ref, git_node_id
from bot.sandbox.graphql.resolving import Fields, attribute, constant, moment
from bot.sandbox.refs import HEADS
from bot.sandbox.refusals import NotFound

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call
    from bot.sandbox.model import Issue, PullRequest, QueueEntry, Repository

ORDERS = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at"}


def _state(issue: Issue, _: Call) -> str:
    return "MERGED" if getattr(issue, "merged", False) else issue.state.upper()


def _pull_request(repository: Repository, call: Call) -> PullRequest:
    call.token.require(repository, "pull_requests")
    number = call.arguments["number"]
    try:
        return call.world.issues.find_pull(repository, number)
    except NotFound:
        raise NotFound(f"Could not resolve to a PullRequest with the number of {number}.") from None


def _pull_requests(repository: Repository, call: Call) -> Any:
    call.token.require(repository, "pull_requests")
    return _page(repository.pulls, call, "pullRequests")


def _associated(ref: RefNode, call: Call) -> Any:
    """Give the pull requests whose head is the branch."""
    call.token.require(ref.repository, "pull_requests")
    own = (pull for pull in ref.repository.pulls if pull.fork is None)
    pulls = [pull for pull in own if ref.name == HEADS + pull.head_branch]
    return _page(pulls, call, "associatedPullRequests")


def _page(pulls: list[PullRequest], call: Call, name: str) -> Any:
    """Filter, order and cut a list of pull requests as the arguments say."""
    head, base, states = (call.argument(key) for key in ("headRefName", "baseRefName", "states"))
    labels = {label.lower() for label in call.argument("labels", [])}
    found = [
        pull
        for pull in pulls
        if head in {None, pull.head_branch}
        and base in {None, pull.base_branch}
        and (states is None or _state(pull, call) in states)
        and (not labels or labels & {label.name.lower() for label in pull.labels})
    ]
    order = call.argument("orderBy", {"field": "CREATED_AT", "direction": "ASC"})
    attribute_name = ORDERS.get(order["field"], "created_at")
    found.sort(key=lambda pull: (getattr(pull, attribute_name), pull.number), reverse=order["direction"] == "DESC")
    return page(found, call, name)


async def _commits(pull: PullRequest, call: Call) -> Any:
    repository = pull.repository
    found = await repository.git.commits_between(pull.base_oid, pull.head_oid)
    return page([CommitNode(repository, commit.oid, commit) for commit in found], call, "commits", parent=pull)


def _commit_of_pull(commit: CommitNode, call: Call) -> str:
    return f"{call.world.url}/{commit.repository.full_name}/commit/{commit.oid}"


async def _files(pull: PullRequest, call: Call) -> Any:
    return page(await _changes(pull), call, "files", parent=pull)


async def _changes(pull: PullRequest) -> list[Any]:
    git = pull.repository.git
    return await git.changes(await git.merge_base(pull.base_oid, pull.head_oid) or pull.base_oid, pull.head_oid)


def _sum(name: str) -> Any:
    async def resolve(pull: PullRequest, _: Call) -> int:
        return sum(getattr(change, name) for change in await _changes(pull))

    return resolve


async def _changed_files(pull: PullRequest, _: Call) -> int:
    return len(await _changes(pull))


def _change_type(change: Any, _: Call) -> str:
    return {"removed": "DELETED"}.get(change.status, str(change.status).upper())


async def _read_mergeability(pull: PullRequest, call: Call) -> bool | None:
    """Read it once for a document: GitHub works it out in the meantime, and each reading may answer otherwise."""
    known = call.execution.mergeability
    if pull.node_id not in known:
        known[pull.node_id] = asyncio.ensure_future(call.world.pulls.mergeable(pull))
    return await known[pull.node_id]


async def _mergeable(pull: PullRequest, call: Call) -> str:
    return {True: "MERGEABLE", False: "CONFLICTING", None: "UNKNOWN"}[await _read_mergeability(pull, call)]


async def _merge_state(pull: PullRequest, call: Call) -> str:
    state = await call.world.pulls.merge_state(pull, await _read_mergeability(pull, call))
    return state.value.upper()


def _review_decision(pull: PullRequest, call: Call) -> str | None:
    needed = call.world.rules.required_approvals(pull.repository, pull.base_branch)
    if not needed:
        return None
    return "APPROVED" if len(pull.approvals) >= needed else "REVIEW_REQUIRED"


def _queue_enabled(pull: PullRequest, call: Call) -> bool:
    return call.world.rules.has_merge_queue(pull.repository, pull.base_branch)


def _in_queue(pull: PullRequest, call: Call) -> bool:
    return call.world.merging.entry(pull) is not None


def _queue_entry(pull: PullRequest, call: Call) -> QueueEntry | None:
    return call.world.merging.entry(pull)


def _position(entry: QueueEntry, _: Call) -> int:
    return entry.pull.repository.queue.index(entry) + 1 if entry in entry.pull.repository.queue else 0


async def _merge_commit(pull: PullRequest, _: Call) -> CommitNode | None:
    return await commit_node(pull.repository, pull.merge_commit_oid) if pull.merge_commit_oid else None


async def _base_ref(pull: PullRequest, call: Call) -> RefNode | None:
    return await find_ref(call, pull.repository, HEADS + pull.base_branch)


async def _head_ref(pull: PullRequest, call: Call) -> RefNode | None:
    """Give the branch; the sandbox shows none that is in a fork."""
    return None if pull.fork else await find_ref(call, pull.repository, HEADS + pull.head_branch)


def _head_repository(pull: PullRequest, call: Call) -> Repository | None:
    return pull.home if call.token.sees(pull.home) or not pull.home.private else None


def _url(pull: PullRequest, call: Call) -> str:
    return f"{call.world.url}/{pull.repository.full_name}/pull/{pull.number}"


def _labels(issue: Issue, call: Call) -> Any:
    return page(issue.labels, call, "labels", parent=issue)


PULL_TYPES: dict[str, Fields] = {
    "Repository": {"pullRequest": _pull_request, "pullRequests": _pull_requests},
    "Ref": {"associatedPullRequests": _associated},
    "PullRequest": {
        "id": attribute("node_id"),
        "fullDatabaseId": lambda pull, _: str(pull.id),
        "number": attribute("number"),
        "state": _state,
        "isDraft": attribute("draft"),
        "title": attribute("title"),
        "body": lambda pull, _: pull.body or "",
        "url": _url,
        "author": attribute("author"),
        "createdAt": moment("created_at"),
        "updatedAt": moment("updated_at"),
        "closed": lambda pull, _: pull.state == "closed",
        "closedAt": moment("closed_at"),
        "merged": attribute("merged"),
        "mergedAt": moment("merged_at"),
        "mergedBy": attribute("merged_by"),
        "mergeCommit": _merge_commit,
        "mergeable": _mergeable,
        "mergeStateStatus": _merge_state,
        "headRefOid": attribute("head_oid"),
        "headRefName": attribute("head_branch"),
        "headRef": _head_ref,
        "headRepository": _head_repository,
        "baseRefName": attribute("base_branch"),
        "baseRefOid": attribute("base_oid"),
        "baseRef": _base_ref,
        "baseRepository": attribute("repository"),
        "repository": attribute("repository"),
        "isCrossRepository": lambda pull, _: pull.fork is not None,
        "maintainerCanModify": attribute("maintainer_can_modify"),
        "isInMergeQueue": _in_queue,
        "isMergeQueueEnabled": _queue_enabled,
        "mergeQueueEntry": _queue_entry,
        "autoMergeRequest": attribute("auto_merge"),
        "reviewDecision": _review_decision,
        "additions": _sum("additions"),
        "deletions": _sum("deletions"),
        "changedFiles": _changed_files,
        "commits": _commits,
        "files": _files,
        "labels": _labels,
        "locked": attribute("locked"),
    },
    "PullRequestCommit": {
        "id": lambda commit, _: git_node_id("PURC", commit.repository, commit.oid),
        "commit": lambda commit, _: commit,
        "url": _commit_of_pull,
    },
    "PullRequestChangedFile": {
        "path": attribute("path"),
        "additions": attribute("additions"),
        "deletions": attribute("deletions"),
        "changeType": _change_type,
    },
    "AutoMergeRequest": {
        "enabledAt": moment("enabled_at"),
        "enabledBy": attribute("enabled_by"),
        "mergeMethod": lambda wish, _: wish.method.value.upper(),
        "commitHeadline": attribute("title"),
        "commitBody": attribute("message"),
    },
    "MergeQueueEntry": {
        "id": attribute("node_id"),
        "position": _position,
        "enqueuedAt": moment("enqueued_at"),
        "enqueuer": attribute("enqueued_by"),
        "pullRequest": attribute("pull"),
        "state": constant("AWAITING_CHECKS"),
    },
    "Label": {
        "id": attribute("node_id"),
        "name": attribute("name"),
        "color": attribute("color"),
        "description": attribute("description"),
    },
}
