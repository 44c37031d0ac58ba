"""What stands around issues and pull requests: labels, comments, assignees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.sandbox.model import PullRequest
from bot.sandbox.refusals import Validation
from bot.sandbox.rest.call import Answer
from bot.sandbox.rest.routing import operation
from bot.sandbox.shapes import issues

if TYPE_CHECKING:
    from typing import Any

    from bot.sandbox.model import Comment, Issue, Repository
    from bot.sandbox.rest.call import Call


@operation("issues/get", "GET", "/repos/{owner}/{repo}/issues/{issue_number}")
async def get_issue(call: Call) -> Answer:
    """Show an issue or pull request as an issue."""
    return Answer(issues.issue(call.world, _issue(call)))


@operation("issues/update", "PATCH", "/repos/{owner}/{repo}/issues/{issue_number}")
async def update_issue(call: Call) -> Answer:
    """Replace labels and assignees, as far as they are given."""
    issue, labels, assignees = _issue(call, "write"), call.optional("labels", list), call.optional("assignees", list)
    if labels is not None:
        issue.labels.clear()
        await call.world.issues.add_labels(issue, _names(labels), call.actor)
    if assignees is not None:
        issue.assignees.clear()
        await call.world.issues.assign(issue, assignees, call.actor)
    return Answer(issues.issue(call.world, issue))


@operation("issues/list-labels-on-issue", "GET", "/repos/{owner}/{repo}/issues/{issue_number}/labels")
async def list_labels(call: Call) -> Answer:
    """List the labels."""
    issue = _issue(call)
    return call.page([issues.label(call.world, issue.repository, label) for label in issue.labels])


@operation("issues/add-labels", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/labels")
async def add_labels(call: Call) -> Answer:
    """Label, from an object with ``labels`` or a bare list; labels the repository does not have are made."""
    issue = _issue(call, "write")
    labels = call.sent if isinstance(call.sent, list) else call.required("labels", list)
    await call.world.issues.add_labels(issue, _names(labels), call.actor)
    return Answer([issues.label(call.world, issue.repository, label) for label in issue.labels])


@operation("issues/remove-label", "DELETE", "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}")
async def remove_label(call: Call) -> Answer:
    """Take a label off."""
    issue = _issue(call, "write")
    left = await call.world.issues.remove_label(issue, call.values["name"], call.actor)
    return Answer([issues.label(call.world, issue.repository, label) for label in left])


@operation("issues/add-assignees", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/assignees")
async def add_assignees(call: Call) -> Answer:
    """Assign people; who cannot be assigned is left out."""
    issue = _issue(call, "write")
    await call.world.issues.assign(issue, call.optional("assignees", list) or [], call.actor)
    return Answer(issues.issue(call.world, issue), status=201)


@operation("issues/list-comments", "GET", "/repos/{owner}/{repo}/issues/{issue_number}/comments")
async def list_comments(call: Call) -> Answer:
    """List the comments, oldest first."""
    issue = _issue(call)
    return call.page([issues.comment(call.world, issue, comment) for comment in issue.comments])


@operation("issues/create-comment", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments")
async def create_comment(call: Call) -> Answer:
    """Comment."""
    issue = _issue(call, "write")
    call.world.limits.create_content(call.token)
    comment = await call.world.issues.comment(issue, call.required("body", str), call.actor)
    return Answer(issues.comment(call.world, issue, comment), status=201)


@operation("issues/get-comment", "GET", "/repos/{owner}/{repo}/issues/comments/{comment_id}")
async def get_comment(call: Call) -> Answer:
    """Show a comment."""
    return Answer(issues.comment(call.world, *_comment(call)))


@operation("issues/update-comment", "PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}")
async def update_comment(call: Call) -> Answer:
    """Change a comment's text."""
    issue, comment = _comment(call, "write")
    await call.world.issues.edit_comment(issue, comment, call.required("body", str), call.actor)
    return Answer(issues.comment(call.world, issue, comment))


def _issue(call: Call, level: str = "read") -> Issue:
    """Return the issue of the path: pull requests are open to who holds either permission."""
    record = call.world.issues.find(call.repository(), call.number("issue_number"))
    _require(call, record, level)
    return record


def _comment(call: Call, level: str = "read") -> tuple[Issue, Comment]:
    issue, comment = call.world.issues.find_comment(call.repository(), call.number("comment_id"))
    _require(call, issue, level)
    return issue, comment


def _require(call: Call, issue: Issue, level: str) -> None:
    repository: Repository = issue.repository
    either = isinstance(issue, PullRequest) and call.token.may(repository, "pull_requests", level)
    call.token.require(repository, "pull_requests" if either else "issues", level)


def _names(labels: list[Any]) -> list[str]:
    names = [label.get("name") if isinstance(label, dict) else label for label in labels]
    if not all(isinstance(name, str) and name for name in names):
        raise Validation
    return [str(name) for name in names]
