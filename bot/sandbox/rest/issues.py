"""What stands around issues and pull requests: labels, comments, assignees."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.sandbox.model import PullRequest
from bot.sandbox.refusals import FieldError, Validation
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


@operation("issues/list-for-repo", "GET", "/repos/{owner}/{repo}/issues")
async def list_issues(call: Call) -> Answer:
    """List issues and pull requests, open ones unless asked otherwise, newest first."""
    repository, state = call.repository("issues"), call.query.get("state", "open")
    found = [issue for issue in repository.issues.values() if state in {"all", issue.state} and _asked_for(call, issue)]
    name = "updated_at" if call.query.get("sort") == "updated" else "created_at"
    downwards = call.query.get("direction", "desc") == "desc"
    found.sort(key=lambda issue: (getattr(issue, name), issue.number), reverse=downwards)
    return call.page([issues.issue(call.world, issue) for issue in found])


@operation("issues/create", "POST", "/repos/{owner}/{repo}/issues")
async def create_issue(call: Call) -> Answer:
    """Open an issue, with labels and assignees as far as they are given."""
    repository, title = call.repository("issues", "write"), call.required("title", str)
    labels, assignees = call.optional("labels", list) or [], call.optional("assignees", list) or []
    call.world.limits.create_content(call.token)
    issue = await call.world.issues.open(repository, title=title, body=call.optional("body", str), actor=call.actor)
    await call.world.issues.add_labels(issue, _names(labels), call.actor)
    await call.world.issues.assign(issue, assignees, call.actor)
    return Answer(issues.issue(call.world, issue), status=201)


@operation("issues/update", "PATCH", "/repos/{owner}/{repo}/issues/{issue_number}")
async def update_issue(call: Call) -> Answer:
    """Change title, text and state, and replace labels and assignees, as far as they are given."""
    issue, labels, assignees = _issue(call, "write"), call.optional("labels", list), call.optional("assignees", list)
    await _change(call, issue)
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
    """List the comments, oldest first; ``since`` leaves out what was not changed since."""
    issue, since = _issue(call), _moment(call.query.get("since"))
    found = [comment for comment in issue.comments if since is None or comment.updated_at >= since]
    return call.page([issues.comment(call.world, issue, comment) for comment in found])


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


@operation("issues/delete-comment", "DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}")
async def delete_comment(call: Call) -> Answer:
    """Take a comment away."""
    issue, comment = _comment(call, "write")
    await call.world.issues.delete_comment(issue, comment, call.actor)
    return Answer(status=204)


@operation("reactions/list-for-issue-comment", "GET", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions")
async def list_reactions(call: Call) -> Answer:
    """List the reactions to a comment."""
    _, comment = _comment(call)
    return call.page([issues.reaction(call.world, found) for found in comment.reactions])


@operation("reactions/create-for-issue-comment", "POST", "/repos/{owner}/{repo}/issues/comments/{comment_id}/reactions")
async def create_reaction(call: Call) -> Answer:
    """React to a comment: 201, or 200 where the reaction stands already."""
    (_, comment), content = _comment(call, "write"), call.required("content", str)
    if content not in issues.REACTIONS:
        raise Validation(errors=(FieldError("Reaction", "invalid", "content"),))
    reaction, new = call.world.issues.react(comment, content, call.actor)
    return Answer(issues.reaction(call.world, reaction), status=201 if new else 200)


async def _change(call: Call, issue: Issue) -> None:
    """Change title, text and state as the body says; a pull request follows its own rules."""
    world, texts, state = (
        call.world,
        {name: call.optional(name, str) for name in ("title", "body")},
        call.optional("state", str),
    )
    if not isinstance(issue, PullRequest):
        await world.issues.update(issue, call.actor, **texts)
        await world.issues.set_state(issue, state or issue.state, call.actor)
        return
    await world.pulls.update(issue, call.actor, **texts)
    if state is not None:
        await (world.pulls.close if state == "closed" else world.pulls.reopen)(issue, call.actor)


def _asked_for(call: Call, issue: Issue) -> bool:
    since, wanted = _moment(call.query.get("since")), {name for name in call.query.get("labels", "").split(",") if name}
    return (
        call.query.get("creator", issue.author.login).lower() == issue.author.login.lower()
        and wanted <= {label.name for label in issue.labels}
        and (since is None or issue.updated_at >= since)
    )


def _moment(text: str | None) -> datetime | None:
    """Return a time of the query, in whole seconds as GitHub compares them; raises Validation."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as invalid:
        raise Validation("The since parameter is not a time") from invalid


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
