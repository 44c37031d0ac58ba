"""Read the manifests in a folder, as git would see them: no links are followed, no other repository is entered."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from bot.manifests import SkipReason, editable, format_of, may_hold_images

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

LARGEST_FILE = 5 * 1024 * 1024
UNSAFE: Final = "a path like this one is not edited"


class NotReadReason(StrEnum):
    """Why a file or folder that might hold manifests was not read."""

    SYMLINK = "symlink"
    OTHER_REPOSITORY = "other-repository"
    TOO_LARGE = "too-large"
    UNSAFE_PATH = "unsafe-path"
    SPECIAL_FILE = "special-file"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class NotRead:
    """One thing that was not read, and the reason as a sentence."""

    path: str
    reason: NotReadReason
    sentence: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The manifests of a folder, path to content, and what was not read."""

    files: Mapping[str, bytes]
    not_read: tuple[NotRead, ...]


def read_folder(root: Path, doing: Callable[[str], None]) -> Folder:
    """Read every manifest below `root`, in the order of the paths. `doing` hears now and then how far it came."""
    files: dict[str, bytes] = {}
    not_read: list[NotRead] = []
    for seen, found in enumerate(_walk(str(root), ""), start=1):
        doing(f"reading manifests, {seen:,} so far")
        if isinstance(found, NotRead):
            not_read.append(found)
            continue
        content = _read(found)
        if isinstance(content, NotRead):
            not_read.append(content)
        else:
            files[found.path] = content
    return Folder(files, tuple(not_read))


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    place: str


def _walk(root: str, below: str) -> Iterator[_File | NotRead]:
    waiting = [below]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(os.path.join(root, folder)) as listed:  # noqa: PTH118 - a Path cannot be scanned
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            yield _unreadable(folder or ".", error)
            continue
        if folder and any(entry.name == ".git" for entry in entries):
            sentence = "it is a repository of its own"
            yield NotRead(folder, NotReadReason.OTHER_REPOSITORY, sentence)
            continue
        folders: list[str] = []
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.casefold() == ".git":
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif format_of(path) is not None or _leads_to_folder(entry):
                yield from _judged(path, entry)
        waiting += reversed(folders)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_symlink() and os.path.isdir(entry.path)  # noqa: PTH112 - the place is what the system told


def _judged(path: str, entry: os.DirEntry[str]) -> Iterator[_File | NotRead]:
    """Give a file that is to be read, or the reason why not; nothing for what is never a manifest."""
    if entry.is_symlink():
        yield NotRead(path, NotReadReason.SYMLINK, "it is a symbolic link")
    elif editable(path) is SkipReason.UNSAFE_PATH:
        yield NotRead(path, NotReadReason.UNSAFE_PATH, UNSAFE)
    elif not entry.is_file(follow_symlinks=False):
        yield NotRead(path, NotReadReason.SPECIAL_FILE, "it is no regular file")
    elif may_hold_images(path):
        yield _File(path, entry.path)


def _read(file: _File) -> bytes | NotRead:
    try:
        with open(file.place, "rb") as opened:  # noqa: PTH123 - the place is what the system told, byte for byte
            content = opened.read(LARGEST_FILE + 1)
    except OSError as error:
        return _unreadable(file.path, error)
    if len(content) > LARGEST_FILE:
        return NotRead(file.path, NotReadReason.TOO_LARGE, f"it has more than {LARGEST_FILE:,} bytes")
    return content


def _unreadable(path: str, error: OSError) -> NotRead:
    return NotRead(path, NotReadReason.UNREADABLE, f"it cannot be read: {error.strerror or type(error).__name__}")
