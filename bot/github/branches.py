"""Looking at a branch, deleting it, closing a pull request: each only where nobody else is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.mutations import NOTHING, branch_ref, branch_updated, ref_update, refs_input
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel


@dataclass(frozen=True, slots=True)
class BranchState:
    """A branch's newest commit, and the numbers of the open pull requests that come from it."""

    head: str
    open_pull_requests: tuple[int, ...]


async def branch_state(channel: RepositoryChannel, branch: str) -> BranchState | None:
    """Look at a branch. None: it does not exist."""
    variables = {"branch": branch_ref(branch)}
    found = (await channel.query(documents.BRANCH_STATE, variables, scope=Scope.BUMP))["branch"]
    if found is None:
        return None
    numbers = tuple(node["number"] for node in found["associatedPullRequests"]["nodes"])
    return BranchState(found["target"]["oid"], numbers)


async def delete_branch(channel: RepositoryChannel, branch: str, expected: str) -> bool:
    """Delete a branch that stands at `expected`, in its turn; False where it has moved, or is gone."""
    node = await channel.node()
    async with channel.turn():
        return await remove_branch(channel, node, branch, expected)


async def remove_branch(channel: RepositoryChannel, repository_node: str, branch: str, expected: str) -> bool:
    """Delete a branch that stands at `expected`, inside a turn; False where it has moved, or is gone.

    Raises what GitHub says where the branch stands there and may not be deleted.
    """
    update = ref_update(branch, before=expected, after=NOTHING)
    reply = await channel.mutate(documents.UPDATE_REFS, {"branch": refs_input(repository_node, update)})
    if branch_updated(reply):
        return True
    state = await branch_state(channel, branch)
    if state is not None and state.head == expected:
        reply.raise_problems()
    return False


async def close_with_words(channel: RepositoryChannel, pull_request: str, sentence: str) -> None:
    """Comment on a pull request (its node id) and close it, in one document, so that nothing is said twice."""
    variables = {
        "comment": {"subjectId": pull_request, "body": sentence},
        "pullRequest": {"pullRequestId": pull_request},
    }
    async with channel.turn(content=True):
        reply = await channel.mutate(documents.CLOSE_WITH_WORDS, variables)
    reply.raise_problems()


async def close_pull_request(channel: RepositoryChannel, number: int) -> None:
    """Close a pull request without merging it. Closing a closed one changes nothing."""
    await channel.write("PATCH", "/pulls/{number}", {"number": str(number)}, scope=Scope.BUMP, data={"state": "closed"})
