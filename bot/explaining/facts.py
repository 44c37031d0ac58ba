"""What registries tell during one command: the tags of an image, and what a decision asks about some of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from bot.images import Platform, Tag
from bot.registries import ImageNotFound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from bot.images import ImageReference
    from bot.registries import Registries

AT_ONCE = 8


class Doubt(NamedTuple):
    """A tag of an image of which something is not known. `in_use`: it stands in a file."""

    image: ImageReference
    tag: str
    in_use: bool


class Facts:
    """The tags of some images, and what was learned of them. Every registry is asked as nobody in particular."""

    def __init__(self, registries: Registries, doing: Callable[[str], None]) -> None:
        self._registries = registries
        self._doing = doing
        self._tags: dict[str, dict[str, Tag]] = {}
        self._asked: set[tuple[str, str, bool]] = set()

    async def list_tags(self, image: ImageReference) -> int:
        """List the tags of an image, and return how many there are. Raises RegistryError."""
        if image.name not in self._tags:
            self._doing(f"listing the tags of {image.name}")
            listed = await self._registries.tags(image.host, image.repository)
            self._tags[image.name] = {name: Tag(name) for name in listed.names}
        return len(self._tags[image.name])

    def known(self) -> Mapping[str, Sequence[Tag]]:
        """Give the tags of each image that was listed, by its name, with all that is known of them."""
        return {image: list(tags.values()) for image, tags in self._tags.items()}

    async def learn(self, doubts: Iterable[Doubt]) -> bool:
        """Read tags, each at most once; False: nothing new is known. Raises RegistryError.

        What is in use comes last: where a tag is in use here and wanted there, what it promises counts.
        """
        new = [doubt for doubt in dict.fromkeys(doubts) if self._is_new(doubt)]
        news = [await self._learn_all([doubt for doubt in new if doubt.in_use is used]) for used in (False, True)]
        return any(news)

    def _is_new(self, doubt: Doubt) -> bool:
        key = (doubt.image.name, doubt.tag, doubt.in_use)
        return bool(self._tags.get(doubt.image.name)) and key not in self._asked

    async def _learn_all(self, doubts: Sequence[Doubt]) -> bool:
        found = False
        for start in range(0, len(doubts), AT_ONCE):
            some = doubts[start : start + AT_ONCE]
            self._doing(f"reading manifests of {some[0].image.name}, {len(self._asked):,} so far")
            self._asked |= {(doubt.image.name, doubt.tag, doubt.in_use) for doubt in some}
            for doubt, tag in zip(some, await asyncio.gather(*map(self._read, some)), strict=True):
                if tag is not None:
                    self._tags[doubt.image.name][tag.name] = tag
                    found = True
        return found

    async def _read(self, doubt: Doubt) -> Tag | None:
        """Ask for a tag's digest and platforms; None: nothing could be learned.

        A candidate whose index points at manifests that are not there (yet) runs nowhere. A tag in use runs on all
        that it promises; only one that the registry does not list any more promises nothing.
        """
        image, name, in_use = doubt
        try:
            manifest = await self._registries.manifest(image.host, image.repository, name, verify_children=True)
            if in_use and not manifest.complete:
                manifest = await self._registries.manifest(image.host, image.repository, name)
                return Tag(name, manifest.digest, None, manifest.platforms)
        except ImageNotFound:
            is_listed = name in self._tags[image.name]
            return None if is_listed and in_use else Tag(name, None, None, frozenset())
        return Tag(name, manifest.digest, None, manifest.platforms if manifest.complete else frozenset[Platform]())
