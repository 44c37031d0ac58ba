"""The files of a commit: paths, modes and blobs, without their contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github.errors import UnexpectedAnswer
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from bot.github.channel import RepositoryChannel


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One entry of a tree. `mode` as git writes it ("100644"); `type` blob, tree or commit; `size` in bytes."""

    path: str
    mode: str
    type: str
    oid: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Tree:
    """Entries in GitHub's order. `truncated`: GitHub left some out, read the folders one by one instead."""

    entries: tuple[TreeEntry, ...]
    truncated: bool


async def tree(channel: RepositoryChannel, oid: str, *, recursive: bool) -> Tree:
    """Read a tree by its id, with everything below it or one level. Raises NotFound, UnexpectedAnswer.

    Paths that are no Unicode are left out: GraphQL has no way to ask for them, nor a store to keep them.
    """
    path = "/git/trees/{oid}?recursive=1" if recursive else "/git/trees/{oid}"
    answer = await channel.rest("GET", path, {"oid": oid}, scope=Scope.READ)
    try:
        entries = tuple(_entry(entry) for entry in answer.data["tree"] if _is_unicode(entry["path"]))
        return Tree(entries, bool(answer.data["truncated"]))
    except (KeyError, TypeError, AttributeError):
        raise UnexpectedAnswer(f"the answer holds no tree {oid}") from None


def _entry(entry: dict[str, Any]) -> TreeEntry:
    return TreeEntry(entry["path"], entry["mode"], entry["type"], entry["sha"], entry.get("size"))


def _is_unicode(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
