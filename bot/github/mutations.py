"""The inputs of the mutations, and what their payloads say."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.github.graphql import Reply
    from bot.github.requests import CommitText

NOTHING: Final = "0" * 40
"""In `updateRefs`: before, the ref must not exist; after, it is deleted."""


def branch_ref(branch: str) -> str:
    """Return the full name of a branch's ref."""
    return f"refs/heads/{branch}"


def ref_update(branch: str, *, after: str, before: str | None = None, force: bool = False) -> dict[str, Any]:
    """Write one RefUpdate. `before` None: wherever it stands, or does not."""
    update: dict[str, Any] = {"name": branch_ref(branch), "afterOid": after, "force": force}
    return update if before is None else update | {"beforeOid": before}


def refs_input(repository_node: str, *updates: dict[str, Any]) -> dict[str, Any]:
    """Write an UpdateRefsInput: all of these updates, or none."""
    return {"repositoryId": repository_node, "refUpdates": list(updates)}


def commit_input(
    full_name: str, branch: str, expected_head: str, files: Mapping[str, bytes], message: CommitText
) -> dict[str, Any]:
    """Write a CreateCommitOnBranchInput. `expected_head` is the lock: a branch that has moved is left alone."""
    additions = [{"path": path, "contents": base64.b64encode(files[path]).decode()} for path in sorted(files)]
    return {
        "branch": {"repositoryNameWithOwner": full_name, "branchName": branch},
        "expectedHeadOid": expected_head,
        "message": {"headline": message.headline, "body": message.body},
        "fileChanges": {"additions": additions},
    }


def commit_made(reply: Reply) -> str | None:
    """Return the id of the commit that a document made, None when it made none."""
    payload = reply.data.get("commit") or {}
    commit = payload.get("commit") or {}
    return commit.get("oid")


def pull_request_made(reply: Reply) -> dict[str, Any] | None:
    """Return the pull request that a document opened or changed, None without one."""
    payload = reply.data.get("pullRequest") or {}
    pull_request: dict[str, Any] | None = payload.get("pullRequest")
    return pull_request


def branch_updated(reply: Reply) -> bool:
    """Tell whether the `updateRefs` of a document went through. Its payload is empty, but there."""
    return reply.data.get("branch") is not None
