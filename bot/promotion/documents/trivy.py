"""What Trivy's JSON report says of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.names import aliases
from bot.promotion.documents.package_urls import package_url
from bot.promotion.documents.scores import highest, score
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import NO_IMAGE, About, Told, Unreadable
from bot.promotion.documents.values import digest, entries, identifier, mapping, objects, text, texts
from bot.promotion.documents.weights import bounded_findings
from bot.promotion.evidence import Vulnerability

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_THE_SYSTEM: Final = "os-pkgs"
_OF_A_LANGUAGE: Final = "lang-pkgs"
_NO_SYSTEM: Final = "none"
# An image, or an SBOM of one (pkg/fanal/types/const.go).
_SCANNED: Final = frozenset({"container_image", "cyclonedx", "spdx"})


def is_trivy(document: dict[str, Any]) -> bool:
    """Say whether a document has the shape of Trivy's report (pkg/types/report.go, SchemaVersion 2)."""
    return "SchemaVersion" in document and ("Results" in document or "ArtifactName" in document)


def read_trivy(document: dict[str, Any]) -> Told:
    """Read the vulnerabilities of a report of `trivy image --format json`; also what it says of its image.

    Unreadable where it is on no image, where nothing shows that it looked for more than secrets, licences or mistakes,
    or for more than the packages of languages, and where its distribution gets no security data any more: that it has
    no vulnerability would mean too little. What Trivy was told to leave out is there all the same, as far as the report
    lists it.
    """
    if text(document.get("ArtifactType")) not in _SCANNED:
        raise Unreadable(NO_IMAGE)
    if mapping(mapping(document.get("Metadata")).get("OS")).get("EOSL"):
        raise Unreadable("it is on a distribution that gets no security data any more")
    if not _looked(document):
        raise Unreadable("it is a report of a scan that did not look through all packages")
    trivy = mapping(document.get("Trivy"))
    # Only where a server of Trivy's looked (pkg/types/report.go, TrivyInfo).
    database = mapping(mapping(trivy.get("Server")).get("VulnerabilityDB"))
    return Told(
        about=_about(document),
        vulnerabilities=bounded_findings(_vulnerabilities(document)),
        at=aware(document.get("CreatedAt")),
        tool=f"Trivy {text(trivy.get('Version'))}".strip(),
        database_at=aware(database.get("UpdatedAt")),
    )


def repository_digests(document: dict[str, Any]) -> list[str]:
    """Give Metadata.RepoDigests: `host/repository@sha256:...`."""
    return texts(mapping(document.get("Metadata")).get("RepoDigests"))


def _looked(document: dict[str, Any]) -> bool:
    """Say whether the packages were looked through, by the classes of the results (before Trivy 0.20 they had none).

    An image with an operating system has a result for that system's packages, also an empty one. One without such a
    system ("none" where programs were found, pkg/scan/local/service.go) has results only where there are packages of a
    language; a report without any is also what `--scanners secret` writes.
    """
    classes = {text(result.get("Class")) for result in objects(document.get("Results"))}
    family = mapping(mapping(document.get("Metadata")).get("OS")).get("Family")
    looked = {"", _OF_THE_SYSTEM} if family and family != _NO_SYSTEM else {"", _OF_THE_SYSTEM, _OF_A_LANGUAGE}
    return bool(classes & looked)


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
        for entry in [*entries(result.get("Vulnerabilities")), *_suppressed(result)]:
            name = identifier(entry.get("VulnerabilityID"))
            others = aliases(name, texts(entry.get("VendorIDs")))
            yield Vulnerability(name, _component(entry), text(entry.get("Severity")).lower(), _score(entry), others)


def _suppressed(result: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """What --show-suppressed lists: ignored by a file or a policy, or excused by VEX that Trivy was given."""
    for modified in entries(result.get("ExperimentalModifiedFindings")):
        found = mapping(modified.get("Finding"))
        if text(modified.get("Type")) == "vulnerability" and text(found.get("Severity")):
            yield found


def _component(entry: dict[str, Any]) -> str:
    """PkgIdentifier.PURL since Trivy 0.48; before, only the name and the version."""
    named = f"{text(entry.get('PkgName'))}@{text(entry.get('InstalledVersion'))}"
    return package_url(mapping(entry.get("PkgIdentifier")).get("PURL")) or named


def _score(entry: dict[str, Any]) -> float | None:
    rated = [mapping(vendor) for vendor in mapping(entry.get("CVSS")).values()]
    return highest(score(vendor.get(version)) for vendor in rated for version in ("V40Score", "V3Score", "V2Score"))
