"""The manifests of a checkout as they are now: those on the disk, or those of the next commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.explaining.folder import LARGEST_FILE, UNSAFE, NotRead, NotReadReason, read_folder
from bot.manifests import has_unsafe_path, may_hold_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from bot.checking.git import Entry, Git

_UNMERGED: Final = "a merge of it is not resolved"
_NOT_HERE: Final = "it was left out of this clone"
_TOO_LARGE: Final = f"it has more than {LARGEST_FILE:,} bytes"


@dataclass(frozen=True, slots=True)
class Now:
    """The manifests, path to content, and what could not be read."""

    files: Mapping[str, bytes]
    not_read: tuple[NotRead, ...] = ()


def on_disk(root: Path, git: Git, doing: Callable[[str], None]) -> Now:
    """Take what lies below a folder and git does not ignore, and what a sparse checkout left out of it.

    Raises GitRefused.
    """
    folder = read_folder(root, doing)
    entries = git.index()
    listed = git.untracked().union(entry.path for entry in entries)
    here = {path: content for path, content in folder.files.items() if path in listed}
    away = _taken(git, (entry for entry in entries if entry.is_left_out and entry.path not in here))
    return Now({**here, **away.files}, (*folder.not_read, *away.not_read))


def in_index(git: Git) -> Now:
    """Take what the next commit would hold. Raises GitRefused."""
    return _taken(git, git.index())


def _taken(git: Git, entries: Iterable[Entry]) -> Now:
    listed = list(entries)
    wanted = {entry.path: entry.oid for entry in listed if may_hold_images(entry.path)}
    merged = {path: oid for path, oid in wanted.items() if oid}
    sizes = git.sizes(merged.values())
    small = {path: oid for path, oid in merged.items() if sizes.get(oid, 0) <= LARGEST_FILE}
    contents = git.contents(small.values())
    files = {path: contents[oid] for path, oid in small.items() if oid in contents}
    unsafe = (NotRead(each.path, NotReadReason.UNSAFE_PATH, UNSAFE) for each in listed if has_unsafe_path(each.path))
    return Now(files, (*unsafe, *(_why_not(path, wanted[path], sizes) for path in wanted if path not in files)))


def _why_not(path: str, oid: str, sizes: Mapping[str, int]) -> NotRead:
    if not oid:
        return NotRead(path, NotReadReason.UNREADABLE, _UNMERGED)
    if oid not in sizes:
        return NotRead(path, NotReadReason.UNREADABLE, _NOT_HERE)
    return NotRead(path, NotReadReason.TOO_LARGE, _TOO_LARGE)
