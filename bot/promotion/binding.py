"""Which platforms of an image a document about it counts for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import Platform

if TYPE_CHECKING:
    from bot.promotion.documents.told import About, Told

_PLATFORM: Final = re.compile(r"[A-Za-z0-9_./-]{1,100}")


class NotAbout(Exception):
    """A document that is not about this image, or the part of it at which it was found; its text is a sentence."""


class Unplaced(Exception):
    """A document about this image that does not say which part of it is meant; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Image:
    """An image: its digest, and its platforms with theirs."""

    digest: str
    platforms: tuple[tuple[Platform | None, str], ...]

    @property
    def digests(self) -> frozenset[str]:
        """The digest of the image and those of its platforms."""
        return frozenset({self.digest, *(digest for _, digest in self.platforms)})


def bound(told: Told, subject: str, image: Image) -> tuple[int, ...]:
    """Give the places in `image.platforms` that a document counts for, which was found at the digest `subject`.

    Found at a platform's image, it counts for that platform, unless it names others of this image instead. Found at the
    index, it counts for the platform whose digest it names, else for the one whose operating system and architecture it
    names, else for the only one that there is; what only explains vulnerabilities (VEX) then counts for all. Raise
    NotAbout where it names another image or another platform, Unplaced where it names none of several.
    """
    about = told.about
    if subject not in image.digests:
        raise NotAbout("it is about a digest that is no part of this image")
    if about.repository_digests and not about.repository_digests & image.digests:
        raise NotAbout("it names the digest of another image")
    attached = _at(image, frozenset({subject}))
    if attached:
        if any(_is_of_others(named, subject, image) for named in (about.repository_digests, about.digests)):
            raise NotAbout("it names the digest of another platform")
        return _fitting(attached, about, image)
    if named := _at(image, (about.repository_digests | about.digests) - {image.digest}):
        return named
    if about.architecture:
        return _alone(_fitting(tuple(range(len(image.platforms))), about, image))
    if len(image.platforms) == 1 or _only_explains(told):
        return tuple(range(len(image.platforms)))
    raise Unplaced("it is about the index, and does not say which platform it is about")


def _is_of_others(named: frozenset[str], subject: str, image: Image) -> bool:
    return bool(named & image.digests) and not named & {image.digest, subject}


def _at(image: Image, digests: frozenset[str]) -> tuple[int, ...]:
    return tuple(place for place, (_, digest) in enumerate(image.platforms) if digest in digests)


def _only_explains(told: Told) -> bool:
    return told.components is None and told.vulnerabilities is None


def _fitting(places: tuple[int, ...], about: About, image: Image) -> tuple[int, ...]:
    """Leave out the platforms that a document is not about; what either does not say differs from nothing."""
    fitting = tuple(place for place in places if _fits(about, image.platforms[place][0]))
    if not fitting:
        raise NotAbout(f"it is about another platform ({_words(about)})")
    return fitting


def _alone(places: tuple[int, ...]) -> tuple[int, ...]:
    if len(places) > 1:
        raise Unplaced("it is about the index, and what it says fits more than one platform")
    return places


def _fits(about: About, platform: Platform | None) -> bool:
    if platform is None or not about.architecture:
        return True
    ours = platform.normalised()
    theirs = Platform(about.system or ours.os, about.architecture, about.variant or platform.variant).normalised()
    return ours == theirs


def _words(about: About) -> str:
    named = "/".join(part for part in (about.system, about.architecture, about.variant) if part)
    return named if _PLATFORM.fullmatch(named) else "one that nobody knows"
