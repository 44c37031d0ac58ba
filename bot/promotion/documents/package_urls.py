"""What a package URL says of the image that a document is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from packageurl import PackageURL

from bot.promotion.documents.values import digest, text

LONGEST: Final = 512
"""Characters of a package URL: reading one takes longer the longer it is."""

_OF_AN_IMAGE: Final = re.compile(r"pkg:[\s/]*(oci|docker)/", re.IGNORECASE)
_WITH_DIGEST: Final = re.compile(
    r"pkg:/*(?:oci|docker)/[^@?#]*@sha256(?::|%3A)([0-9a-f]{64})(?:[?#].*)?", re.IGNORECASE
)
_BESIDE: Final = re.compile("[?#]")
_IMAGES: Final = frozenset({"oci", "docker"})


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A package URL of an image. digest: "" where its version is none; architecture: "" where not told."""

    digest: str
    architecture: str


def package_url(value: object) -> str:
    """Give a package URL as it is written, or what else names a component; "" for one of over 512 characters.

    One that is longer only by its qualifiers or its subpath is given without them: which package it is stands before.
    """
    if not isinstance(value, str):
        return ""
    named = value if len(value) <= LONGEST else _BESIDE.split(value, maxsplit=1)[0]
    return text(named) if len(named) <= LONGEST else ""


def is_image_url(url: str) -> bool:
    """Say whether a package URL is one of an image, at least by its type: of `oci` or `docker`."""
    return _OF_AN_IMAGE.match(url) is not None


def digest_in(url: str) -> str:
    """Give the digest in the package URL of an image; "" where there is none in the way in which tools write it.

    Without the library, since a document may name more images than it reads in a minute.
    """
    found = _WITH_DIGEST.fullmatch(url)
    return digest(f"sha256:{found[1]}") if found else ""


def image_url(url: str) -> ImageUrl | None:
    """Read a package URL of the types `oci` and `docker` (package-url/purl-spec, PURL-TYPES); None for any other."""
    if len(url) > LONGEST or not is_image_url(url):
        return None
    try:
        read = PackageURL.from_string(url)
    except ValueError:
        return None
    if read.type not in _IMAGES:
        return None
    qualifiers = read.qualifiers if isinstance(read.qualifiers, dict) else {}
    return ImageUrl(digest(read.version or ""), qualifiers.get("arch", ""))
