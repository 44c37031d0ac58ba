"""Opening a pull request: all of it at once, or nothing that stays.

GitHub runs the mutations of a document in order and does not stop at one that fails. An opening counts only
if every one succeeded and the pull request's head is our commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github import documents
from bot.github.branches import branch_state
from bot.github.errors import Unprocessable
from bot.github.git_objects import REQUESTS, NewCommit, create_commit, needs_modes
from bot.github.mutations import (
    NOTHING,
    branch_updated,
    commit_input,
    commit_made,
    pull_request_made,
    ref_update,
    refs_input,
)
from bot.github.requests import CreatePullRequest, HalfOpened, Opened, OpeningFailed, OpenPullRequest
from bot.github.scopes import Scope, writing

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.graphql import Reply


async def open_pull_request(channel: RepositoryChannel, request: OpenPullRequest) -> Opened:
    """Make the branch, its commit and the pull request in one document.

    Files whose mode is not 100644 keep it: their commit is made before, on no branch, which takes two requests more.
    Raises OpeningFailed when any of it failed, after taking back what half-happened; Unprocessable for a branch
    that is its own base; and what GitHub says to making that commit.
    """
    if request.branch == request.base_branch:
        raise Unprocessable(f"a pull request cannot go from {request.branch} to itself")
    if needs_modes(request.files, request.modes):
        return await _open_from_commit(channel, request)
    async with channel.turn(content=True):
        wish = _opening(channel.full_name, request)
        reply = await channel.mutate(documents.OPEN_PULL_REQUEST, wish, scope=writing(request.files))
        return await _settled(channel, request, reply, commit_made(reply))


async def create_pull_request(channel: RepositoryChannel, request: CreatePullRequest) -> Opened:
    """Open a pull request from a branch that stands at `request.head`. Raises OpeningFailed."""
    async with channel.turn(content=True):
        variables = {"pullRequest": _pull_request(request)}
        reply = await channel.mutate(documents.CREATE_PULL_REQUEST, variables)
        opened = pull_request_made(reply)
        if not reply.problems and opened is not None and opened["headRefOid"] == request.head:
            return as_opened(opened, request.head)
        closed = await _close(channel, opened)
        state = await branch_state(channel, request.branch)
    raise OpeningFailed(
        f"no pull request could be opened from {request.branch}",
        errors=reply.messages or ("the branch has moved",),
        closed=closed,
        state=HalfOpened(
            branch_created=False,
            commit=None,
            pull_request=opened["number"] if opened else None,
            branch_head=state.head if state else None,
        ),
    )


def as_opened(pull_request: dict[str, Any], commit: str) -> Opened:
    """Read the fields of a pull request that a document opened or changed."""
    return Opened(pull_request["number"], pull_request["url"], commit, pull_request["id"])


async def _open_from_commit(channel: RepositoryChannel, request: OpenPullRequest) -> Opened:
    wanted = NewCommit(request.base_commit, request.tree, request.files, request.modes, request.message)
    async with channel.turn(content=True, writes=REQUESTS + 1):
        commit = await create_commit(channel, wanted)
        branch = refs_input(request.node, ref_update(request.branch, before=NOTHING, after=commit))
        wish = {"branch": branch, "pullRequest": _pull_request(request)}
        reply = await channel.mutate(documents.OPEN_FROM_COMMIT, wish, scope=writing(request.files))
        return await _settled(channel, request, reply, commit if branch_updated(reply) else None)


async def _settled(channel: RepositoryChannel, request: OpenPullRequest, reply: Reply, commit: str | None) -> Opened:
    """Return the pull request where all went well; else take back what half-happened and raise OpeningFailed.

    `commit` is what the branch stands at through this opening.
    """
    opened = pull_request_made(reply)
    if not reply.problems and opened is not None and commit is not None and opened["headRefOid"] == commit:
        return as_opened(opened, commit)
    return await _take_back(channel, request, reply, commit)


def _opening(full_name: str, request: OpenPullRequest) -> dict[str, Any]:
    from_nothing = ref_update(request.branch, before=NOTHING, after=request.base_commit)
    return {
        "branch": refs_input(request.node, from_nothing),
        "commit": commit_input(full_name, request.branch, request.base_commit, request.files, request.message),
        "pullRequest": _pull_request(request),
    }


def _pull_request(request: OpenPullRequest | CreatePullRequest) -> dict[str, Any]:
    return {
        "repositoryId": request.node,
        "baseRefName": request.base_branch,
        "headRefName": request.branch,
        "title": request.title,
        "body": request.body,
    }


async def _close(channel: RepositoryChannel, opened: dict[str, Any] | None) -> bool:
    if opened is None:
        return False
    number = {"number": str(opened["number"])}
    await channel.rest("PATCH", "/pulls/{number}", number, scope=Scope.BUMP, data={"state": "closed"})
    return True


async def _take_back(channel: RepositoryChannel, request: OpenPullRequest, reply: Reply, commit: str | None) -> Opened:
    """Close the pull request, put the branch back to what it was, and raise OpeningFailed."""
    opened = pull_request_made(reply)
    closed = await _close(channel, opened)
    branch_head = await _restore_branch(channel, request, created=branch_updated(reply), commit=commit)
    raise OpeningFailed(
        f"the pull request from {request.branch} could not be opened as a whole",
        errors=reply.messages or ("the pull request's head is not our commit",),
        closed=closed,
        state=HalfOpened(
            branch_created=branch_updated(reply),
            commit=commit,
            pull_request=opened["number"] if opened else None,
            branch_head=branch_head,
        ),
    )


async def _restore_branch(
    channel: RepositoryChannel, request: OpenPullRequest, *, created: bool, commit: str | None
) -> str | None:
    """Undo what this opening did to the branch; returns where it stands now, None: it does not exist.

    A branch of ours is deleted, one that was there before goes back to where it stood. Neither happens once somebody
    pushed to it or opened a pull request from it.
    """
    state = await branch_state(channel, request.branch)
    if state is None:
        return None
    untouched = not created and commit is None
    if untouched or state.open_pull_requests or state.head not in {request.base_commit, commit}:
        return state.head
    after = NOTHING if created else request.base_commit
    update = ref_update(request.branch, before=state.head, after=after, force=True)
    reply = await channel.mutate(documents.UPDATE_REFS, {"branch": refs_input(request.node, update)})
    if not branch_updated(reply):
        return state.head
    return None if created else after
