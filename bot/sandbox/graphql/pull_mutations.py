"""Mutations of pull requests, from opening to merging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.payloads import payload, payload_fields
from bot.sandbox.graphql.repositories import repository_node
from bot.sandbox.model import Issue, Label, MergeMethod, PullRequest
from bot.sandbox.refusals import Forbidden, NotFound, Validation
from bot.sandbox.workflows import refuse_merge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.sandbox.graphql.resolving import Call, Fields


def _issue(call: Call, identifier: str) -> Issue:
    """Return the issue or pull request with a global id, for writing; raises NotFound, Forbidden."""
    found = call.world.node(identifier)
    if not isinstance(found, Issue) or not call.token.sees(found.repository):
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    permission = "pull_requests" if isinstance(found, PullRequest) else "issues"
    call.token.require(found.repository, permission, "write")
    return found


def _pull(call: Call) -> PullRequest:
    """Return the pull request that the input names, for writing; raises NotFound, Forbidden."""
    identifier = call.arguments["input"]["pullRequestId"]
    found = _issue(call, identifier)
    if not isinstance(found, PullRequest):
        raise NotFound(f"Could not resolve to PullRequest node with the global id of '{identifier}'.")
    return found


async def _create(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    repository = repository_node(call, given["repositoryId"])
    call.token.require(repository, "pull_requests", "write")
    try:
        call.world.limits.create_content(call.token)
    except Forbidden as limited:
        raise Validation("was submitted too quickly") from limited
    pull = await call.world.pulls.open(
        repository,
        head=given["headRefName"],
        base=given["baseRefName"],
        title=given["title"],
        body=given.get("body"),
        actor=call.token.account,
        draft=given["draft"],
        maintainer_can_modify=given["maintainerCanModify"],
    )
    return payload(call, pullRequest=pull)


async def _update(_: Any, call: Call) -> Any:
    given, pull, actor = call.arguments["input"], _pull(call), call.token.account
    title, body, base = (given.get(name) for name in ("title", "body", "baseRefName"))
    await call.world.pulls.update(pull, actor, title=title, body=body, base=base)
    if given.get("state") == "CLOSED":
        await call.world.pulls.close(pull, actor)
    if given.get("state") == "OPEN":
        await call.world.pulls.reopen(pull, actor)
    return payload(call, pullRequest=pull)


async def _close(_: Any, call: Call) -> Any:
    pull = _pull(call)
    await call.world.pulls.close(pull, call.token.account)
    return payload(call, pullRequest=pull)


async def _comment(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    issue = _issue(call, given["subjectId"])
    call.world.limits.create_content(call.token)
    await call.world.issues.comment(issue, given["body"], call.token.account)
    return payload(call, subject=issue)


async def _reopen(_: Any, call: Call) -> Any:
    pull = _pull(call)
    await call.world.pulls.reopen(pull, call.token.account)
    return payload(call, pullRequest=pull)


async def _mark_ready(_: Any, call: Call) -> Any:
    pull = _pull(call)
    await call.world.pulls.mark_ready(pull, call.token.account)
    return payload(call, pullRequest=pull)


def _wish(call: Call) -> dict[str, Any]:
    """Return how the input wants the pull request merged."""
    given = call.arguments["input"]
    return {
        "method": MergeMethod(given["mergeMethod"].lower()),
        "expected_head": given.get("expectedHeadOid"),
        "title": given.get("commitHeadline"),
        "message": given.get("commitBody"),
    }


async def _merge(_: Any, call: Call) -> Any:
    pull = _pull(call)
    call.token.require(pull.repository, "contents", "write")
    await refuse_merge(call.token, pull)
    await call.world.merging.merge(pull, call.token.account, **_wish(call))
    return payload(call, pullRequest=pull, actor=call.token.account)


async def _enable_auto_merge(_: Any, call: Call) -> Any:
    pull = _pull(call)
    call.token.require(pull.repository, "contents", "write")
    await call.world.merging.enable_auto_merge(pull, call.token.account, **_wish(call))
    return payload(call, pullRequest=pull, actor=call.token.account)


async def _disable_auto_merge(_: Any, call: Call) -> Any:
    pull = _pull(call)
    await call.world.merging.disable_auto_merge(pull, call.token.account)
    return payload(call, pullRequest=pull, actor=call.token.account)


async def _enqueue(_: Any, call: Call) -> Any:
    pull = _pull(call)
    call.token.require(pull.repository, "contents", "write")
    expected = call.arguments["input"].get("expectedHeadOid")
    entry = await call.world.merging.enqueue(pull, call.token.account, expected_head=expected)
    return payload(call, mergeQueueEntry=entry)


async def _dequeue(_: Any, call: Call) -> Any:
    pull = _issue(call, call.arguments["input"]["id"])
    entry = call.world.merging.entry(pull) if isinstance(pull, PullRequest) else None
    if entry is None:
        raise Validation("Pull request is not in the merge queue")
    await call.world.merging.dequeue(entry.pull, call.token.account)
    return payload(call, mergeQueueEntry=entry)


def _label_names(call: Call, identifiers: Iterable[str]) -> list[str]:
    names = []
    for identifier in identifiers:
        label = call.world.node(identifier)
        if not isinstance(label, Label):
            raise NotFound(f"Could not resolve to Label node with the global id of '{identifier}'.")
        names.append(label.name)
    return names


async def _add_labels(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    issue = _issue(call, given["labelableId"])
    await call.world.issues.add_labels(issue, _label_names(call, given["labelIds"]), call.token.account)
    return payload(call, labelable=issue)


PULL_MUTATIONS: dict[str, Fields] = {
    "Mutation": {
        "createPullRequest": _create,
        "updatePullRequest": _update,
        "closePullRequest": _close,
        "addComment": _comment,
        "reopenPullRequest": _reopen,
        "markPullRequestReadyForReview": _mark_ready,
        "mergePullRequest": _merge,
        "enablePullRequestAutoMerge": _enable_auto_merge,
        "disablePullRequestAutoMerge": _disable_auto_merge,
        "enqueuePullRequest": _enqueue,
        "dequeuePullRequest": _dequeue,
        "addLabelsToLabelable": _add_labels,
    },
    **{f"{name}PullRequestPayload": payload_fields("pullRequest") for name in ("Create", "Update", "Close", "Reopen")},
    "AddCommentPayload": payload_fields("subject"),
    "MarkPullRequestReadyForReviewPayload": payload_fields("pullRequest"),
    "MergePullRequestPayload": payload_fields("pullRequest", "actor"),
    "EnablePullRequestAutoMergePayload": payload_fields("pullRequest", "actor"),
    "DisablePullRequestAutoMergePayload": payload_fields("pullRequest", "actor"),
    "EnqueuePullRequestPayload": payload_fields("mergeQueueEntry"),
    "DequeuePullRequestPayload": payload_fields("mergeQueueEntry"),
    "AddLabelsToLabelablePayload": payload_fields("labelable"),
}
