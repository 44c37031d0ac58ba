"""What a pull request changes: the files that differ between the merge base and its head."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from bot.github.errors import GitHubUnavailable, UnexpectedAnswer, Unprocessable
from bot.github.paths import askable
from bot.github.scopes import Scope
from bot.github.trees import tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from bot.github.channel import RepositoryChannel
    from bot.github.trees import Tree, TreeEntry

LISTED: Final = 300
"""Files that GitHub lists of a comparison, all of them on its first page; what is beyond is not told."""

MOST_FILES: Final = 3_000
"""Files of a comparison that are looked at: as many as GitHub shows of a pull request."""

_FOLDER: Final = "tree"
_FILE_TYPE: Final = 3
"""How many digits of git's mode tell files, links and submodules apart; the others are permissions."""


class FileStatus(Enum):
    """How a file differs, in GitHub's words. CHANGED: another kind of entry, such as a link that was a file."""

    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    RENAMED = "renamed"
    COPIED = "copied"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that differs between two commits.

    `previous` is the path before, of a file that was renamed or copied, else "". `patch` holds the hunks of a unified
    diff without its header; None: GitHub gave none, because no line differs, the file is binary or its diff too large,
    or because it is beyond the first 300. `oid` is the blob at the head, of a removed file the one before.
    """

    path: str
    status: FileStatus
    previous: str = ""
    patch: str | None = None
    oid: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """The files that differ between the merge base of two commits and the second one.

    `complete` is False where more differ than could be listed, and where one has a path that nobody can ask for.
    """

    merge_base: str
    files: tuple[ChangedFile, ...]
    complete: bool = True


async def compare(channel: RepositoryChannel, base: str, head: str) -> Comparison:
    """Compare the commit `head` with its merge base with the commit `base`; both are ids, never names.

    GitHub lists at most 300 files: https://docs.github.com/en/rest/commits/commits, "Compare two commits". With as many
    both trees are read and compared, which takes two requests more. Files with odd paths (see `askable`) are left out.
    Raises NotFound where the commits have no common history, or one of them is gone.
    """
    try:
        answer = await _page(channel, base, head, 1)
        merge_base, listed = _merge_base(answer), _listed(answer)
    except (GitHubUnavailable, Unprocessable, UnexpectedAnswer):
        # GitHub breaks over very large diffs; the second page has none, but tells the merge base all the same.
        merge_base, listed = _merge_base(await _page(channel, base, head, 2)), None
    if listed is not None and len(listed) < LISTED:
        told = tuple(_changed_files(listed))
        return Comparison(merge_base, told, complete=len(told) == len(listed))
    known = {file.path: file for file in _changed_files(listed or [])}
    before = await tree(channel, merge_base, recursive=True)
    after = await tree(channel, head, recursive=True)
    if before.truncated or after.truncated:
        return Comparison(merge_base, tuple(known[path] for path in sorted(known)), complete=False)
    files = await asyncio.to_thread(compare_trees, before, after, known)
    return Comparison(merge_base, files[:MOST_FILES], complete=len(files) <= MOST_FILES and _odd(after) <= _odd(before))


def compare_trees(before: Tree, after: Tree, known: Mapping[str, ChangedFile]) -> tuple[ChangedFile, ...]:
    """Tell the files that differ between two whole trees, by path; those `known` already stay as they are.

    A file that is gone here and there again with the same content elsewhere was renamed.
    """
    spoken_for = {_left(file) for file in known.values()} | known.keys()
    old = {entry.path: entry for entry in before.entries if entry.type != _FOLDER and entry.path not in spoken_for}
    new = {entry.path: entry for entry in after.entries if entry.type != _FOLDER and entry.path not in known}
    both = (_modified(old[path], new[path]) for path in old.keys() & new.keys())
    moved = _moved([old[path] for path in old.keys() - new.keys()], [new[path] for path in new.keys() - old.keys()])
    found = dict(known) | {file.path: file for file in (*both, *moved) if file is not None and askable(file.path)}
    return tuple(found[path] for path in sorted(found))


def _odd(tree: Tree) -> set[tuple[str, str, str]]:
    """List what nobody can ask for by its path."""
    return {(entry.path, entry.mode, entry.oid) for entry in tree.entries if not askable(entry.path)}


async def _page(channel: RepositoryChannel, base: str, head: str, page: int) -> dict[str, Any]:
    path = "/compare/{base}...{head}{?per_page,page}"
    asked = {"base": base, "head": head, "per_page": "1", "page": str(page)}
    answer = (await channel.rest("GET", path, asked, scope=Scope.REVIEW)).data
    if not isinstance(answer, dict):
        raise UnexpectedAnswer("the answer holds no comparison")
    return answer


def _merge_base(answer: dict[str, Any]) -> str:
    try:
        return str(answer["merge_base_commit"]["sha"])
    except (KeyError, TypeError):
        raise UnexpectedAnswer("the comparison has no merge base") from None


def _listed(answer: dict[str, Any]) -> list[Any]:
    listed = answer.get("files")
    return listed if isinstance(listed, list) else []


def _changed_files(listed: Iterable[Any]) -> Iterator[ChangedFile]:
    for told in listed:
        if isinstance(told, dict) and askable(path := str(told.get("filename") or "")):
            yield _changed_file(path, told)


def _changed_file(path: str, told: dict[str, Any]) -> ChangedFile:
    status, previous, patch = _status(told), str(told.get("previous_filename") or ""), told.get("patch")
    if previous and not askable(previous):
        status, previous = FileStatus.ADDED, ""
    return ChangedFile(path, status, previous, patch if isinstance(patch, str) else None, str(told.get("sha") or ""))


def _status(told: dict[str, Any]) -> FileStatus:
    try:
        return FileStatus(told.get("status"))
    except ValueError:
        return FileStatus.CHANGED


def _left(file: ChangedFile) -> str:
    return file.previous if file.status is FileStatus.RENAMED else file.path


def _modified(old: TreeEntry, new: TreeEntry) -> ChangedFile | None:
    if old.mode[:_FILE_TYPE] != new.mode[:_FILE_TYPE]:
        return ChangedFile(new.path, FileStatus.CHANGED, oid=new.oid)
    if (old.oid, old.mode) != (new.oid, new.mode):
        return ChangedFile(new.path, FileStatus.MODIFIED, oid=new.oid)
    return None


def _moved(gone: Iterable[TreeEntry], come: Iterable[TreeEntry]) -> Iterator[ChangedFile]:
    """Pair what is gone with what has come, by content and in the order of their paths."""
    left: dict[str, list[TreeEntry]] = {}
    for entry in sorted(gone, key=lambda entry: entry.path, reverse=True):
        left.setdefault(entry.oid, []).append(entry)
    for entry in sorted(come, key=lambda entry: entry.path):
        origins = left.get(entry.oid) or []
        origin = origins.pop().path if origins and askable(origins[-1].path) else ""
        status = FileStatus.RENAMED if origin else FileStatus.ADDED
        yield ChangedFile(entry.path, status, origin, oid=entry.oid)
    for entry in (entry for entries in left.values() for entry in entries):
        yield ChangedFile(entry.path, FileStatus.REMOVED, oid=entry.oid)
