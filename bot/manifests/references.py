"""Image references in texts: read, and cut into their parts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.images import ImageReference, InvalidImageReference
from bot.manifests.occurrences import Part

if TYPE_CHECKING:
    from collections.abc import Iterator


DIGEST: Final = re.compile(r"(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})(?![0-9a-f])")
"""A digest in a text: OCI image specification, descriptor, digests."""


class Cut(NamedTuple):
    """A part of a reference: its characters in the text of the reference, from `start` to `end`."""

    part: Part
    start: int
    end: int


def reference_in(text: str) -> ImageReference | None:
    """Read a text as a reference; None where it is none."""
    try:
        return ImageReference.parse(text)
    except InvalidImageReference:
        return None


def cut(reference: ImageReference) -> Iterator[Cut]:
    """Cut the original text of a reference into name, tag and digest, those that it has. It is ASCII, so bytes too."""
    at = len(reference.original)
    behind: list[Cut] = []
    for part, value in ((Part.DIGEST, reference.digest), (Part.TAG, reference.tag)):
        if value:
            behind.append(Cut(part, at - len(value), at))
            at -= len(value) + 1
    yield Cut(Part.NAME, 0, at)
    yield from reversed(behind)


def name_of(reference: ImageReference) -> str:
    """Give the name of an image as it was written, without its tag and digest."""
    return reference.original[: next(cut(reference)).end]
