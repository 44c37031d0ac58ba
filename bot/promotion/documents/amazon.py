"""What the findings that Amazon ECR keeps of a scan say."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.scores import highest, score
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import About, Told, Unreadable
from bot.promotion.documents.values import digest, entries, identifier, mapping, number, objects, text
from bot.promotion.documents.weights import bounded_findings
from bot.promotion.evidence import Vulnerability

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTINUOUS: Final = "ACTIVE"
_COMPLETE: Final = frozenset({"", "COMPLETE", _CONTINUOUS})


def is_amazon(document: dict[str, Any]) -> bool:
    """Say whether a document is the answer of DescribeImageScanFindings, of one page or of all pages joined."""
    return "imageScanFindings" in document


def read_amazon(document: dict[str, Any]) -> Told:
    """Read basic findings and enhanced ones (Amazon ECR API Reference, ImageScanFindings).

    A scan that is ACTIVE is a continuous one of Inspector's: "as new vulnerabilities appear, the scan results are
    updated" (Amazon ECR User Guide, image-scanning), so it looked when its findings were read (`readAt`, beside what
    Amazon writes), and imageScanCompletedAt is only when it last looked at the image itself. Unreadable where the scan
    is not complete: what it has found so far would be too little.
    """
    status = text(mapping(document.get("imageScanStatus")).get("status"))
    if status not in _COMPLETE:
        raise Unreadable("the scan is not complete")
    if document.get("nextToken"):
        raise Unreadable("it is only a part of the findings")
    findings = mapping(document["imageScanFindings"])
    completed = _time(findings.get("imageScanCompletedAt"))
    return Told(
        about=About(frozenset(filter(None, [digest(mapping(document.get("imageId")).get("imageDigest"))]))),
        vulnerabilities=bounded_findings(chain(_basic(findings), _enhanced(findings))),
        at=(_time(document.get("readAt")) if status == _CONTINUOUS else None) or completed,
        tool="Amazon Inspector" if status == _CONTINUOUS or findings.get("enhancedFindings") else "Amazon ECR",
        database_at=_time(findings.get("vulnerabilitySourceUpdatedAt")),
    )


def _time(value: object) -> datetime | None:
    """Seconds since 1970, as the JSON protocol of Amazon writes times; RFC 3339 as its command line prints them."""
    seconds = number(value)
    if seconds is None:
        return aware(value)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _basic(findings: dict[str, Any]) -> Iterator[Vulnerability]:
    for finding in entries(findings.get("findings")):
        told = {text(one.get("key")): text(one.get("value")) for one in objects(finding.get("attributes"))}
        component = f"{told.get('package_name', '')}@{told.get('package_version', '')}"
        rated = highest(score(value) for key, value in told.items() if key.endswith("_SCORE"))
        yield Vulnerability(identifier(finding.get("name")), component, text(finding.get("severity")).lower(), rated)


def _enhanced(findings: dict[str, Any]) -> Iterator[Vulnerability]:
    """What Inspector calls closed is mended; what it suppresses by a rule of the account is still there."""
    for finding in entries(findings.get("enhancedFindings")):
        if text(finding.get("status")) == "CLOSED":
            continue
        details = mapping(finding.get("packageVulnerabilityDetails"))
        name, rated = (
            identifier(details.get("vulnerabilityId")),
            highest([score(finding.get("score")), *_scores(details)]),
        )
        for package in objects(details.get("vulnerablePackages")) or [{}]:
            component = f"{text(package.get('name'))}@{text(package.get('version'))}"
            yield Vulnerability(name, component, text(finding.get("severity")).lower(), rated)


def _scores(details: dict[str, Any]) -> Iterator[float | None]:
    return (score(cvss.get("baseScore")) for cvss in objects(details.get("cvss")))
