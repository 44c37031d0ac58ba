"""Reads all manifests of an image: exact bytes, checked, with the blobs and children that each names."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.registries.copying.bounds import Bounds
from bot.registries.copying.several import each
from bot.registries.documents import DIGEST, INDEX_TYPES, MANIFEST_TYPES, parse_document, read_object, verify
from bot.registries.errors import InvalidAnswer
from bot.registries.manifests import ACCEPT, LARGEST_MANIFEST
from bot.registries.repository import Repository, expect_ok

MOST_LEVELS = 2
MOST_MANIFESTS = 200
MOST_LAYERS = 2_000
LARGEST_BLOB = 256 * 1024**3
AT_ONCE = 4
# Layers that registries need not have: OCI image specification 1.0, "Non-Distributable Layers", and Docker's.
ELSEWHERE = (
    "application/vnd.oci.image.layer.nondistributable.",
    "application/vnd.docker.image.rootfs.foreign.",
)


@dataclass(frozen=True, slots=True)
class Blob:
    """What a manifest names beside manifests. is_elsewhere: the registry need not have it."""

    digest: str
    size: int
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """A manifest with its exact bytes. content_type: what it is pushed as. subject: what it is attached to, if so."""

    digest: str
    content_type: str
    content: bytes = field(repr=False)
    blobs: tuple[Blob, ...] = ()
    children: tuple["Node", ...] = ()
    subject: str | None = None

    def below(self) -> tuple["Node", ...]:
        """Return what this one names, the innermost first, and each once."""
        found: dict[str, Node] = {}
        for child in self.children:
            found.update((node.digest, node) for node in (*child.below(), child))
        return tuple(found.values())


class Reading:
    """Reads the manifests of one copy, the image's and those attached to it, and keeps none of them."""

    def __init__(self, source: Repository) -> None:
        self._source = source
        self.bounds = Bounds(source.host)
        self._places = asyncio.Semaphore(AT_ONCE)

    async def node(self, digest: str) -> Node:
        """Return a manifest and all below it. Raises InvalidAnswer for what is too much or none, and ImageNotFound."""
        return await self._node(digest, MOST_LEVELS, {})

    async def _node(self, digest: str, levels: int, known: dict[str, Node | None]) -> Node:
        """Read a manifest and what it names.

        levels: how many indexes may stand one in another. known: what was read for this image, None what was begun.
        """
        if node := known.get(digest):
            return node
        known[digest] = None
        if len(known) > MOST_MANIFESTS + 1:
            raise InvalidAnswer(self._source.host, f"has more than {MOST_MANIFESTS} manifests in one image")
        node, children = await self._read(digest)
        if children and not levels:
            raise InvalidAnswer(self._source.host, f"has indexes nested deeper than {MOST_LEVELS} at {digest}")
        inner = await each(children, AT_ONCE, lambda child: self._node(child, levels - 1, known))
        known[digest] = whole = replace(node, children=tuple(inner))
        return whole

    async def _read(self, digest: str) -> tuple[Node, tuple[str, ...]]:
        host = self._source.host
        async with self._places:
            path = f"manifests/{digest}"
            answer = await self._source.get(path, accept=ACCEPT, largest=LARGEST_MANIFEST)
        expect_ok(self._source, answer, f"{self._source.name}@{digest}")
        verify(host, answer.body, digest)
        self.bounds.manifest(len(answer.body))
        told = parse_document(host, digest, answer.content_type, answer.body, now=self._source.clock())
        fields = read_object(host, answer.body)
        is_index = told.media_type in INDEX_TYPES
        blobs = () if is_index else _blobs(host, fields)
        self.bounds.blobs((blob.digest, blob.size) for blob in blobs)
        subject = fields.get("subject")
        attached = _digest(host, subject) if isinstance(subject, dict) else None
        node = Node(digest, told.media_type, answer.body, blobs, subject=attached)
        return node, _children(host, fields) if is_index else ()


def every_blob(nodes: tuple[Node, ...]) -> tuple[Blob, ...]:
    """Return the blobs of manifests, each once."""
    found: dict[str, Blob] = {}
    for node in nodes:
        for blob in node.blobs:
            found.setdefault(blob.digest, blob)
    return tuple(found.values())


def _blobs(host: str, fields: Mapping[str, Any]) -> tuple[Blob, ...]:
    layers = fields.get("layers", [])
    if not isinstance(layers, list) or len(layers) > MOST_LAYERS:
        raise InvalidAnswer(host, f"has a manifest whose layers are no list, or more than {MOST_LAYERS}")
    return tuple(_blob(host, entry) for entry in [fields["config"], *layers])


def _blob(host: str, entry: object) -> Blob:
    if not isinstance(entry, dict):
        raise InvalidAnswer(host, "has a manifest that names what is no object")
    size, media_type = entry.get("size"), entry.get("mediaType")
    if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size <= LARGEST_BLOB:
        raise InvalidAnswer(host, "has a manifest that names something by a size that is none, or too large")
    elsewhere = isinstance(media_type, str) and media_type.startswith(ELSEWHERE)
    return Blob(_digest(host, entry), size, elsewhere)


def _children(host: str, fields: Mapping[str, Any]) -> tuple[str, ...]:
    digests: dict[str, None] = {}
    for entry in fields["manifests"]:
        if not isinstance(entry, dict) or entry.get("mediaType") not in INDEX_TYPES | MANIFEST_TYPES:
            raise InvalidAnswer(host, "has an index that names what is no manifest")
        digests[_digest(host, entry)] = None
    if len(digests) > MOST_MANIFESTS:
        raise InvalidAnswer(host, f"has an index of more than {MOST_MANIFESTS} manifests")
    return tuple(digests)


def _digest(host: str, entry: Mapping[str, Any]) -> str:
    digest = entry.get("digest")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise InvalidAnswer(host, "has a manifest that names something by a digest that is none")
    return digest
