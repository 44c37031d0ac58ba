"""What a package URL says of the image that a document is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from packageurl import PackageURL

from bot.promotion.documents.values import digest

_IMAGES: Final = frozenset({"oci", "docker"})


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A package URL of an image. digest: "" where its version is none; architecture: "" where not told."""

    digest: str
    architecture: str


def image_url(url: str) -> ImageUrl | None:
    """Read a package URL of the types `oci` and `docker` (package-url/purl-spec, PURL-TYPES); None for any other."""
    if not url.startswith("pkg:"):
        return None
    try:
        read = PackageURL.from_string(url)
    except ValueError:
        return None
    if read.type not in _IMAGES:
        return None
    qualifiers = read.qualifiers if isinstance(read.qualifiers, dict) else {}
    return ImageUrl(digest(read.version or ""), qualifiers.get("arch", ""))
