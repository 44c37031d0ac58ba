"""The report of a scanner inside cosign's predicate for vulnerabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from bot.promotion.documents.grype import is_grype, read_grype
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import Told, Unreadable
from bot.promotion.documents.trivy import is_trivy, read_trivy
from bot.promotion.documents.values import loaded, mapping

if TYPE_CHECKING:
    from datetime import datetime


def is_cosign_vulnerabilities(document: dict[str, Any]) -> bool:
    """Say whether a document has the shape of the predicate https://cosign.sigstore.dev/attestation/vuln/v1."""
    return "result" in mapping(document.get("scanner")) and "metadata" in document


def read_cosign_vulnerabilities(document: dict[str, Any]) -> Told:
    """Read the report in `scanner.result` (sigstore/cosign, specs/COSIGN_VULN_ATTESTATION_SPEC.md).

    Where the report and `metadata.scanFinishedOn` both tell a time, the earlier one counts; so it is for the age of the
    scanner's database, of which the report and `scanner.db.lastUpdate` may tell.
    """
    scanner = mapping(document.get("scanner"))
    told = _report(scanner.get("result"))
    finished = aware(mapping(document.get("metadata")).get("scanFinishedOn"))
    updated = aware(mapping(scanner.get("db")).get("lastUpdate"))
    return replace(told, at=_earlier(told.at, finished), database_at=_earlier(told.database_at, updated))


def _earlier(*times: datetime | None) -> datetime | None:
    return min((at for at in times if at is not None), default=None)


def _report(value: object) -> Told:
    report = loaded(value.encode("utf-8", "replace")) if isinstance(value, str) else mapping(value)
    if is_trivy(report):
        return read_trivy(report)
    if is_grype(report):
        return read_grype(report)
    raise Unreadable("it holds a report of no scanner that is read here: it is neither Trivy's nor Grype's JSON")
