"""What a package URL says of the image that a document is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from packageurl import PackageURL

from bot.promotion.documents.values import digest, text

LONGEST: Final = 512
"""Characters of a package URL: reading one takes longer the longer it is."""

_MAY_BE_AN_IMAGE: Final = re.compile(r"pkg:[\s/]*(oci|docker)/", re.IGNORECASE)
_IMAGES: Final = frozenset({"oci", "docker"})


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A package URL of an image. digest: "" where its version is none; architecture: "" where not told."""

    digest: str
    architecture: str


def package_url(value: object) -> str:
    """Give a package URL as it is written, or what else names a component; "" for one of over 512 characters."""
    return text(value) if isinstance(value, str) and len(value) <= LONGEST else ""


def image_url(url: str) -> ImageUrl | None:
    """Read a package URL of the types `oci` and `docker` (package-url/purl-spec, PURL-TYPES); None for any other."""
    if len(url) > LONGEST or not _MAY_BE_AN_IMAGE.match(url):
        return None
    try:
        read = PackageURL.from_string(url)
    except ValueError:
        return None
    if read.type not in _IMAGES:
        return None
    qualifiers = read.qualifiers if isinstance(read.qualifiers, dict) else {}
    return ImageUrl(digest(read.version or ""), qualifiers.get("arch", ""))
