"""The checks that have reported on the head of a pull request: check runs and commit statuses alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.bumps import Check, CheckState
from bot.github import documents
from bot.github.errors import Conflict, NotFound
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

_STATUS: Final = {
    "SUCCESS": CheckState.SUCCESS,
    "PENDING": CheckState.PENDING,
    "EXPECTED": CheckState.PENDING,
}
_CONCLUSION: Final = {
    "SUCCESS": CheckState.SUCCESS,
    "NEUTRAL": CheckState.NEUTRAL,
    "SKIPPED": CheckState.SKIPPED,
}
"""Whatever else GitHub may say, now or in a later version, is a failure."""


async def reported_checks(channel: RepositoryChannel, found: dict[str, Any]) -> tuple[Check, ...]:
    """Take the checks of a pull request out of a GraphQL answer; the further ones of more than 100 page by page.

    Raises Conflict when the head moves meanwhile.
    """
    contexts = _contexts(found)
    nodes = [*contexts["nodes"]]
    while contexts["pageInfo"]["hasNextPage"]:
        contexts = _contexts(await _page(channel, found, contexts["pageInfo"]["endCursor"]))
        nodes += contexts["nodes"]
    return tuple([await _check(channel, node) for node in nodes if node])


async def _page(channel: RepositoryChannel, found: dict[str, Any], after: str) -> dict[str, Any]:
    variables = {"number": found["number"], "after": after}
    repository = await channel.query(documents.MORE_CHECKS, variables, scope=Scope.MERGE)
    page: dict[str, Any] | None = repository["pullRequest"]
    if page is None:
        raise NotFound(f"{channel.full_name} has no pull request {found['number']}")
    if page["headRefOid"] != found["headRefOid"]:
        raise Conflict(f"pull request {found['number']} moved while its checks were read")
    return page


def _contexts(found: dict[str, Any]) -> dict[str, Any]:
    """Return the checks of the head. While GitHub still lists an older commit, nothing has reported."""
    for node in found["commits"]["nodes"]:
        rollup = node["commit"]["statusCheckRollup"]
        if node["commit"]["oid"] == found["headRefOid"] and rollup is not None:
            contexts: dict[str, Any] = rollup["contexts"]
            return contexts
    return {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}


async def _check(channel: RepositoryChannel, node: dict[str, Any]) -> Check:
    if node["__typename"] == "StatusContext":
        return Check(node["context"], node["isRequired"], _STATUS.get(node["state"], CheckState.FAILURE))
    state = _CONCLUSION.get(node["conclusion"], CheckState.FAILURE)
    if node["status"] != "COMPLETED":
        state = CheckState.PENDING
    app = ((node["checkSuite"] or {}).get("app") or {}).get("databaseId")
    return Check(node["name"], node["isRequired"], state, own=await _is_own(channel, app), app=app)


async def _is_own(channel: RepositoryChannel, app: int | None) -> bool:
    """Tell whether a check run is the bot's own: its suite is of this very App."""
    return app is not None and app == (await channel.github.identity()).app_id
