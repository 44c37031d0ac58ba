"""What is known of an image's tags and digests: from the ledger, else from the registry."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.images import Platform, Tag
from bot.registries import ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.store import LedgerTag

log = structlog.get_logger()


class KnownTags:
    """What is known of images' tags during one piece of work: the ledger's rows, and what a registry told since.

    Shared by all repositories of one scan, so that each tag is read once however many follow it.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._tags: dict[str, dict[str, Tag]] = {}
        self._by_digest: dict[str, dict[str, Tag]] = {}
        self._read: set[tuple[str, str, bool]] = set()
        self._compared: set[tuple[str, str]] = set()

    async def of(self, image: ImageReference) -> list[Tag]:
        """List the tags of an image."""
        return list((await self._ledger(image)).values())

    def by_digest(self, image: ImageReference) -> Mapping[str, Tag]:
        """Give what was read of an image by its digests."""
        return self._by_digest.get(image.name, {})

    async def learn(self, image: ImageReference, tag: Tag, *, in_use: bool) -> bool:
        """Read a tag from its registry, unless that was done already; False: it was, or nothing could be learned.

        By its digest, if it has one that the tag does not stand for any more. `in_use`: it stands in a file, so what
        it promises to run on counts, whole or not.
        """
        known = await self._ledger(image)
        listed = known.get(tag.name)
        if tag.digest is not None and (listed is None or listed.digest != tag.digest):
            return await self._learn_digest(image, tag.digest)
        if (image.name, tag.name, in_use) in self._read:
            return False
        self._read.add((image.name, tag.name, in_use))
        read = await _read(self._parts, image, tag.name, listed=listed is not None, in_use=in_use)
        if known and read is not None:
            known[tag.name] = _joined(listed, read, self._parts.clock())
        return read is not None

    async def learn_if_moved(self, image: ImageReference, name: str) -> bool:
        """Ask once which digest a tag stands for; read it if that is another than was known, or it was not whole.

        False: there is no news.
        """
        if (image.name, name) in self._compared or self._was_read(image, name):
            return False
        self._compared.add((image.name, name))
        known = (await self._ledger(image)).get(name)
        if known is not None and known.platforms:
            now = await self._parts.registries.head(image.host, image.repository, name)
            if now == known.digest:
                return False
        return await self.learn(image, Tag(name), in_use=False)

    def _was_read(self, image: ImageReference, name: str) -> bool:
        return any((image.name, name, in_use) in self._read for in_use in (True, False))

    async def _learn_digest(self, image: ImageReference, digest: str) -> bool:
        read = self._by_digest.setdefault(image.name, {})
        if digest in read:
            return False
        try:
            manifest = await self._parts.registries.manifest(image.host, image.repository, digest)
            read[digest] = Tag(digest, digest, platforms=manifest.platforms)
        except ImageNotFound:
            log.info("digest.gone", image=image.name, digest=digest)
            read[digest] = Tag(digest, digest, platforms=frozenset())
        return True

    async def _ledger(self, image: ImageReference) -> dict[str, Tag]:
        if image.name not in self._tags:
            rows = await self._parts.store.ledger.tags(image.host, image.repository)
            self._tags[image.name] = {row.name: _tag(row) for row in rows}
        return self._tags[image.name]


async def _read(parts: Parts, image: ImageReference, name: str, *, listed: bool, in_use: bool) -> Tag | None:
    """Ask the registry for a tag's digest and platforms, and write into the ledger what is whole.

    A candidate whose index points at manifests that are not there (yet) runs nowhere. A tag in use runs on all that it
    promises; only one that the registry does not list any more promises nothing. None: nothing could be learned.
    """
    try:
        manifest = await parts.registries.manifest(image.host, image.repository, name, verify_children=True)
        if in_use and not manifest.complete:
            manifest = await parts.registries.manifest(image.host, image.repository, name)
            return Tag(name, manifest.digest, platforms=manifest.platforms)
    except ImageNotFound:
        log.info("tag.gone", image=image.name, tag=name, listed=listed)
        return None if listed and in_use else Tag(name, platforms=frozenset())
    platforms = manifest.platforms if manifest.complete else frozenset[Platform]()
    names = sorted(map(str, platforms))
    await parts.store.ledger.describe(
        image.host, image.repository, name, digest=manifest.digest, platforms=names, seen_at=parts.clock()
    )
    return Tag(name, manifest.digest, platforms=platforms)


def _joined(listed: Tag | None, read: Tag, now: datetime) -> Tag:
    """Keep the times of a tag that was read again; one that is another image now is first seen now."""
    if listed is None:
        return read
    if listed.digest in {None, read.digest}:
        return replace(read, first_seen=listed.first_seen, pushed_at=listed.pushed_at)
    return replace(read, first_seen=now)


def _tag(row: LedgerTag) -> Tag:
    platforms = None if row.platforms is None else frozenset(Platform.parse(name) for name in row.platforms)
    return Tag(row.name, row.digest, row.pushed_at, platforms, row.first_seen)
