"""What Trivy's JSON report says of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.names import aliases
from bot.promotion.documents.package_urls import package_url
from bot.promotion.documents.scores import highest, score
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import About, Told, Unreadable
from bot.promotion.documents.values import digest, entries, identifier, mapping, objects, text, texts
from bot.promotion.documents.weights import bounded_findings
from bot.promotion.evidence import Vulnerability

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_THE_SYSTEM: Final = "os-pkgs"
_OF_A_LANGUAGE: Final = "lang-pkgs"


def is_trivy(document: dict[str, Any]) -> bool:
    """Say whether a document has the shape of Trivy's report (pkg/types/report.go, SchemaVersion 2)."""
    return "SchemaVersion" in document and ("Results" in document or "ArtifactName" in document)


def read_trivy(document: dict[str, Any]) -> Told:
    """Read the vulnerabilities of a report of `trivy image --format json`; also what it says of its image.

    Unreadable where it looked only for secrets, licences or mistakes, or only through the packages of languages: that
    it has no vulnerability would mean too little.
    """
    if not _looked(document):
        raise Unreadable("it is a report of a scan that did not look through all packages")
    return Told(
        about=_about(document),
        vulnerabilities=bounded_findings(_vulnerabilities(document)),
        at=aware(document.get("CreatedAt")),
        tool=f"Trivy {text(mapping(document.get('Trivy')).get('Version'))}".strip(),
    )


def repository_digests(document: dict[str, Any]) -> list[str]:
    """Give Metadata.RepoDigests: `host/repository@sha256:...`."""
    return texts(mapping(document.get("Metadata")).get("RepoDigests"))


def _looked(document: dict[str, Any]) -> bool:
    """Say whether the packages were looked through, by the classes of the results (before Trivy 0.20 they had none).

    An image with an operating system has a result for that system's packages, also an empty one; without such a system
    it has results only where there are packages of a language.
    """
    classes = {text(result.get("Class")) for result in objects(document.get("Results"))}
    if mapping(mapping(document.get("Metadata")).get("OS")).get("Family"):
        return bool(classes & {"", _OF_THE_SYSTEM})
    return not classes or bool(classes & {"", _OF_THE_SYSTEM, _OF_A_LANGUAGE})


def _about(document: dict[str, Any]) -> About:
    config = mapping(mapping(document.get("Metadata")).get("ImageConfig"))
    return About(
        repository_digests=frozenset(filter(None, map(digest, repository_digests(document)))),
        system=text(config.get("os")),
        architecture=text(config.get("architecture")),
        variant=text(config.get("variant")),
    )


def _vulnerabilities(document: dict[str, Any]) -> Iterator[Vulnerability]:
    for result in entries(document.get("Results")):
        for entry in entries(result.get("Vulnerabilities")):
            name = identifier(entry.get("VulnerabilityID"))
            others = aliases(name, texts(entry.get("VendorIDs")))
            yield Vulnerability(name, _component(entry), text(entry.get("Severity")).lower(), _score(entry), others)


def _component(entry: dict[str, Any]) -> str:
    """PkgIdentifier.PURL since Trivy 0.48; before, only the name and the version."""
    named = f"{text(entry.get('PkgName'))}@{text(entry.get('InstalledVersion'))}"
    return package_url(mapping(entry.get("PkgIdentifier")).get("PURL")) or named


def _score(entry: dict[str, Any]) -> float | None:
    rated = [mapping(vendor) for vendor in mapping(entry.get("CVSS")).values()]
    return highest(score(vendor.get(version)) for vendor in rated for version in ("V40Score", "V3Score", "V2Score"))
