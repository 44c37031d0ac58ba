"""A commit straight onto a branch, without a pull request."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.branches import remove_branch
from bot.github.errors import GitHubError, Unprocessable
from bot.github.git_objects import REQUESTS, NewCommit, create_commit, needs_modes
from bot.github.graphql import failure
from bot.github.mutations import NOTHING, branch_updated, commit_input, commit_made, ref_update, refs_input
from bot.github.scopes import writing
from bot.github.updating import refusal

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.graphql import Reply
    from bot.github.requests import CommitToBranch


async def commit(channel: RepositoryChannel, request: CommitToBranch) -> str:
    """Put one commit onto a branch, which is made where `head` is None, and return the commit's id.

    One document; files whose mode is not 100644 keep it, which takes two requests more. Raises Conflict when the branch
    does not stand at `head`, and what else GitHub refuses; the branch is then as it was.
    """
    if needs_modes(request.files, request.modes):
        return await _made(channel, request)
    async with channel.turn(content=True):
        reply = await _document(channel, request)
        done = commit_made(reply)
        if done is not None:
            return done
        if not branch_updated(reply):
            raise await refusal(channel, request.branch, request.head, reply)
        with suppress(GitHubError):
            await remove_branch(channel, request.node, request.branch, request.base_commit)
        raise _reason(reply)


async def _document(channel: RepositoryChannel, request: CommitToBranch) -> Reply:
    below, scope = request.head or request.base_commit, writing(request.files)
    one = {"commit": commit_input(channel.full_name, request.branch, below, request.files, request.message)}
    if request.head is not None:
        return await channel.mutate(documents.COMMIT, one, scope=scope)
    branch = refs_input(request.node, ref_update(request.branch, before=NOTHING, after=below))
    return await channel.mutate(documents.COMMIT_ON_NEW_BRANCH, {"branch": branch, **one}, scope=scope)


async def _made(channel: RepositoryChannel, request: CommitToBranch) -> str:
    """Make the commit on no branch, then move the branch there."""
    below = request.head or request.base_commit
    wanted = NewCommit(below, request.tree, request.files, request.modes, request.message)
    async with channel.turn(content=True, writes=REQUESTS + 1):
        done = await create_commit(channel, wanted)
        update = ref_update(request.branch, before=request.head or NOTHING, after=done)
        variables = {"branch": refs_input(request.node, update)}
        reply = await channel.mutate(documents.UPDATE_REFS, variables, scope=writing(request.files))
        if branch_updated(reply):
            return done
        raise await refusal(channel, request.branch, request.head, reply)


def _reason(reply: Reply) -> GitHubError:
    if reply.problems:
        return failure(reply.problems, reply.url)
    return Unprocessable("GitHub made no commit", url=reply.url)
