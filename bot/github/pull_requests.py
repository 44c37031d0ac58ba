"""One pull request, looked up by its number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.bumps import PullRequestState
from bot.github.errors import NotFound, UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel


@dataclass(frozen=True, slots=True)
class OnePullRequest:
    """A pull request as it stands now. `cross_repository`: its branch is in another repository, or in none any more."""

    number: int
    node: str
    state: PullRequestState
    head: str
    branch: str
    base_branch: str
    author_login: str
    cross_repository: bool


async def pull_request(channel: RepositoryChannel, number: int) -> OnePullRequest | None:
    """Read a pull request. None: there is none of this number."""
    try:
        told = (await channel.rest("GET", "/pulls/{number}", {"number": str(number)}, scope=Scope.TALK)).data
    except NotFound:
        return None
    if not isinstance(told, dict) or told.get("number") != number:
        raise UnexpectedAnswer(f"the answer holds no pull request {number}")
    return OnePullRequest(
        number=number,
        node=told["node_id"],
        state=_state(told),
        head=told["head"]["sha"],
        branch=told["head"]["ref"],
        base_branch=told["base"]["ref"],
        author_login=str((told.get("user") or {}).get("login") or ""),
        cross_repository=(told["head"].get("repo") or {}).get("id") != told["base"]["repo"]["id"],
    )


def _state(told: dict[str, Any]) -> PullRequestState:
    if told.get("merged") or told.get("merged_at"):
        return PullRequestState.MERGED
    return PullRequestState.OPEN if told["state"] == "open" else PullRequestState.CLOSED
