"""Finds what a global id names, whatever its type, for those who may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.checks import CheckRunNode, StatusNode
from bot.sandbox.graphql.git_nodes import git_node
from bot.sandbox.model import CheckRun, CommitStatus, QueueEntry, Repository
from bot.sandbox.refusals import NotFound

if TYPE_CHECKING:
    from bot.sandbox.graphql.resolving import Call, Fields


async def find_node(call: Call, identifier: str) -> Any:
    """Return the record or git object with a global id; raises NotFound in GitHub's words."""
    if "_kwDO" in identifier:
        found: Any = await git_node(call, identifier)
    else:
        found = _known(call, call.world.node(identifier))
    repository = _repository(found)
    if found is None or (repository is not None and not call.token.sees(repository)):
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    return found


def _known(call: Call, record: Any) -> Any:
    """Give a check or a status its repository, which their records do not name."""
    for repository in call.world.repositories.values():
        if isinstance(record, CheckRun) and record.id in repository.check_runs:
            return CheckRunNode(repository, record)
        if isinstance(record, CommitStatus) and record in repository.statuses:
            return StatusNode(repository, record)
    return record


def _repository(record: Any) -> Repository | None:
    if isinstance(record, Repository):
        return record
    return record.pull.repository if isinstance(record, QueueEntry) else getattr(record, "repository", None)


async def _node(_: Any, call: Call) -> Any:
    return await find_node(call, call.arguments["id"])


async def _nodes(_: Any, call: Call) -> list[Any]:
    return [await find_node(call, identifier) for identifier in call.arguments["ids"]]


NODE_TYPES: dict[str, Fields] = {"Query": {"node": _node, "nodes": _nodes}}
