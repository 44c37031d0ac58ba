"""What decides whether a pull request may be merged, as GitHub tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.bumps import Check, CheckState, Mergeable, PullRequestState
from bot.github import documents
from bot.github.actors import actor_login
from bot.github.errors import Conflict, NotFound
from bot.github.heads import POLICY_PATH, policy_blob
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel
    from bot.github.heads import PolicyBlob


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


@dataclass(frozen=True, slots=True)
class MergePullRequestFacts:
    """A pull request on its way to being merged.

    `policy` is the policy file of the default branch. `branch` is where the pull request comes from.
    `required` names every check that branch protection or a ruleset demands, also those that have not reported.
    `merge_queue`: the base takes merges only through its queue (use `enqueue`); `in_merge_queue`: it is there already.
    `merge_state` is GitHub's mergeStateStatus ("CLEAN", "BLOCKED", "BEHIND", ...), a hint for people.
    """

    number: int
    node: str
    title: str
    url: str
    state: PullRequestState
    draft: bool
    branch: str
    head: str
    default_branch: str
    base_branch: str
    author_login: str
    mergeable: Mergeable
    merge_state: str
    checks: tuple[Check, ...]
    required: tuple[str, ...]
    merge_queue: bool
    in_merge_queue: bool
    policy: PolicyBlob | None


async def merge_facts(channel: RepositoryChannel, number: int) -> MergePullRequestFacts:
    """Read what decides whether a pull request may be merged, in one query up to 100 checks.

    Raises NotFound without such a pull request. Any part that GitHub does not show is an error: what is not seen is
    never taken for green.
    """
    repository = await _page(channel, number, None)
    found, default = repository["pullRequest"], repository["default"]
    checks = tuple(_check(node) for node in await _every_context(channel, found) if node)
    return MergePullRequestFacts(
        number=found["number"],
        node=found["id"],
        title=found["title"],
        url=found["url"],
        state=PullRequestState(found["state"]),
        draft=found["isDraft"],
        branch=found["headRefName"],
        head=found["headRefOid"],
        default_branch=default["name"],
        base_branch=found["baseRefName"],
        author_login=actor_login(found["author"]),
        mergeable=Mergeable(found["mergeable"]),
        merge_state=found["mergeStateStatus"],
        checks=checks,
        required=_required(found["baseRef"], checks),
        merge_queue=found["isMergeQueueEnabled"],
        in_merge_queue=found["isInMergeQueue"],
        policy=await policy_blob(channel, default["target"]["policy"], scope=Scope.MERGE),
    )


async def _page(channel: RepositoryChannel, number: int, after: str | None) -> dict[str, Any]:
    variables = {"number": number, "after": after, "policy": POLICY_PATH}
    repository = await channel.query(documents.MERGE_FACTS, variables, scope=Scope.MERGE)
    if repository["pullRequest"] is None or repository["default"] is None:
        raise NotFound(f"{channel.full_name} has no pull request {number}")
    return repository


async def _every_context(channel: RepositoryChannel, found: dict[str, Any]) -> list[dict[str, Any] | None]:
    """Read the checks of the head, page by page. Raises Conflict when it moves meanwhile."""
    contexts = _contexts(found)
    nodes: list[dict[str, Any] | None] = [*contexts["nodes"]]
    while contexts["pageInfo"]["hasNextPage"]:
        page = await _page(channel, found["number"], contexts["pageInfo"]["endCursor"])
        if page["pullRequest"]["headRefOid"] != found["headRefOid"]:
            raise Conflict(f"pull request {found['number']} moved while its checks were read")
        contexts = _contexts(page["pullRequest"])
        nodes += contexts["nodes"]
    return nodes


def _contexts(found: dict[str, Any]) -> dict[str, Any]:
    """Return the checks of the head. While GitHub still lists an older commit, nothing has reported."""
    for node in found["commits"]["nodes"]:
        rollup = node["commit"]["statusCheckRollup"]
        if node["commit"]["oid"] == found["headRefOid"] and rollup is not None:
            contexts: dict[str, Any] = rollup["contexts"]
            return contexts
    return {"pageInfo": {"hasNextPage": False, "endCursor": None}, "nodes": []}


def _check(node: dict[str, Any]) -> Check:
    if node["__typename"] == "StatusContext":
        return Check(node["context"], node["isRequired"], _STATUS.get(node["state"], CheckState.FAILURE))
    if node["status"] != "COMPLETED":
        return Check(node["name"], node["isRequired"], CheckState.PENDING)
    return Check(node["name"], node["isRequired"], _CONCLUSION.get(node["conclusion"], CheckState.FAILURE))


def _required(base: dict[str, Any] | None, checks: tuple[Check, ...]) -> tuple[str, ...]:
    """Name every check that must pass: of branch protection, of rulesets, and those that say so themselves."""
    names = [check.name for check in checks if check.required]
    if base is not None:
        names += (base["refUpdateRule"] or {}).get("requiredStatusCheckContexts") or []
        for rule in (base["rules"] or {}).get("nodes") or []:
            demanded = ((rule or {}).get("parameters") or {}).get("requiredStatusChecks") or []
            names += [check["context"] for check in demanded]
    return tuple(sorted({name for name in names if name}))
