"""Which files of a repository use which images: the manifests of a tree, of which only those that changed are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.indexed import indexed_file, name_of, read_manifests, used_by
from bot.manifests import may_hold_images

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.github import Head, RepositoryClient, Tree

log = structlog.get_logger()

ARCHIVE_FROM: Final = 300
"""More unknown files than this are read from the archive in one request, fewer in batches by GraphQL."""

BATCH: Final = 50
LARGEST_FILE: Final = 5 * 1024 * 1024

LONGEST_PATH: Final = 2048
"""Bytes; the store keeps no longer ones."""

REGULAR_FILES: Final = frozenset({"100644", "100755"})


async def read_tree(parts: Parts, repository: int, client: RepositoryClient, head: Head) -> frozenset[str]:
    """Bring the index to the head's tree; returns the images of the files that changed, as "host/repository"."""
    files = await _manifests(client, head.tree)
    known = await parts.store.index.known(repository)
    before = {path for path, blob in known.items() if files.get(path) != blob}
    images = await _images_of(parts, repository, before)
    await parts.store.index.forget(repository, sorted(known.keys() - files.keys()))
    unknown = {path: blob for path, blob in files.items() if known.get(path) != blob}
    images |= await _read_files(parts, repository, client, head.commit, unknown)
    log.info("repository.indexed", repository=client.full_name, files=len(files), read=len(unknown))
    return images


async def _manifests(client: RepositoryClient, tree_oid: str) -> dict[str, str]:
    """Path to blob of every file that may hold images. A tree too large for one answer is read by folders."""
    tree = await client.tree(tree_oid)
    if not tree.truncated:
        return _worth_reading(tree)
    files: dict[str, str] = {}
    waiting = [("", tree_oid)]
    while waiting:
        folder, oid = waiting.pop()
        listed = await client.folder(oid)
        if listed.truncated:
            log.warning("tree.cut_short", repository=client.full_name, folder=folder, entries=len(listed.entries))
        files |= _worth_reading(listed, folder)
        waiting += [(f"{folder}{entry.path}/", entry.oid) for entry in listed.entries if entry.type == "tree"]
    return files


def _worth_reading(tree: Tree, folder: str = "") -> dict[str, str]:
    return {
        folder + entry.path: entry.oid
        for entry in tree.entries
        if entry.type == "blob"
        and entry.mode in REGULAR_FILES
        and (entry.size or 0) <= LARGEST_FILE
        and len(f"{folder}{entry.path}".encode()) <= LONGEST_PATH
        and may_hold_images(folder + entry.path)
    }


async def _images_of(parts: Parts, repository: int, paths: Iterable[str]) -> frozenset[str]:
    wanted = set(paths)
    if not wanted:
        return frozenset()
    files = await parts.store.index.files(repository)
    return frozenset(name_of(use) for file in files if file.path in wanted for use in file.images)


async def _read_files(
    parts: Parts, repository: int, client: RepositoryClient, commit: str, unknown: Mapping[str, str]
) -> frozenset[str]:
    images: set[str] = set()
    archive = await client.archive(commit, unknown) if len(unknown) > ARCHIVE_FROM else {}
    for paths in _batches(sorted(unknown)):
        contents = {path: archive[path] for path in paths if path in archive}
        blobs = await client.blobs({unknown[path] for path in paths if path not in archive})
        contents |= {path: blobs[unknown[path]] for path in paths if path not in archive}
        size = sum(map(len, contents.values()))
        found = await parts.compute(size, read_manifests, contents)
        rows = [indexed_file(path, unknown[path], each.occurrences, each.surroundings) for path, each in found.items()]
        await parts.store.index.put(repository, rows)
        images |= used_by(occurrence for each in found.values() for occurrence in each.occurrences)
    return frozenset(images)


def _batches(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    return (paths[start : start + BATCH] for start in range(0, len(paths), BATCH))
