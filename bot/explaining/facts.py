"""What registries tell during one command: the tags of an image, and what a decision asks about some of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bot.images import Platform, Tag
from bot.registries import Access, ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.bumps import ByDigest
    from bot.images import ImageReference
    from bot.registries import Grants, Manifest, Registries

AT_ONCE = 8


class Doubt(NamedTuple):
    """A tag of an image of which something is not known; by its digest, where it does not stand for that one any more.

    `in_use`: it stands in a file.
    """

    image: ImageReference
    tag: str
    digest: str | None
    in_use: bool


class Facts:
    """The tags of some images, and what was learned of them. Every registry is asked as nobody in particular."""

    def __init__(self, registries: Registries, doing: Callable[[str], None], grants: Grants) -> None:
        """doing: told what is done next. grants: the private networks that the operator lets everybody reach."""
        self._registries = registries
        self._grants = grants
        self._doing = doing
        self._tags: dict[str, dict[str, Tag]] = {}
        self._by_digest: dict[str, dict[str, Tag]] = {}
        self._listed: dict[str, frozenset[str]] = {}
        self._asked: set[Doubt] = set()

    async def list_tags(self, image: ImageReference) -> int:
        """List the tags of an image, and return how many there are. Raises RegistryError."""
        if image.name not in self._tags:
            self._doing(f"listing the tags of {image.name}")
            listed = await self._registries.tags(image.host, image.repository, self._access(image))
            self._tags[image.name] = {name: Tag(name) for name in listed.names}
            self._listed[image.name] = frozenset(listed.names)
        return len(self._listed[image.name])

    def listed(self, image: ImageReference) -> Sequence[Tag]:
        """Give what is known of the tags that the registry lists, without those that only stand in a file."""
        return [tag for name, tag in self._tags[image.name].items() if name in self._listed[image.name]]

    def known(self) -> Mapping[str, Sequence[Tag]]:
        """Give the tags of each image that was listed, by its name, with all that is known of them."""
        return {image: list(tags.values()) for image, tags in self._tags.items()}

    def by_digest(self) -> ByDigest:
        """Give what was read of each image by its digests."""
        return self._by_digest

    async def learn(self, doubts: Iterable[Doubt]) -> bool:
        """Read tags, each at most once; False: nothing new is known. Raises RegistryError.

        What is in use comes last: where a tag is in use here and wanted there, what it promises counts.
        """
        told = [self._told(doubt) for doubt in dict.fromkeys(doubts)]
        new = [doubt for doubt in dict.fromkeys(told) if doubt not in self._asked and self._tags.get(doubt.image.name)]
        news = [await self._learn_all([doubt for doubt in new if doubt.in_use is used]) for used in (False, True)]
        return any(news)

    def _told(self, doubt: Doubt) -> Doubt:
        """Leave the digest out where the tag stands for it, so that the tag is read."""
        listed = self._tags.get(doubt.image.name, {}).get(doubt.tag)
        is_same = listed is not None and listed.digest == doubt.digest
        return doubt._replace(digest=None) if is_same else doubt

    async def _learn_all(self, doubts: Sequence[Doubt]) -> bool:
        found = False
        for start in range(0, len(doubts), AT_ONCE):
            some = doubts[start : start + AT_ONCE]
            self._doing(f"reading manifests of {some[0].image.name}, {len(self._asked):,} so far")
            self._asked.update(some)
            for doubt, tag in zip(some, await asyncio.gather(*map(self._read, some)), strict=True):
                if tag is not None:
                    self._keep(doubt, tag)
                    found = True
        return found

    def _keep(self, doubt: Doubt, tag: Tag) -> None:
        if doubt.digest is None:
            self._tags[doubt.image.name][tag.name] = tag
        else:
            self._by_digest.setdefault(doubt.image.name, {})[doubt.digest] = tag

    async def _read(self, doubt: Doubt) -> Tag | None:
        return await (self._read_tag(doubt) if doubt.digest is None else self._read_digest(doubt, doubt.digest))

    async def _read_digest(self, doubt: Doubt, digest: str) -> Tag:
        try:
            manifest = await self._read_manifest(doubt.image, digest)
        except ImageNotFound:
            return Tag(digest, digest, platforms=frozenset())
        return Tag(digest, digest, platforms=manifest.platforms)

    async def _read_tag(self, doubt: Doubt) -> Tag | None:
        """Ask for a tag's digest and platforms; None: nothing could be learned.

        A candidate whose index points at manifests that are not there (yet) runs nowhere. A tag in use runs on all
        that it promises; only one that the registry does not list any more promises nothing.
        """
        image, name, _, in_use = doubt
        try:
            manifest = await self._read_manifest(image, name, verify_children=True)
            if in_use and not manifest.complete:
                manifest = await self._read_manifest(image, name)
                return Tag(name, manifest.digest, None, manifest.platforms)
        except ImageNotFound:
            is_listed = name in self._tags[image.name]
            return None if is_listed and in_use else Tag(name, None, None, frozenset())
        return Tag(name, manifest.digest, None, manifest.platforms if manifest.complete else frozenset[Platform]())

    async def _read_manifest(self, image: ImageReference, name: str, *, verify_children: bool = False) -> Manifest:
        place = (image.host, image.repository, name, self._access(image))
        return await self._registries.manifest(*place, verify_children=verify_children)

    def _access(self, image: ImageReference) -> Access:
        return Access(None, self._grants.networks_of(image.host, None))
