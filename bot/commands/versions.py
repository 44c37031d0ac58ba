"""What a command says of versions: one tag, one image by its digest, or a range."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.images import ImageReference, InvalidImageReference, is_tag
from bot.selection import Constraint, InvalidConstraint

_NUMBER: Final = r"(?:[0-9]+|[xX*])"
_PARTIAL: Final = re.compile(rf"v?{_NUMBER}(?:\.{_NUMBER})?")
_WITH_WILDCARD: Final = re.compile(rf"v?(?=[0-9.]*[xX*]){_NUMBER}(?:\.{_NUMBER}){{0,2}}(?:-[0-9A-Za-z.-]+)?")
_LIKE_A_VERSION: Final = re.compile(r"(?:v?[0-9xX*]|[<>=~^!]|sha[0-9]+:).*")


class InvalidVersions(ValueError):
    """A text that names no versions; it says why."""


@dataclass(frozen=True, slots=True)
class Versions:
    """A tag, a digest ("sha256:..."), both (that image of the tag), or the text of a range."""

    tag: str | None = None
    digest: str | None = None
    range: str | None = None

    def __str__(self) -> str:
        return self.range or "@".join(part for part in (self.tag, self.digest) if part)


def looks_like_versions(text: str) -> bool:
    """Whether somebody who wrote this may have meant a version, a digest or a range, and no policy's name."""
    return _LIKE_A_VERSION.fullmatch(text) is not None


def read_tag(text: str) -> Versions:
    """Read a tag, a digest, or both as tag@digest. Raises InvalidVersions."""
    if is_tag(text):
        return Versions(tag=text)
    tag, _, digest = text.rpartition("@")
    if ":" in digest and _is_digest(digest) and (not tag or is_tag(tag)):
        return Versions(tag=tag or None, digest=digest)
    raise InvalidVersions("is neither a tag nor a digest (sha256:...)")


def read_versions(text: str) -> Versions:
    """Read a tag, a digest, or a range. Raises InvalidVersions.

    1.5.0 is the tag of that name; 1.5, 1.x and >=1.5 are ranges, for who ignores 1.5 means all its patches.
    """
    if not _PARTIAL.fullmatch(text) and not _WITH_WILDCARD.fullmatch(text):
        try:
            return read_tag(text)
        except InvalidVersions:
            pass
    try:
        return Versions(range=Constraint.parse(text).text)
    except InvalidConstraint as error:
        raise InvalidVersions(f"is no tag, no digest and no range of versions: {error.reason}") from None


def _is_digest(text: str) -> bool:
    try:
        return ImageReference.parse(f"image@{text}").digest == text
    except InvalidImageReference:
        return False
