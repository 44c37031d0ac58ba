"""Where a branch stands: its newest commit, its tree, and the policy file in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.github import documents
from bot.github.contents import read_blob, text_content
from bot.github.errors import NotFound
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel

POLICY_PATH: Final = ".niro/policies.yml"


@dataclass(frozen=True, slots=True)
class PolicyBlob:
    """The policy file as it stands on a branch. Bytes that are no UTF-8 are U+FFFD in `text`."""

    oid: str
    text: str


@dataclass(frozen=True, slots=True)
class Head:
    """The newest commit of a branch. `policy` is None where the branch has no policy file."""

    branch: str
    commit: str
    tree: str
    policy: PolicyBlob | None


async def head(channel: RepositoryChannel, branch: str | None) -> Head | None:
    """Read where a branch stands (None: the default branch) in one query.

    None: the repository is empty. Raises NotFound for a branch that does not exist.
    """
    document = documents.HEAD if branch is None else documents.HEAD_OF_BRANCH
    named = {} if branch is None else {"branch": f"refs/heads/{branch}"}
    repository = await channel.query(document, {"policy": POLICY_PATH, **named}, scope=Scope.READ)
    found = repository["head"]
    if found is None:
        if branch is None:
            return None
        raise NotFound(f"{channel.full_name} has no branch {branch}")
    target = found["target"]
    policy = await policy_blob(channel, target["policy"], scope=Scope.READ)
    return Head(found["name"], target["oid"], target["tree"]["oid"], policy)


async def policy_blob(channel: RepositoryChannel, entry: dict[str, Any] | None, *, scope: Scope) -> PolicyBlob | None:
    """Read the policy file from its tree entry in a GraphQL answer. None where there is no such file."""
    if entry is None or entry["type"] != "blob":
        return None
    content = text_content(entry["oid"], entry["object"])
    if content is None:
        content = await read_blob(channel, entry["oid"], scope=scope)
    return PolicyBlob(entry["oid"], content.decode("utf-8", "replace"))
