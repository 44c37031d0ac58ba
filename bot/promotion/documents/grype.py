"""What Grype's JSON report says of an image."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.grype_rules import is_of_grype
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
    from datetime import datetime


# An image, or an SBOM of one (grype/presenter/models/source.go).
_SCANNED: Final = frozenset({"image", "sbom", "sbom-file"})


def is_grype(document: dict[str, Any]) -> bool:
    """Say whether a document has the shape of Grype's report (grype/presenter/models/document.go)."""
    return isinstance(document.get("matches"), list) and "descriptor" in document


def read_grype(document: dict[str, Any]) -> Told:
    """Read the matches of a report of `grype -o json`; also what it says of its image.

    Unreadable where it is on no image. What Grype was told to ignore is there all the same; what it leaves out by rules
    of its own alone is none of its findings.
    """
    if text(mapping(document.get("source")).get("type")) not in _SCANNED:
        raise Unreadable(NO_IMAGE)
    descriptor = mapping(document.get("descriptor"))
    return Told(
        about=_about(document),
        vulnerabilities=bounded_findings(_vulnerabilities(document)),
        at=aware(descriptor.get("timestamp")),
        tool=f"Grype {text(descriptor.get('version'))}".strip(),
        database_at=_database_at(mapping(descriptor.get("db"))),
    )


def _database_at(database: dict[str, Any]) -> datetime | None:
    """`status.built` since Grype 0.88, `built` before (grype/presenter/models/descriptor.go)."""
    return aware(mapping(database.get("status")).get("built")) or aware(database.get("built"))


def repository_digests(document: dict[str, Any]) -> list[str]:
    """Give source.target.repoDigests: `host/repository@sha256:...`."""
    return texts(_target(document).get("repoDigests"))


def _target(document: dict[str, Any]) -> dict[str, Any]:
    # For a folder the target is its path, a text.
    return mapping(mapping(document.get("source")).get("target"))


def _about(document: dict[str, Any]) -> About:
    """The manifest digest is Grype's own where the image came from a daemon or an archive, so it proves nothing."""
    target = _target(document)
    return About(
        repository_digests=frozenset(filter(None, map(digest, repository_digests(document)))),
        digests=frozenset(filter(None, [digest(target.get("manifestDigest"))])),
        system=text(target.get("os")),
        architecture=text(target.get("architecture")),
    )


def _vulnerabilities(document: dict[str, Any]) -> Iterator[Vulnerability]:
    for match in [*entries(document["matches"]), *_ignored(document)]:
        found, related = mapping(match.get("vulnerability")), objects(match.get("relatedVulnerabilities"))
        name = identifier(found.get("id"))
        yield Vulnerability(
            name,
            _component(mapping(match.get("artifact"))),
            text(found.get("severity")).lower(),
            _score(found) if found.get("cvss") else highest(map(_score, related)),
            aliases(name, (text(other.get("id")) for other in related)),
        )


def _ignored(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for match in entries(document.get("ignoredMatches")):
        rules = entries(match.get("appliedIgnoreRules"))
        if text(mapping(match.get("vulnerability")).get("severity")) and not (rules and all(map(is_of_grype, rules))):
            yield match


def _component(artifact: dict[str, Any]) -> str:
    return package_url(artifact.get("purl")) or f"{text(artifact.get('name'))}@{text(artifact.get('version'))}"


def _score(vulnerability: dict[str, Any]) -> float | None:
    return highest(score(mapping(cvss.get("metrics")).get("baseScore")) for cvss in objects(vulnerability.get("cvss")))
