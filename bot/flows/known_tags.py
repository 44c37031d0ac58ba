"""What is known of an image's tags and digests: from the ledger, else from the registry."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import structlog

from bot.images import Platform, Tag
from bot.registries import ImageNotFound, InvalidAnswer, RegistryError, RegistryRefused
from bot.store import Push

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.images import ImageReference
    from bot.registries import PushTime
    from bot.store import LedgerTag

log = structlog.get_logger()

ASKED_FOR_TIMES = timedelta(days=1)
"""For how long after a tag was first seen its registry is asked when it was pushed: later it will not tell either."""

MANY = 2000
"""Tags from which on reading what is kept of them takes longer than the event loop may be held up."""

OF_ONE_TAG = (RegistryRefused, InvalidAnswer)
"""What a registry may say of one tag while it lets others be read: that it is quarantined, or broken."""

NOT_TOLD = datetime(1970, 1, 1, tzinfo=UTC)
"""When an image was created that does not say: as for builds that are to come out the same each time."""


class KnownTags:
    """What is known of images' tags during one piece of work: the ledger's rows, and what a registry told since.

    Shared by all repositories of one scan, so that each tag is read once however many follow it. `readers`: who reads
    each image, by its name ("host/repository"). `failed`: why a tag of an image could not be read, if one could not;
    whoever wants that tag waits, and nobody else.
    """

    def __init__(self, parts: Parts, readers: Mapping[str, Reader]) -> None:
        self._parts = parts
        self.readers = readers
        self._tags: dict[str, dict[str, Tag]] = {}
        self._by_digest: dict[str, dict[str, Tag]] = {}
        self._read: set[tuple[str, str, bool]] = set()
        self._compared: set[tuple[str, str]] = set()
        self._created: set[tuple[str, str]] = set()
        self._timed: set[str] = set()
        self.failed: dict[ImageReference, RegistryError] = {}

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
        read = await self._ask(image, tag.name, listed=listed is not None, in_use=in_use)
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
            access = self.readers[image.name].access
            try:
                now = await self._parts.registries.head(image.host, image.repository, name, access)
            except OF_ONE_TAG as error:
                self._note(image, name, error)
                return False
            if now == known.digest:
                return False
        return await self.learn(image, Tag(name), in_use=False)

    async def learn_push_times(self, image: ImageReference) -> None:
        """Ask an image's registry, once, when its tags were pushed; where it does not tell, events may have told."""
        if image.name in self._timed:
            return
        self._timed.add(image.name)
        known = await self._ledger(image)
        wanted = self._recently_untimed(known)
        if not wanted:
            return
        reader = self.readers[image.name]
        told: Sequence[PushTime] = ()
        try:
            told = await self._parts.registries.push_times(image.host, image.repository, reader.access, wanted)
        except RegistryError as error:  # what was first seen when is known all the same
            self._note(image, "push times", error)
        pushes = [Push(time.tag, time.digest, time.pushed_at) for time in told if time.tag in known]
        if not told:
            events = await self._parts.store.ledger.told_pushes(image.host, image.repository)
            pushes = [push for push in events if push.tag in wanted]
        if await self._parts.store.ledger.note_pushes(image.host, image.repository, reader.id, pushes):
            del self._tags[image.name]

    async def learn_created(self, image: ImageReference, name: str) -> bool:
        """Read what a tag's image says of when it was created; False: that was done already, or it is gone."""
        if (image.name, name) in self._created:
            return False
        self._created.add((image.name, name))
        reader, known = self.readers[image.name], await self._ledger(image)
        try:
            manifest = await self._parts.registries.manifest(
                image.host, image.repository, name, reader.access, created=True
            )
        except ImageNotFound:
            log.info("tag.gone", image=image.name, tag=name, listed=name in known)
            known[name] = Tag(name, platforms=frozenset(), created_at=NOT_TOLD)
            await self._keep(image, name, None, platforms=[], created_at=NOT_TOLD)
            return True
        except OF_ONE_TAG as error:
            self._note(image, name, error)
            return False
        # What does not say when is as old as can be: it is not asked again, and nothing is chosen by it.
        created_at = manifest.created_at or NOT_TOLD
        await self._keep(image, name, manifest.digest, created_at=created_at)
        known[name] = replace(known.get(name, Tag(name)), created_at=created_at)
        return True

    def _was_read(self, image: ImageReference, name: str) -> bool:
        return any((image.name, name, in_use) in self._read for in_use in (True, False))

    async def _learn_digest(self, image: ImageReference, digest: str) -> bool:
        read = self._by_digest.setdefault(image.name, {})
        if digest in read:
            return False
        try:
            access = self.readers[image.name].access
            manifest = await self._parts.registries.manifest(image.host, image.repository, digest, access)
            read[digest] = Tag(digest, digest, platforms=manifest.platforms)
        except ImageNotFound:
            log.info("digest.gone", image=image.name, digest=digest)
            read[digest] = Tag(digest, digest, platforms=frozenset())
        except OF_ONE_TAG as error:
            self._note(image, digest, error)
            return False
        return True

    async def _ledger(self, image: ImageReference) -> dict[str, Tag]:
        if image.name not in self._tags:
            reader = self.readers[image.name].id
            rows = await self._parts.store.ledger.tags(image.host, image.repository, reader)
            # Long lists are read beside the event loop, which has doors to answer.
            read = asyncio.to_thread(_tags, rows) if len(rows) > MANY else None
            self._tags[image.name] = _tags(rows) if read is None else await read
        return self._tags[image.name]

    async def _ask(self, image: ImageReference, name: str, *, listed: bool, in_use: bool) -> Tag | None:
        """Ask the registry for a tag's digest and platforms, and write into the ledger what is whole.

        A candidate whose index points at manifests that are not there (yet) runs nowhere. A tag in use runs on all
        that it promises; only one that the registry does not list any more promises nothing. None: nothing could be
        learned.
        """
        registries, access = self._parts.registries, self.readers[image.name].access
        try:
            manifest = await registries.manifest(image.host, image.repository, name, access, verify_children=True)
            if in_use and not manifest.complete:
                manifest = await registries.manifest(image.host, image.repository, name, access)
                return Tag(name, manifest.digest, platforms=manifest.platforms)
        except ImageNotFound:
            log.info("tag.gone", image=image.name, tag=name, listed=listed)
            return None if listed and in_use else Tag(name, platforms=frozenset())
        except OF_ONE_TAG as error:
            self._note(image, name, error)
            return None
        platforms = manifest.platforms if manifest.complete else frozenset[Platform]()
        await self._keep(image, name, manifest.digest, platforms=sorted(map(str, platforms)))
        return Tag(name, manifest.digest, platforms=platforms)

    async def _keep(
        self,
        image: ImageReference,
        name: str,
        digest: str | None,
        *,
        platforms: list[str] | None = None,
        created_at: datetime | None = None,
    ) -> None:
        await self._parts.store.ledger.describe(
            image.host,
            image.repository,
            name,
            digest,
            platforms,
            self.readers[image.name].id,
            seen_at=self._parts.clock(),
            created_at=created_at,
        )

    def _note(self, image: ImageReference, what: str, error: RegistryError) -> None:
        log.warning("tag.not_read", image=image.name, what=what, reason=str(error))
        self.failed.setdefault(image, error)

    def _recently_untimed(self, known: Mapping[str, Tag]) -> frozenset[str]:
        """Name the tags whose registry may tell when they were pushed; all of them, if it was never asked."""
        untimed = [tag for tag in known.values() if tag.pushed_at is None]
        if len(untimed) == len(known):
            return frozenset(tag.name for tag in untimed)
        since = self._parts.clock() - ASKED_FOR_TIMES
        return frozenset(tag.name for tag in untimed if tag.first_seen is not None and tag.first_seen >= since)


def _joined(listed: Tag | None, read: Tag, now: datetime) -> Tag:
    """Keep the times of a tag that was read again; one that is another image now is first seen now."""
    if listed is None:
        return read
    if listed.digest is not None and read.digest is not None and listed.digest != read.digest:
        log.warning("tag.pushed_again", tag=read.name, before=listed.digest, now=read.digest)
    if listed.digest in {None, read.digest}:
        return replace(read, first_seen=listed.first_seen, pushed_at=listed.pushed_at, created_at=listed.created_at)
    return replace(read, first_seen=now)


def _tags(rows: Sequence[LedgerTag]) -> dict[str, Tag]:
    return {row.name: _tag(row) for row in rows}


@lru_cache(maxsize=1024)
def _platforms(names: tuple[str, ...] | None) -> frozenset[Platform] | None:
    # Most tags of an image have the same.
    return None if names is None else frozenset(map(Platform.parse, names))


def _tag(row: LedgerTag) -> Tag:
    platforms = _platforms(row.platforms)
    return Tag(row.name, row.digest, row.pushed_at, platforms, row.first_seen, row.created_at)
