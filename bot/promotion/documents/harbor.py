"""What the report that Harbor keeps of a scan says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.scores import highest, score
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import Told, Unreadable
from bot.promotion.documents.values import entries, identifier, mapping, text
from bot.promotion.documents.weights import bounded_findings
from bot.promotion.evidence import Vulnerability

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPORTS: Final = (
    "application/vnd.security.vulnerability.report; version=1.1",
    "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0",
)


def is_harbor(document: dict[str, Any]) -> bool:
    """Say whether a document is Harbor's report, or the answer of its API that holds one by its media type."""
    return any(name in document for name in _REPORTS) or ("scanner" in document and "vulnerabilities" in document)


def read_harbor(document: dict[str, Any]) -> Told:
    """Read a report of Harbor's scanner adapters.

    HarborVulnerabilityReport of the Pluggable Scanner Spec (goharbor/pluggable-scanner-spec), and the answer of
    `/additions/vulnerabilities`, which names the report by its media type.
    """
    report = next((mapping(document[name]) for name in _REPORTS if name in document), document)
    if "vulnerabilities" not in report:
        raise Unreadable("it is a report without a list of vulnerabilities")
    scanner = mapping(report.get("scanner"))
    return Told(
        vulnerabilities=bounded_findings(_vulnerabilities(report)),
        at=aware(report.get("generated_at")),
        tool=f"{text(scanner.get('name'))} {text(scanner.get('version'))}".strip(),
    )


def _vulnerabilities(report: dict[str, Any]) -> Iterator[Vulnerability]:
    for entry in entries(report["vulnerabilities"]):
        component = f"{text(entry.get('package'))}@{text(entry.get('version'))}"
        yield Vulnerability(identifier(entry.get("id")), component, text(entry.get("severity")).lower(), _score(entry))


def _score(entry: dict[str, Any]) -> float | None:
    cvss = mapping(entry.get("preferred_cvss"))
    return highest([score(cvss.get("score_v3")), score(cvss.get("score_v2"))])
