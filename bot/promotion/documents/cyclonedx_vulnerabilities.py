"""The vulnerabilities that a CycloneDX document lists, and what it says of whether they can be exploited."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from bot.promotion.documents.cyclonedx_subject import named
from bot.promotion.documents.names import aliases
from bot.promotion.documents.package_urls import LONGEST
from bot.promotion.documents.scores import highest, score
from bot.promotion.documents.times import aware
from bot.promotion.documents.told import Opinion
from bot.promotion.documents.values import entries, identifier, mapping, objects, shortened, text
from bot.promotion.documents.weights import bounded_findings, bounded_opinions
from bot.promotion.evidence import Exploitability, Vulnerability

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from bot.promotion.documents.cyclonedx_subject import CycloneDxSubject

_STATES: Final = {
    "resolved": Exploitability.FIXED,
    "resolved_with_pedigree": Exploitability.FIXED,
    "exploitable": Exploitability.AFFECTED,
    "in_triage": Exploitability.UNDER_INVESTIGATION,
    "false_positive": Exploitability.NOT_AFFECTED,
    "not_affected": Exploitability.NOT_AFFECTED,
}
_WORST_FIRST: Final = ("critical", "high", "medium", "low", "info", "none", "unknown")
_SILENT: Final = frozenset({"", "unknown"})
_NAMELESS: Final = "(a component without a name)"
_ESCAPED: Final = re.compile(r"%([0-9A-Fa-f]{2})")


def read_vulnerabilities(
    document: dict[str, Any], parts: list[dict[str, Any]], subject: CycloneDxSubject, at: datetime | None
) -> tuple[tuple[Vulnerability, ...] | None, tuple[Opinion, ...]]:
    """Give the findings and the opinions of `vulnerabilities` (CycloneDX 1.4 and later).

    `parts` are the document's components, `subject` is what it describes, `at` the document's time.
    The findings are None where none has been left without an analysis: such a document explains single vulnerabilities
    and is no report of a scan, as little as one with an empty list, which tools also write when they did not look.
    """
    urls = {text(entry.get("bom-ref")): named(entry) for entry in parts}
    found = entries(document.get("vulnerabilities"))
    opinions = bounded_opinions(opinion for entry in found for opinion in _opinions(entry, urls, subject, at))
    if all(text(mapping(entry.get("analysis")).get("state")) for entry in found):
        return None, opinions
    return bounded_findings(one for entry in found for one in _findings(entry, urls)), opinions


def _findings(entry: dict[str, Any], urls: Mapping[str, str]) -> Iterator[Vulnerability]:
    name, ratings = identifier(entry.get("id")), _ratings(entry)
    words = {text(rating.get("severity")).lower() for rating in ratings}
    severity = next((word for word in _WORST_FIRST if word in words), "")
    rated = highest(score(rating.get("score")) for rating in ratings)
    others = _aliases(entry, name)
    for reference in _affected(entry) or [""]:
        yield Vulnerability(name, _component(reference, urls), severity, rated, others)


def _ratings(entry: dict[str, Any]) -> list[dict[str, Any]]:
    """Of several ratings, those of the source that the vulnerability is from: a distribution knows how it builds.

    All of them where that source gives none, or knows none.
    """
    ratings = objects(entry.get("ratings"))
    source = _source(entry)
    own = [one for one in ratings if source and _source(one) == source]
    says = any(text(one.get("severity")).lower() not in _SILENT or score(one.get("score")) is not None for one in own)
    return own if says else ratings


def _source(entry: dict[str, Any]) -> str:
    return shortened(mapping(entry.get("source")).get("name")).casefold()


def _opinions(
    entry: dict[str, Any], urls: Mapping[str, str], subject: CycloneDxSubject, at: datetime | None
) -> Iterator[Opinion]:
    """One that affects what the document describes, or names nothing, is about all of that."""
    analysis, name = mapping(entry.get("analysis")), text(entry.get("id"))
    status = _STATES.get(text(analysis.get("state")))
    if status is None or not name:
        return
    affected = _affected(entry)
    whole = subject.reference in affected or not entry.get("affects")
    if whole and subject.is_some_image:
        return
    components = frozenset(_component(one, urls) for one in affected or [_NAMELESS])
    told = aware(analysis.get("lastUpdated")) or aware(analysis.get("firstIssued")) or at
    names = frozenset({name}) | _aliases(entry, name)
    yield Opinion(names, status, subject.components if whole else components, subject.images, told)


def _affected(entry: dict[str, Any]) -> list[str]:
    return [text(one.get("ref")) for one in entries(entry.get("affects")) if text(one.get("ref"))]


def _component(reference: str, urls: Mapping[str, str]) -> str:
    """Give the package URL that a reference means: of this document, or by a BOM-Link (`urn:cdx:...#`) of another."""
    if reference in urls:
        return urls[reference]
    far = reference.partition("#")[2] if reference.startswith("urn:cdx:") else reference
    far = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), far)
    # What is too long for a package URL stays a name of its own, so that it is none of the other components.
    return far if len(far) <= LONGEST else far.removeprefix("pkg:")


def _aliases(entry: dict[str, Any], name: str) -> frozenset[str]:
    """`references`: the same vulnerability in other sources."""
    return aliases(name, (text(one.get("id")) for one in objects(entry.get("references"))))
