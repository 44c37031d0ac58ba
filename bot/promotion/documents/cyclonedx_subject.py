"""What a CycloneDX document describes, and who wrote it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from bot.promotion.documents.package_urls import image_url, is_image_url, package_url
from bot.promotion.documents.told import About
from bot.promotion.documents.values import digest, mapping, objects, shortened, text

_REPOSITORY_DIGEST: Final = "aquasecurity:trivy:RepoDigest"
_CONTAINER: Final = "container"
_NO_LETTERS: Final = re.compile(r"[^a-z0-9]+")
# The first words of the names of tools that look for vulnerabilities in all that they list.
_SCANNERS: Final = (
    "trivy",
    "grype",
    "osv-scanner",
    "dependency-track",
    "snyk",
    "anchore",
    "clair",
    "docker-scout",
    "depscan",
    "owasp-depscan",
    "xray",
    "jfrog-xray",
    "wiz",
    "black-duck",
)


@dataclass(frozen=True, slots=True)
class CycloneDxSubject:
    """What a document describes (metadata.component).

    reference: its bom-ref, "" for none. about: what it says of the image. images: the digests by which it names one.
    is_image: whether it is an image, or the document does not say what it is, and so means what it was found at.
    is_some_image: an image, and nothing shows which. components: of what is no image, the name.
    """

    reference: str
    about: About
    images: frozenset[str] = frozenset()
    is_image: bool = True
    is_some_image: bool = False
    components: frozenset[str] = frozenset()


def described(document: dict[str, Any]) -> CycloneDxSubject:
    """Read what a document describes."""
    root = mapping(mapping(document.get("metadata")).get("component"))
    reference, about = text(root.get("bom-ref")), _about(root)
    if not root:
        return CycloneDxSubject(reference, about)
    if text(root.get("type")).lower() != _CONTAINER and image_url(package_url(root.get("purl"))) is None:
        return CycloneDxSubject(reference, about, is_image=False, components=frozenset({named(root)}))
    images = about.repository_digests | about.digests
    return CycloneDxSubject(reference, about, images, is_some_image=not images)


def lists_images_alone(parts: list[dict[str, Any]]) -> bool:
    """Say whether the components of a document are all images, as in the SBOM of an index; False for none."""
    return bool(parts) and all(
        text(one.get("type")).lower() == _CONTAINER or is_image_url(package_url(one.get("purl"))) for one in parts
    )


def named(entry: dict[str, Any]) -> str:
    """Name a component: its package URL, else name@version."""
    return package_url(entry.get("purl")) or f"{text(entry.get('name'))}@{text(entry.get('version'))}"


def _about(root: dict[str, Any]) -> About:
    """Syft writes a digest as the version of the image, Trivy its package URL and the digests of its repositories."""
    url = image_url(package_url(root.get("purl")))
    known = {
        digest(one.get("value")) for one in objects(root.get("properties")) if one.get("name") == _REPOSITORY_DIGEST
    }
    others = {
        digest(root.get("version")),
        url.digest if url else "",
    }
    return About(frozenset(known - {""}), frozenset(others - {""}), architecture=url.architecture if url else "")


def tool(document: dict[str, Any]) -> str:
    """Name the first tool that made a document, with its version; "" where none is told."""
    first = next(iter(_tools(document)), {})
    return f"{shortened(first.get('name'), 100)} {shortened(first.get('version'), 100)}".strip()


def is_of_a_scanner(document: dict[str, Any]) -> bool:
    """Say whether one of the tools that made a document is a scanner for vulnerabilities."""
    names = (_NO_LETTERS.sub("-", shortened(one.get("name"), 100).lower()) for one in _tools(document))
    return any(f"{name}-".startswith(f"{scanner}-") for name in names for scanner in _SCANNERS)


def _tools(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Tools are a list until 1.4, since 1.5 also an object with components and services."""
    tools = mapping(document.get("metadata")).get("tools")
    newer = mapping(tools)
    return objects(tools) or [*objects(newer.get("components")), *objects(newer.get("services"))]
