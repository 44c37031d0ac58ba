"""One more commit on the branch of a pull request, with a new description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github import documents
from bot.github.branches import branch_state
from bot.github.errors import Conflict, GitHubError, Unprocessable
from bot.github.git_objects import REQUESTS, NewCommit, create_commit, needs_modes
from bot.github.graphql import failure
from bot.github.mutations import branch_updated, commit_input, commit_made, pull_request_made, ref_update, refs_input
from bot.github.opening import as_opened
from bot.github.scopes import writing

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.graphql import Reply
    from bot.github.requests import Opened, RebuildPullRequest, UpdatePullRequest


@dataclass(frozen=True, slots=True)
class Move:
    """Where a branch goes: to `commit`; `force`: also where commits are left behind. `node`: of the repository."""

    node: str
    commit: str
    force: bool = False


async def add_commit(channel: RepositoryChannel, request: UpdatePullRequest) -> Opened:
    """Commit on top of `expected_head` and describe the pull request anew, in one document.

    Files whose mode is not 100644 keep it, which takes two requests more.
    Raises Conflict when the branch has moved, and what else GitHub refuses.
    """
    if needs_modes(request.files, request.modes):
        return await _add_made_commit(channel, request)
    commit = commit_input(channel.full_name, request.branch, request.expected_head, request.files, request.message)
    async with channel.turn(content=True):
        variables = {"commit": commit, "pullRequest": description(request)}
        reply = await channel.mutate(documents.ADD_COMMIT, variables, scope=writing(request.files))
        made = commit_made(reply)
        if made is None:
            await put_description_back(channel, request, reply)
            raise await refusal(channel, request.branch, request.expected_head, reply)
    return described(reply, made)


async def move_branch(
    channel: RepositoryChannel, move: Move, request: UpdatePullRequest | RebuildPullRequest
) -> Opened:
    """Move the branch from `expected_head` to a commit and describe the pull request, in one document, inside a turn.

    Raises Conflict when the branch has moved, and what else GitHub refuses.
    """
    update = ref_update(request.branch, before=request.expected_head, after=move.commit, force=move.force)
    variables = {"branch": refs_input(move.node, update), "pullRequest": description(request)}
    reply = await channel.mutate(documents.MOVE_BRANCH, variables, scope=writing(request.files))
    if branch_updated(reply):
        return described(reply, move.commit)
    await put_description_back(channel, request, reply)
    raise await refusal(channel, request.branch, request.expected_head, reply)


async def redescribe(channel: RepositoryChannel, pull_request: str, title: str, body: str) -> None:
    """Give a pull request (its node id) another title and body. Raises what GitHub refuses."""
    change = {"pullRequestId": pull_request, "title": title, "body": body}
    async with channel.turn(content=True):
        reply = await channel.mutate(documents.DESCRIBE, {"pullRequest": change})
    reply.raise_problems()


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


async def refusal(channel: RepositoryChannel, branch: str, expected: str | None, reply: Reply) -> GitHubError:
    """Tell why a branch did not take our commit: it has moved (Conflict), or GitHub's own reason.

    `expected`: where the branch should stand, None: it should not be there.
    """
    problems = [problem for problem in reply.problems if not problem.field.startswith("pullRequest")]
    problem = failure(problems, reply.url) if problems else Unprocessable("GitHub made no commit", url=reply.url)
    if not isinstance(problem, Unprocessable):
        return problem
    state = await branch_state(channel, branch)
    if (state.head if state else None) == expected:
        return problem
    if expected is None:
        return Conflict(f"{branch} is there already", url=reply.url)
    return Conflict(f"{branch} does not stand at {expected} any more", url=reply.url)


async def _add_made_commit(channel: RepositoryChannel, request: UpdatePullRequest) -> Opened:
    wanted = NewCommit(request.expected_head, request.tree, request.files, request.modes, request.message)
    node = await channel.node()
    async with channel.turn(content=True, writes=REQUESTS + 1):
        commit = await create_commit(channel, wanted)
        return await move_branch(channel, Move(node, commit), request)
