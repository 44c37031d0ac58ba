"""Gathers what is known about an image that is to be promoted, from where its promotion lets it come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.parts import TakesTooLong
from bot.policies.promotions import Evidence
from bot.promotion import Need, Refused, Source
from bot.promotion.documents import FoundDocument
from bot.promotion.judging_documents import Documents, judge_documents
from bot.registries import AttachmentKind, ProviderKind
from bot.registries.providers import PROVIDERS, provider_of
from bot.signatures import NotSigned
from bot.signatures.statements import STATEMENT_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.policies.promotions import Promotion
    from bot.promotion import Verdict
    from bot.registries import Attachment, Attachments

log = structlog.get_logger()

_KINDS: Final = {
    AttachmentKind.ATTESTATION: Evidence.ATTESTATION,
    AttachmentKind.REFERRER: Evidence.REFERRERS,
    AttachmentKind.COSIGN: Evidence.REFERRERS,
}
_WORDS: Final = {
    AttachmentKind.ATTESTATION: "the attestation",
    AttachmentKind.REFERRER: "the referrer",
    AttachmentKind.COSIGN: "cosign's attestation",
}
_SHORT: Final = 19
"""Letters of a digest that people are shown: `sha256:` and twelve."""


@dataclass(frozen=True, slots=True)
class Subject:
    """The image that facts are wanted about: `reader` reads it for a repository of `installation`."""

    installation: int
    promotion: Promotion
    digest: str
    reader: Reader


@dataclass(slots=True)
class _Found:
    """What was found: documents that may count, why others do not, what is being made, and what is not to be had."""

    documents: list[FoundDocument]
    refused: list[Refused]
    pending: list[str]
    unread: list[str]


async def documents_of(parts: Parts, subject: Subject, needs: Iterable[Need]) -> Documents | None:
    """Find the documents that a promotion lets count; None: nothing beside the tag is asked for.

    Raises all that Registries.attachments and Registries.scan_reports raise, and SigningUnavailable.
    """
    wanted = frozenset(needs)
    if not wanted:
        return None
    promotion, place = subject.promotion, subject.promotion.source
    attachments = await parts.registries.attachments(
        place.host, place.repository, subject.digest, subject.reader.access
    )
    platforms = tuple(dict.fromkeys(each.digest for each in attachments.platforms))
    found = _Found([], [Refused(each.place, each.reason) for each in attachments.left_out], [], [])
    await _attached(parts, promotion, attachments, found)
    if Need.VULNERABILITIES in wanted:
        if Evidence.REGISTRY in promotion.evidence:
            await _scanned(parts, subject, platforms, found)
        if Evidence.REPORT in promotion.evidence:
            await _posted(parts, subject, (subject.digest, *platforms), found)
    return Documents(
        subject.digest,
        tuple((each.platform, each.digest) for each in attachments.platforms),
        tuple(found.documents),
        tuple(found.refused),
        tuple(found.pending),
        tuple(found.unread),
    )


async def verdict_on(parts: Parts, promotion: Promotion, tag: str, documents: Documents | None) -> Verdict:
    """Judge an image by what was found about it: documents of strangers are read in a process of their own.

    One that takes too long there is ended, and what the documents could have told is unknown.
    """
    now = parts.clock()
    if documents is None:
        return judge_documents(promotion, tag, None, now, parts.severities)
    try:
        return await parts.compute_apart(judge_documents, promotion, tag, documents, now, parts.severities)
    except TakesTooLong as error:
        log.warning("evidence.not_read", digest=documents.digest, reason=str(error))
        unread = replace(documents, found=(), unread=(*documents.unread, str(error)))
        return judge_documents(promotion, tag, unread, now, parts.severities)


async def _attached(parts: Parts, promotion: Promotion, attachments: Attachments, found: _Found) -> None:
    """Take what is attached to the image; where signatures are demanded, with who signed it."""
    for each in attachments.found:
        kind = _KINDS[each.kind]
        if kind not in promotion.evidence:
            continue
        source = Source(kind, f"{_WORDS[each.kind]} {each.digest[:_SHORT]}")
        document = FoundDocument(each.subject, each.media_type, each.predicate_type, each.content, source)
        if promotion.require_signed is not None:
            try:
                document = await _signed(parts, promotion, each, document)
            except NotSigned as refused:
                found.refused.append(Refused(source.place, str(refused)))
                continue
        found.documents.append(document)


async def _signed(parts: Parts, promotion: Promotion, each: Attachment, document: FoundDocument) -> FoundDocument:
    """Put what was signed, and by whom, in the place of what was found. Raises NotSigned and SigningUnavailable."""
    wanted = promotion.require_signed
    assert wanted is not None
    signed = await parts.signatures.verified(
        each.content,
        each.media_type,
        each.annotations,
        each.subject,
        identity=wanted.identity,
        issuer=wanted.issuer,
    )
    source = replace(document.source, signer=signed.identity)
    return replace(document, content=signed.payload, media_type=STATEMENT_TYPE, source=source)


async def _scanned(parts: Parts, subject: Subject, digests: Sequence[str], found: _Found) -> None:
    place = subject.promotion.source
    answer = await parts.registries.scan_reports(place.host, place.repository, digests, subject.reader.access)
    found.pending += answer.pending
    found.unread += answer.missing
    if not answer.is_scanner and await _is_scanner_unasked(parts, subject):
        found.unread.append(f"no credential of its kind asks the scanner of {place.host} here")
    elif not answer.is_scanner:
        found.refused.append(Refused("the registry's scanner", f"{place.host} has none that is known here"))
    found.documents += [
        FoundDocument(each.subject, each.media_type, "", each.content, Source(Evidence.REGISTRY, each.place))
        for each in answer.reports
    ]


async def _is_scanner_unasked(parts: Parts, subject: Subject) -> bool:
    """Whether who reads the image cannot ask a scanner that another credential says the registry has."""
    host = subject.promotion.source.host
    if provider_of(host, subject.reader.access).scans is not None:
        return False
    stored = await parts.store.credentials.of_installation(subject.installation)
    kinds = {ProviderKind(each.kind) for each in stored if each.host == host}
    return any(PROVIDERS[kind].scans is not None for kind in kinds if kind in PROVIDERS)


async def _posted(parts: Parts, subject: Subject, digests: Sequence[str], found: _Found) -> None:
    """Take the reports that CI posted about the image through hooks of this very installation."""
    place = subject.promotion.source
    posted = await parts.store.scan_reports.of(subject.installation, place.host, place.repository, digests)
    found.documents += [
        FoundDocument(
            each.digest, each.media_type, "", each.content, Source(Evidence.REPORT, f"a report posted to {each.hook}")
        )
        for each in posted
    ]
