"""Repositories and the entrances to what is in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.connections import page
from bot.sandbox.graphql.git_nodes import RefNode, find_object, find_ref
from bot.sandbox.graphql.resolving import Fields, attribute, constant, moment
from bot.sandbox.model import MergeMethod, Repository
from bot.sandbox.refusals import NotFound

if TYPE_CHECKING:
    from bot.sandbox.graphql.git_nodes import GitNode
    from bot.sandbox.graphql.resolving import Call


def find_repository(call: Call, owner: str, name: str, *, follow_renames: bool = True) -> Repository:
    """Return the repository of this name, or of its former name; raises NotFound in GitHub's words."""
    try:
        repository = call.world.repository(owner, name)
    except NotFound:
        former = call.world.former_names.get(f"{owner}/{name}".lower()) if follow_renames else None
        if former is None:
            raise _unknown(owner, name) from None
        repository = call.world.repositories[former]
    if not call.token.sees(repository):
        raise _unknown(owner, name)
    return repository


def repository_node(call: Call, identifier: str) -> Repository:
    """Return the repository with a node id; raises NotFound."""
    found = call.world.node(identifier)
    if not isinstance(found, Repository) or not call.token.sees(found):
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    return found


def _unknown(owner: str, name: str) -> NotFound:
    return NotFound(f"Could not resolve to a Repository with the name '{owner}/{name}'.")


def _query_repository(_: Any, call: Call) -> Repository:
    follow = call.argument("followRenames", default=True)
    return find_repository(call, call.arguments["owner"], call.arguments["name"], follow_renames=follow)


async def _default_branch(repository: Repository, call: Call) -> RefNode | None:
    return await find_ref(call, repository, f"refs/heads/{repository.default_branch}")


async def _ref(repository: Repository, call: Call) -> RefNode | None:
    return await find_ref(call, repository, call.arguments["qualifiedName"])


async def _refs(repository: Repository, call: Call) -> Any:
    call.token.require(repository, "contents")
    prefix = call.arguments["refPrefix"]
    found = sorted((await repository.git.refs(prefix)).items())
    return page([RefNode(repository, name, oid) for name, oid in found], call, "refs")


async def _object(repository: Repository, call: Call) -> GitNode | None:
    revision = call.argument("oid") or call.argument("expression")
    return None if revision is None else await find_object(call, repository, revision)


def _allows(method: MergeMethod) -> Any:
    return lambda repository, _: method in repository.merge_methods


def _url(repository: Repository, call: Call) -> str:
    return f"{call.world.url}/{repository.full_name}"


def _viewer_permission(repository: Repository, call: Call) -> str | None:
    levels = (("admin", "ADMIN"), ("write", "WRITE"), ("read", "READ"))
    return next((name for level, name in levels if call.token.may(repository, "contents", level)), None)


async def _is_empty(repository: Repository, _: Call) -> bool:
    return not await repository.git.branches()


REPOSITORY_TYPES: dict[str, Fields] = {
    "Query": {"repository": _query_repository},
    "Repository": {
        "id": attribute("node_id"),
        "databaseId": attribute("id"),
        "name": attribute("name"),
        "nameWithOwner": attribute("full_name"),
        "owner": attribute("owner"),
        "url": _url,
        "isArchived": attribute("archived"),
        "isPrivate": attribute("private"),
        "isFork": lambda repository, _: repository.parent is not None,
        "isDisabled": constant(False),
        "isEmpty": _is_empty,
        "createdAt": moment("created_at"),
        "pushedAt": moment("pushed_at"),
        "visibility": lambda repository, _: "PRIVATE" if repository.private else "PUBLIC",
        "autoMergeAllowed": attribute("allow_auto_merge"),
        "deleteBranchOnMerge": attribute("delete_branch_on_merge"),
        "squashMergeAllowed": _allows(MergeMethod.SQUASH),
        "mergeCommitAllowed": _allows(MergeMethod.MERGE),
        "rebaseMergeAllowed": _allows(MergeMethod.REBASE),
        "viewerPermission": _viewer_permission,
        "defaultBranchRef": _default_branch,
        "ref": _ref,
        "refs": _refs,
        "object": _object,
    },
}
