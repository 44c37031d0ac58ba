"""Labels, reviewers and assignees of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.github.channel import RepositoryChannel


async def label(
    channel: RepositoryChannel,
    number: int,
    wanted: Sequence[str],
    reviewers: Sequence[str] = (),
    assignees: Sequence[str] = (),
) -> None:
    """Add labels (GitHub makes those it does not know), ask for reviews, assign people: a request for each kind given.

    A reviewer written "org/team" is a team. What is there already stays.
    """
    requests: list[tuple[str, dict[str, Any]]] = []
    if wanted:
        requests.append(("/issues/{number}/labels", {"labels": list(wanted)}))
    if reviewers:
        requests.append(("/pulls/{number}/requested_reviewers", _reviewers(reviewers)))
    if assignees:
        requests.append(("/issues/{number}/assignees", {"assignees": list(assignees)}))
    for path, data in requests:
        told = path.endswith("requested_reviewers")
        await channel.write("POST", path, {"number": str(number)}, scope=Scope.BUMP, data=data, content=told)


def _reviewers(reviewers: Sequence[str]) -> dict[str, list[str]]:
    people = [reviewer for reviewer in reviewers if "/" not in reviewer]
    teams = [reviewer.partition("/")[2] for reviewer in reviewers if "/" in reviewer]
    return {"reviewers": people, "team_reviewers": teams}
