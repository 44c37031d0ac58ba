"""The merge of a pull request: at once, or through the merge queue of its base, and out of that again."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from bot.github import documents
from bot.github.errors import Conflict, NotFound, UnexpectedAnswer, Unprocessable
from bot.github.scopes import Scope
from bot.policies import MergeMethod

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.requests import CommitText


class MergeRefused(Conflict):
    """GitHub does not merge this now (405), for the reason it gives: a rule, a check, a conflict.

    `.method_not_allowed`: the repository does not allow this way of merging. `.base_moved`: somebody merged into the
    base at the same moment, so that it may be tried again at once.
    """

    @property
    def method_not_allowed(self) -> bool:
        """Whether another merge method would do."""
        return "are not allowed on this repository" in self.message.lower()

    @property
    def base_moved(self) -> bool:
        """Whether nothing is wrong but the moment."""
        return "base branch was modified" in self.message.lower()


@dataclass(frozen=True, slots=True)
class Merged:
    """`commit` is the commit on the base branch that holds the change."""

    commit: str


async def merge(
    channel: RepositoryChannel,
    number: int,
    head: str,
    method: MergeMethod,
    *,
    workflows: bool = False,
    text: CommitText | None = None,
) -> Merged:
    """Merge a pull request if it stands at `head`. `workflows`: it changes some, which takes their permission.

    `text` is the message of the commit that this makes; None: GitHub's own, of the title and what the branch's commits
    say. Commits that are rebased keep theirs. Raises MergeRefused with GitHub's reason when it is not mergeable or a
    rule forbids it (405), Conflict when it stands elsewhere (409).
    """
    data = {"sha": head, "merge_method": method.value, **_written(text, number, method)}
    path, variables = "/pulls/{number}/merge", {"number": str(number)}
    try:
        answer = await channel.write("PUT", path, variables, scope=_merging(workflows=workflows), data=data)
    except Conflict as refused:
        if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
            raise MergeRefused(refused.message, status=refused.status, url=refused.url) from None
        raise
    if not isinstance(answer.data, dict) or not answer.data.get("merged"):
        raise UnexpectedAnswer(f"GitHub did not say that pull request {number} is merged")
    return Merged(str(answer.data["sha"]))


def _written(text: CommitText | None, number: int, method: MergeMethod) -> dict[str, str]:
    """Write the message of a merge: of a squash the whole one with the number, of a merge commit what GitHub puts last.

    https://docs.github.com/en/rest/pulls/pulls, "Merge a pull request".
    """
    if text is None or method is MergeMethod.REBASE:
        return {}
    if method is MergeMethod.MERGE:
        return {"commit_message": text.headline}
    return {"commit_title": f"{text.headline} (#{number})", "commit_message": text.body}


async def enqueue(channel: RepositoryChannel, pull_request: str, head: str, *, workflows: bool = False) -> None:
    """Put a pull request (its node id) into the merge queue of its base if it stands at `head`. Raises Conflict."""
    entry = {"pullRequestId": pull_request, "expectedHeadOid": head}
    async with channel.turn():
        reply = await channel.mutate(documents.ENQUEUE, {"entry": entry}, scope=_merging(workflows=workflows))
    try:
        reply.raise_problems()
    except Unprocessable as refused:
        raise Conflict(str(refused), status=refused.status, url=refused.url) from None


async def dequeue(channel: RepositoryChannel, pull_request: str) -> None:
    """Take a pull request (its node id) out of the merge queue; one that is not in it stays out.

    Raises Conflict where it is in the queue still, NotFound where it is not to be seen. GitHub may answer with an
    error although the pull request did leave, so an error has it looked at.
    """
    async with channel.turn():
        reply = await channel.mutate(documents.DEQUEUE, {"entry": {"id": pull_request}}, scope=Scope.MERGE)
    try:
        reply.raise_problems()
    except Unprocessable as refused:
        if await _in_merge_queue(channel, pull_request):
            raise Conflict(str(refused), status=refused.status, url=refused.url) from None


async def _in_merge_queue(channel: RepositoryChannel, pull_request: str) -> bool:
    variables = {"pullRequest": pull_request}
    reply = await channel.github.graphql(channel.access(Scope.MERGE), documents.IN_MERGE_QUEUE, variables)
    reply.raise_problems()
    found = (reply.data.get("node") or {}).get("isInMergeQueue")
    if found is None:
        raise NotFound("the pull request to take out of the merge queue is not there", url=reply.url)
    return bool(found)


def _merging(*, workflows: bool) -> Scope:
    return Scope.WORKFLOWS if workflows else Scope.MERGE
