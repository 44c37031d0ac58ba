"""A pull request of the bot on a new base: one commit takes the place of what was on its branch.

GitHub closes a pull request for good when its branch stands at its base even for a moment. So the commit is made
on a branch beside it, and the pull request's branch goes from commit to commit in one step.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.branches import remove_branch
from bot.github.errors import Conflict, GitHubError, Unprocessable
from bot.github.graphql import failure
from bot.github.mutations import (
    NOTHING,
    branch_updated,
    commit_input,
    commit_made,
    ref_update,
    refs_input,
)
from bot.github.scopes import writing
from bot.github.updating import described, description, put_description_back, refusal

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.requests import Opened, RebuildPullRequest


async def rebuild(channel: RepositoryChannel, request: RebuildPullRequest) -> Opened:
    """Commit on `base_commit` beside the branch, then move the branch there, in two documents.

    Raises Conflict when the branch does not stand at `expected_head`, and what else GitHub refuses; the branch is
    then as it was, and the one beside it gone.
    """
    beside, stands = beside_branch(request.branch), request.base_commit
    async with channel.turn():
        try:
            stands = await _commit_beside(channel, request, beside)
            return await _move(channel, request, beside, stands)
        except GitHubError:
            with suppress(GitHubError):
                await remove_branch(channel, request.node, beside, stands)
            raise


def beside_branch(branch: str) -> str:
    """Return the name of the branch that a rebuild works on; the same each time, so that none is left behind."""
    return f"niro-rebuild/{hashlib.sha256(branch.encode()).hexdigest()[:16]}"


async def _commit_beside(channel: RepositoryChannel, request: RebuildPullRequest, beside: str) -> str:
    """Make the commit. A branch that an earlier attempt left there is taken over: nobody else writes to it."""
    variables = {
        "branch": refs_input(request.node, ref_update(beside, after=request.base_commit, force=True)),
        "commit": commit_input(channel.full_name, beside, request.base_commit, request.files, request.message),
    }
    reply = await channel.mutate(documents.COMMIT_BESIDE, variables, scope=writing(request.files))
    commit = commit_made(reply)
    if commit is not None and branch_updated(reply):
        return commit
    if commit is None and not reply.problems:
        raise Unprocessable("GitHub made no commit", url=reply.url)
    if commit is None:
        raise failure(reply.problems, reply.url)
    raise Conflict(f"somebody else works on {beside}", url=reply.url)


async def _move(channel: RepositoryChannel, request: RebuildPullRequest, beside: str, commit: str) -> Opened:
    updates = (
        ref_update(request.branch, before=request.expected_head, after=commit, force=True),
        ref_update(beside, before=commit, after=NOTHING),
    )
    variables = {"branch": refs_input(request.node, *updates), "pullRequest": description(request)}
    reply = await channel.mutate(documents.MOVE_BRANCH, variables, scope=writing(request.files))
    if branch_updated(reply):
        return described(reply, commit)
    await put_description_back(channel, request, reply)
    raise await refusal(channel, request, reply)
