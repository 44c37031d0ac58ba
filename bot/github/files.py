"""Files of a commit by their paths, in few requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.github import documents
from bot.github.blobs import BATCH
from bot.github.contents import read_blob, text_content
from bot.github.errors import NotFound
from bot.github.scopes import Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.github.channel import RepositoryChannel


@dataclass(frozen=True, slots=True)
class TextBlob:
    """A file of a commit. `content` is None where the entry is no file (folder, submodule); `mode` as git writes it."""

    oid: str
    content: bytes | None
    mode: str


async def files_at(
    channel: RepositoryChannel, commit: str, paths: Sequence[str], *, scope: Scope = Scope.READ
) -> dict[str, TextBlob]:
    """Read files of a commit, 50 in a query; paths that are not there are left out.

    Raises NotFound where the repository has no such commit.
    """
    files: dict[str, TextBlob] = {}
    unique = list(dict.fromkeys(paths))
    for start in range(0, len(unique), BATCH):
        batch = unique[start : start + BATCH]
        variables = {"commit": commit} | path_variables(batch)
        found = (await channel.query(documents.files_at_commit(len(batch)), variables, scope=scope))["commit"]
        if not found:
            raise NotFound(f"{channel.full_name} has no commit {commit}")
        files |= await read_files(channel, found, batch, scope=scope)
    return files


def path_variables(paths: Sequence[str]) -> dict[str, str]:
    """Name the variables $p0, $p1, ... of a query that asks for these paths."""
    return {f"p{index}": path for index, path in enumerate(paths)}


async def read_files(
    channel: RepositoryChannel, commit: dict[str, Any], paths: Sequence[str], *, scope: Scope
) -> dict[str, TextBlob]:
    """Take the files f0, f1, ... out of a commit in a GraphQL answer; one whose text is cut or lossy through REST."""
    files: dict[str, TextBlob] = {}
    for path, entry in _entries(commit, paths):
        files[path] = await _file(channel, entry, scope)
    return files


def files_seen(commit: dict[str, Any], paths: Sequence[str]) -> dict[str, TextBlob]:
    """Take ids and modes of the files f0, f1, ... out of a commit in a GraphQL answer that holds no contents."""
    return {path: TextBlob(entry["oid"], None, mode_of(entry)) for path, entry in _entries(commit, paths)}


def _entries(commit: dict[str, Any], paths: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    found = ((path, commit.get(f"f{index}")) for index, path in enumerate(paths))
    return [(path, entry) for path, entry in found if entry is not None]


async def _file(channel: RepositoryChannel, entry: dict[str, Any], scope: Scope) -> TextBlob:
    oid = entry["oid"]
    if entry["type"] != "blob":
        return TextBlob(oid, None, mode_of(entry))
    content = text_content(oid, entry["object"])
    if content is None:
        content = await read_blob(channel, oid, scope=scope)
    return TextBlob(oid, content, mode_of(entry))


def mode_of(entry: dict[str, Any]) -> str:
    """Write the mode of a tree entry in a GraphQL answer as git does: six octal digits."""
    return f"{entry['mode']:06o}"
