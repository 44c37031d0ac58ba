"""Asks what a tag points at: its digest, the platforms that the image runs on, and when it was built."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from bot.images import Platform
from bot.registries.creation import built, newest
from bot.registries.documents import (
    DIGEST,
    INDEX_TYPES,
    MANIFEST_TYPES,
    Child,
    Document,
    parse_document,
    read_object,
    read_platform,
    verify,
)
from bot.registries.errors import ImageNotFound, InvalidAnswer
from bot.registries.labels import labels_of
from bot.registries.repository import Repository, expect_ok

ACCEPT = ", ".join(sorted(INDEX_TYPES | MANIFEST_TYPES))
LARGEST_MANIFEST = 4 * 1024 * 1024
LARGEST_CONFIGURATION = 4 * 1024 * 1024
MOST_CHILDREN_READ = 16
# Of the images in an index, the one whose labels are read where there is a choice: it is nearly always there.
USUAL = Platform("linux", "amd64")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a reference points at.

    platforms: those it runs on, spelled normally; empty for what is no runnable image. complete: False when something
    that the manifest names was found missing (the platform is then not in `platforms`). Children of an index that
    tells their platforms are only looked for when asked to. created_at: aware UTC, the time that the image says of
    itself; None when nobody asked for it, or it says none.
    """

    digest: str
    media_type: str
    platforms: frozenset[Platform]
    complete: bool = True
    created_at: datetime | None = None


async def read_digest(repository: Repository, reference: str) -> str | None:
    """Return the digest that a tag or digest stands for, or None when there is no such manifest.

    One HEAD, which no registry counts as a pull. Where that tells no digest (old registries, some proxies), one GET,
    and the digest of its exact bytes.
    """
    answer = await repository.head(f"manifests/{reference}", accept=ACCEPT)
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    told = answer.headers.get("Docker-Content-Digest")
    if answer.status == HTTPStatus.OK and told is not None:
        if not DIGEST.fullmatch(told) or (DIGEST.fullmatch(reference) and told != reference):
            raise InvalidAnswer(repository.host, f"tells a wrong digest for {reference} of {repository.name}")
        return told
    if answer.status not in {HTTPStatus.OK, HTTPStatus.METHOD_NOT_ALLOWED}:
        expect_ok(repository, answer, _what(repository, reference))
    try:
        return (await read_document(repository, reference)).digest
    except ImageNotFound:
        return None


async def read_document(repository: Repository, reference: str) -> Document:
    """Return the manifest that a tag or digest stands for, its bytes checked against the digest we were told.

    Raises ImageNotFound, InvalidAnswer and all that Repository.get raises.
    """
    answer = await repository.get(f"manifests/{reference}", accept=ACCEPT, largest=LARGEST_MANIFEST)
    expect_ok(repository, answer, _what(repository, reference))
    told = reference if DIGEST.fullmatch(reference) else answer.headers.get("Docker-Content-Digest")
    if told is None:
        told = f"sha256:{hashlib.sha256(answer.body).hexdigest()}"
    digest = verify(repository.host, answer.body, told)
    return parse_document(repository.host, digest, answer.content_type, answer.body, now=repository.clock())


async def describe(repository: Repository, document: Document) -> Manifest:
    """Return digest and platforms of a manifest, reading an image's configuration where nothing else tells them.

    created_at is filled as far as that is known then: for an index only from its own annotation.
    """
    manifest = Manifest(document.digest, document.media_type, frozenset(), created_at=document.created)
    if document.media_type in MANIFEST_TYPES:
        return await _describe_image(repository, document, manifest)
    silent = [child for child in document.children if child.platform is None]
    read = await asyncio.gather(*(_read_child(repository, child) for child in silent[:MOST_CHILDREN_READ]))
    told = {child.platform for child in document.children if child.platform}
    return replace(
        manifest,
        platforms=frozenset(told.union(*(child.platforms for child in read))),
        complete=all(child.complete for child in read) and len(silent) == len(read),
    )


async def without_missing_children(repository: Repository, document: Document) -> Document:
    """Return the document with only those children that the registry has; one HEAD for each."""
    found = await asyncio.gather(*(read_digest(repository, child.digest) for child in document.children))
    present = (child for child, digest in zip(document.children, found, strict=True) if digest)
    return replace(document, children=tuple(present))


async def _read_child(repository: Repository, child: Child) -> Manifest:
    missing = Manifest(child.digest, "", frozenset(), complete=False)
    try:
        document = await read_document(repository, child.digest)
    except ImageNotFound:
        return missing
    # An index inside an index would make the depth of this the registry's choice.
    return await _describe_image(repository, document, missing) if document.media_type in MANIFEST_TYPES else missing


async def newest_child(repository: Repository, document: Document) -> tuple[datetime | None, bool]:
    """Return when the newest image of an index was built, as far as its first sixteen say, and whether all were there.

    Up to two GETs for each. Attestations are no children.
    """
    children = document.children[:MOST_CHILDREN_READ]
    found = await asyncio.gather(*(_built_of_child(repository, child) for child in children), return_exceptions=True)
    for failure in found:
        if isinstance(failure, BaseException) and not isinstance(failure, ImageNotFound):
            raise failure
    times = [time for time in found if not isinstance(time, BaseException)]
    return newest(times), len(times) == len(children)


async def _built_of_child(repository: Repository, child: Child) -> datetime | None:
    document = await read_document(repository, child.digest)
    if document.created or document.configuration is None:
        return document.created
    return built(await _read_configuration(repository, document.configuration), repository.clock())


async def read_labels(repository: Repository, document: Document) -> Mapping[str, str]:
    """Return the labels of an image, its annotations before them; of an index, its own before those of one child.

    Up to two GETs. What is missing at the registry has no labels.
    """
    if document.children:
        child = next((each for each in document.children if each.platform == USUAL), document.children[0])
        try:
            inner = await read_document(repository, child.digest)
        except ImageNotFound:
            return document.annotations
        # An index inside an index would make the depth of this the registry's choice.
        return {**await _labels_of_image(repository, inner), **document.annotations}
    return await _labels_of_image(repository, document)


async def _labels_of_image(repository: Repository, document: Document) -> Mapping[str, str]:
    if document.configuration is None:
        return document.annotations
    try:
        configuration = await _read_configuration(repository, document.configuration)
    except ImageNotFound:
        return document.annotations
    return {**labels_of(configuration), **document.annotations}


async def _describe_image(repository: Repository, document: Document, manifest: Manifest) -> Manifest:
    if document.configuration is None:
        return replace(manifest, complete=True)
    try:
        configuration = await _read_configuration(repository, document.configuration)
    except ImageNotFound:
        return replace(manifest, complete=False)
    created_at = document.created or built(configuration, repository.clock())
    return replace(manifest, platforms=_one(read_platform(configuration)), complete=True, created_at=created_at)


async def _read_configuration(repository: Repository, digest: str) -> Mapping[str, Any]:
    answer = await repository.get(f"blobs/{digest}", accept="*/*", largest=LARGEST_CONFIGURATION)
    expect_ok(repository, answer, f"configuration {digest} in {repository.name}")
    verify(repository.host, answer.body, digest)
    return read_object(repository.host, answer.body)


def _one(platform: Platform | None) -> frozenset[Platform]:
    return frozenset() if platform is None else frozenset({platform})


def _what(repository: Repository, reference: str) -> str:
    joint = "@" if DIGEST.fullmatch(reference) else ":"
    return f"{repository.name}{joint}{reference}"
