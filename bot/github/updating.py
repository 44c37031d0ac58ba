"""One more commit on the branch of a pull request, with a new description."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github import documents
from bot.github.branches import branch_state
from bot.github.errors import Conflict, GitHubError, Unprocessable
from bot.github.graphql import failure
from bot.github.mutations import commit_input, commit_made, pull_request_made
from bot.github.opening import as_opened
from bot.github.scopes import writing

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.graphql import Reply
    from bot.github.requests import Opened, RebuildPullRequest, UpdatePullRequest


async def add_commit(channel: RepositoryChannel, request: UpdatePullRequest) -> Opened:
    """Commit on top of `expected_head` and describe the pull request anew, in one document.

    Raises Conflict when the branch has moved, and what else GitHub refuses.
    """
    commit = commit_input(channel.full_name, request.branch, request.expected_head, request.files, request.message)
    async with channel.turn():
        variables = {"commit": commit, "pullRequest": description(request)}
        reply = await channel.mutate(documents.ADD_COMMIT, variables, scope=writing(request.files))
        made = commit_made(reply)
        if made is None:
            await put_description_back(channel, request, reply)
            raise await refusal(channel, request, reply)
    return described(reply, made)


def description(request: UpdatePullRequest | RebuildPullRequest) -> dict[str, Any]:
    """Write the UpdatePullRequestInput for the new title and body."""
    return {"pullRequestId": request.pull_request, "title": request.title, "body": request.body}


def described(reply: Reply, commit: str) -> Opened:
    """Read the pull request whose branch now stands at `commit`. Raises why it could not be described."""
    reply.raise_problems()
    changed = pull_request_made(reply)
    if changed is None:
        raise Conflict("the pull request is not there any more", url=reply.url)
    return as_opened(changed, commit)


async def put_description_back(
    channel: RepositoryChannel, request: UpdatePullRequest | RebuildPullRequest, reply: Reply
) -> None:
    """Undo a new description whose commit did not come to be, where the one before is known."""
    if pull_request_made(reply) is None or request.previous_title is None or request.previous_body is None:
        return
    before = {"pullRequestId": request.pull_request, "title": request.previous_title, "body": request.previous_body}
    await channel.mutate(documents.DESCRIBE, {"pullRequest": before})


async def refusal(
    channel: RepositoryChannel, request: UpdatePullRequest | RebuildPullRequest, reply: Reply
) -> GitHubError:
    """Tell why the branch did not take our commit: it has moved (Conflict), or GitHub's own reason."""
    problems = [problem for problem in reply.problems if not problem.field.startswith("pullRequest")]
    problem = failure(problems, reply.url) if problems else Unprocessable("GitHub made no commit", url=reply.url)
    if not isinstance(problem, Unprocessable):
        return problem
    state = await branch_state(channel, request.branch)
    if state is None or state.head != request.expected_head:
        return Conflict(f"{request.branch} does not stand at {request.expected_head} any more", url=reply.url)
    return problem
