"""Mutations of branches: moving refs and committing files."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

from bot.sandbox.graphql.git_nodes import CommitNode, RefNode, git_node
from bot.sandbox.graphql.payloads import payload, payload_fields
from bot.sandbox.graphql.repositories import find_repository, repository_node
from bot.sandbox.refs import HEADS, RefUpdate
from bot.sandbox.refusals import NotFound, Validation
from bot.sandbox.workflows import refuse_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.sandbox.graphql.resolving import Call, Fields
    from bot.sandbox.model import Repository


async def _update_refs(_: Any, call: Call) -> Any:
    """Move several refs at once: either all move or none does."""
    given = call.arguments["input"]
    repository = repository_node(call, given["repositoryId"])
    call.token.require(repository, "contents", "write")
    updates = [
        RefUpdate(update["name"], update["afterOid"], update.get("beforeOid"), update["force"])
        for update in given["refUpdates"]
    ]
    await call.world.refs.update_all(repository, updates, call.token.account)
    return payload(call)


async def _create_ref(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    repository = repository_node(call, given["repositoryId"])
    call.token.require(repository, "contents", "write")
    oid = await call.world.refs.create(repository, given["name"], given["oid"], call.token.account)
    return payload(call, ref=RefNode(repository, given["name"], oid))


async def _update_ref(_: Any, call: Call) -> Any:
    given = call.arguments["input"]
    ref = await _ref(call, given["refId"])
    oid, force = given["oid"], given["force"]
    await call.world.refs.update(ref.repository, ref.name, oid, call.token.account, force=force)
    return payload(call, ref=RefNode(ref.repository, ref.name, oid))


async def _delete_ref(_: Any, call: Call) -> Any:
    ref = await _ref(call, call.arguments["input"]["refId"])
    await call.world.refs.delete(ref.repository, ref.name, call.token.account)
    return payload(call)


async def _ref(call: Call, identifier: str) -> RefNode:
    """Return the ref with a global id, for writing; raises NotFound, Forbidden."""
    found = await git_node(call, identifier)
    if not isinstance(found, RefNode):
        raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
    call.token.require(found.repository, "contents", "write")
    return found


async def _create_commit(_: Any, call: Call) -> Any:
    """Put one signed commit on a branch that stands where the caller expects it."""
    given = call.arguments["input"]
    repository, branch = await _committable(call, given["branch"])
    changes = given.get("fileChanges") or {}
    additions = {addition["path"]: _content(addition) for addition in changes.get("additions") or ()}
    deletions = [deletion["path"] for deletion in changes.get("deletions") or ()]
    call.token.require(repository, "contents", "write")
    refuse_paths(call.token, repository, [*additions, *deletions])
    commit = await call.world.refs.commit(
        repository,
        branch,
        expected_head_oid=given["expectedHeadOid"],
        additions=additions,
        deletions=deletions,
        message=_message(given["message"]),
        actor=call.token.account,
    )
    ref = RefNode(repository, HEADS + branch, commit.oid)
    return payload(call, commit=CommitNode(repository, commit.oid, commit), ref=ref)


async def _committable(call: Call, branch: Mapping[str, Any]) -> tuple[Repository, str]:
    """Return the repository and the branch of a CommittableBranch; raises Validation, NotFound."""
    if branch.get("id"):
        ref = await _ref(call, branch["id"])
        return ref.repository, ref.name.removeprefix(HEADS)
    full_name, name = branch.get("repositoryNameWithOwner"), branch.get("branchName")
    if not full_name or not name:
        raise Validation("A branch must be given by its id, or by repositoryNameWithOwner and branchName")
    owner, _, repository_name = full_name.partition("/")
    return find_repository(call, owner, repository_name), name.removeprefix(HEADS)


def _content(addition: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(addition["contents"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Validation(f"The contents of '{addition['path']}' are not valid Base64") from error


def _message(message: Mapping[str, Any]) -> str:
    return f"{message['headline']}\n\n{message.get('body') or ''}".strip()


REF_MUTATIONS: dict[str, Fields] = {
    "Mutation": {
        "updateRefs": _update_refs,
        "createRef": _create_ref,
        "updateRef": _update_ref,
        "deleteRef": _delete_ref,
        "createCommitOnBranch": _create_commit,
    },
    "UpdateRefsPayload": payload_fields(),
    "CreateRefPayload": payload_fields("ref"),
    "UpdateRefPayload": payload_fields("ref"),
    "DeleteRefPayload": payload_fields(),
    "CreateCommitOnBranchPayload": payload_fields("commit", "ref"),
}
