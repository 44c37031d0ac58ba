"""Looking at a branch, deleting it, closing a pull request: each only where nobody else is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.errors import GitHubUnavailable, RateLimited
from bot.github.graphql import failure
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


async def delete_branch(channel: RepositoryChannel, branch: str, expected: str, *, paced: bool = True) -> bool:
    """Delete a branch that stands at `expected`; False where it has moved, or is gone."""
    node = await channel.node()
    update = ref_update(branch, before=expected, after=NOTHING)
    async with channel.turn(paced=paced):
        reply = await channel.mutate(documents.UPDATE_REFS, {"branch": refs_input(node, update)})
    if not branch_updated(reply) and reply.problems:
        problem = failure(reply.problems, reply.url)
        if isinstance(problem, (GitHubUnavailable, RateLimited)):
            raise problem
    return branch_updated(reply)


async def close_pull_request(channel: RepositoryChannel, number: int) -> None:
    """Close a pull request without merging it. Closing a closed one changes nothing."""
    await channel.write("PATCH", "/pulls/{number}", {"number": str(number)}, scope=Scope.BUMP, data={"state": "closed"})
