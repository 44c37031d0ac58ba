"""The merge of a pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.errors import Conflict, UnexpectedAnswer, Unprocessable
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.policies import MergeMethod


@dataclass(frozen=True, slots=True)
class Merged:
    """`commit` is the commit on the base branch that holds the change."""

    commit: str


async def merge(
    channel: RepositoryChannel, number: int, head: str, method: MergeMethod, *, workflows: bool = False
) -> Merged:
    """Merge a pull request if it stands at `head`. `workflows`: it changes some, which takes their permission.

    Raises Conflict with GitHub's reason when it does not, is not mergeable, or a rule forbids it (405, 409).
    """
    data = {"sha": head, "merge_method": method.value}
    path, variables = "/pulls/{number}/merge", {"number": str(number)}
    answer = await channel.write("PUT", path, variables, scope=_merging(workflows=workflows), data=data)
    if not isinstance(answer.data, dict) or not answer.data.get("merged"):
        raise UnexpectedAnswer(f"GitHub did not say that pull request {number} is merged")
    return Merged(str(answer.data["sha"]))


async def enqueue(channel: RepositoryChannel, pull_request: str, head: str, *, workflows: bool = False) -> None:
    """Put a pull request (its node id) into the merge queue of its base if it stands at `head`. Raises Conflict."""
    entry = {"pullRequestId": pull_request, "expectedHeadOid": head}
    async with channel.turn():
        reply = await channel.mutate(documents.ENQUEUE, {"entry": entry}, scope=_merging(workflows=workflows))
    try:
        reply.raise_problems()
    except Unprocessable as refused:
        raise Conflict(str(refused), status=refused.status, url=refused.url) from None


def _merging(*, workflows: bool) -> Scope:
    return Scope.WORKFLOWS if workflows else Scope.MERGE
