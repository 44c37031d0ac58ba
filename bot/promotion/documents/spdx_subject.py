"""What an SPDX document describes: which of its entries is the image, and what is listed beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from bot.promotion.documents.package_urls import image_url, is_image_url
from bot.promotion.documents.told import About, AboutAnother
from bot.promotion.documents.values import digest, mapping, objects, shortened, text, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.promotion.evidence import Component

    Listed: TypeAlias = Sequence[tuple[dict[str, Any], Component]]

# A document is about one image; to read the package URLs of many takes long.
_MOST_IMAGES: Final = 100
_DOCUMENT: Final = "SPDXRef-DOCUMENT"
_CONTAINER: Final = "CONTAINER"
_ROOT: Final = "SPDXRef-DocumentRoot-"
# Before SPDX 2.3 there was no purpose: Syft and Trivy told it in the identifier.
_PURPOSES: Final = {
    "SPDXRef-DocumentRoot-Image-": _CONTAINER,
    "SPDXRef-DocumentRoot-Directory-": "DIRECTORY",
    "SPDXRef-DocumentRoot-File-": "FILE",
    "SPDXRef-ContainerImage-": _CONTAINER,
    "SPDXRef-OperatingSystem-": "OPERATING-SYSTEM",
    "SPDXRef-Application-": "APPLICATION",
}
_OF_A_FOLDER: Final = "https://anchore.com/syft/dir/"
_STAGE: Final = re.compile(r"(?:/run/src/extras/)?sbom-([A-Za-z0-9_.-]{1,100})")


def purpose(entry: dict[str, Any]) -> str:
    """Give primaryPackagePurpose (SPDX 2.3, section 7.24), or what the identifier tells of it, in capitals."""
    identifier = text(entry.get("SPDXID"))
    by_identifier = next((kind for prefix, kind in _PURPOSES.items() if identifier.startswith(prefix)), "")
    return text(entry.get("primaryPackagePurpose")).upper().replace("_", "-") or by_identifier


def is_described(entry: dict[str, Any]) -> bool:
    """Say whether an entry is what Syft looked into, or is an image: both have no licence of their own."""
    return purpose(entry) == _CONTAINER or text(entry.get("SPDXID")).startswith(_ROOT)


def about(document: dict[str, Any], listed: Listed) -> About:
    """Give what a document says of its image: package URLs, versions and checksums.

    The image is the one that the document describes (section 11.1), else what calls itself a container, else any that
    is listed: an SBOM may list others too, such as those that the image was built from.
    """
    images = [each for each in listed if _is_image(*each)]
    roots = _described(document)
    described = [each for each in images if text(each[0].get("SPDXID")) in roots]
    containers = [each for each in images if purpose(each[0]) == _CONTAINER]
    digests: set[str] = set()
    architectures: set[str] = set()
    for entry, component in (described or containers or images)[:_MOST_IMAGES]:
        url = image_url(component.purl)
        digests |= {digest(component.version), *_checksums(entry)}
        if url is not None:
            digests.add(url.digest)
            architectures.add(url.architecture)
    architectures.discard("")
    only = next(iter(architectures)) if len(architectures) == 1 else ""
    return About(digests=frozenset(digests - {""}), architecture=only)


def lists_images_alone(document: dict[str, Any], listed: Listed) -> bool:
    """Say whether nothing but images is listed beside what a document describes, as in the SBOM of an index.

    Such a document says nothing of what is in them. One that lists a single image and nothing else is one of an image
    in which its tool found no package.
    """
    roots = _described(document)
    others = [entry for entry, component in listed if not _is_image(entry, component)]
    images = len(listed) - len(others)
    is_beside_a_root = bool(others) and all(is_described(one) or text(one.get("SPDXID")) in roots for one in others)
    return (is_beside_a_root and images > 0) or (not others and images > 1)


def refuse_stage(document: dict[str, Any]) -> None:
    """Raise AboutAnother for what BuildKit's scanner writes of a stage or of the context of a build.

    BuildKit mounts those as `sbom-NAME`, and the image as `sbom` (moby/buildkit, frontend/attestations/sbom/sbom.go);
    docker/buildkit-syft-scanner names its document so, and first named it by the whole path. All of them are attached
    to the image, which has in it no more of them than was copied. What other scanners write cannot be told apart.
    """
    is_of_a_folder = shortened(document.get("documentNamespace")).startswith(_OF_A_FOLDER)
    if is_of_a_folder and (found := _STAGE.fullmatch(shortened(document.get("name")))):
        raise AboutAnother(f"it is about the build stage {found[1]}")


def _is_image(entry: dict[str, Any], component: Component) -> bool:
    return is_image_url(component.purl) or purpose(entry) == _CONTAINER


def _described(document: dict[str, Any]) -> frozenset[str]:
    """The identifiers of what a document describes, as a list, or by relationships: files have hundred thousands."""
    told = document.get("relationships")
    relations = [mapping(one) for one in told] if isinstance(told, list) else []
    found = [
        *(_end(one, "relatedSpdxElement") for one in relations if _is(one, "DESCRIBES", "spdxElementId")),
        *(_end(one, "spdxElementId") for one in relations if _is(one, "DESCRIBED_BY", "relatedSpdxElement")),
    ]
    return frozenset([*found, *texts(document.get("documentDescribes"))]) - {""}


def _is(relation: dict[str, Any], kind: str, end: str) -> bool:
    return relation.get("relationshipType") == kind and relation.get(end) == _DOCUMENT


def _end(relation: dict[str, Any], end: str) -> str:
    return text(relation.get(end))


def _checksums(entry: dict[str, Any]) -> Iterator[str]:
    return (
        digest(f"sha256:{text(one.get('checksumValue'))}")
        for one in objects(entry.get("checksums"))
        if one.get("algorithm") == "SHA256"
    )
