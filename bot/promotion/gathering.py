"""All documents about an image brought together, each counted for the platforms that it is about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from bot.policies.promotions import Evidence
from bot.promotion.binding import Image, NotAbout, Unplaced, bound
from bot.promotion.documents.reading import read
from bot.promotion.documents.told import AboutAnother, Unreadable
from bot.promotion.documents.values import shortened
from bot.promotion.documents.weights import weight_of_finding, weight_of_opinion
from bot.promotion.evidence import (
    ImageEvidence,
    Inventory,
    PlatformEvidence,
    Refused,
    ScanReport,
    Source,
    Statement,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.images import Platform
    from bot.promotion.documents.found import FoundDocument
    from bot.promotion.documents.told import Told

# Of all reports of these places together, and of all other documents: what a worker's time and memory allow. The
# places of the first kind are none where a pusher puts something, so that nothing he puts elsewhere takes their room.
_MOST_ENTRIES: Final = 100_000
_READ_FIRST: Final = (Evidence.REGISTRY, Evidence.REPORT)
_LONGEST_TOOL: Final = 100
_TOO_MUCH: Final = "the documents about this image hold more than can be read"


def gathered(
    documents: Sequence[FoundDocument],
    platforms: Sequence[tuple[Platform | None, str]],
    digest: str,
    *,
    signed_only: bool = False,
    pending: Iterable[str] = (),
    refused: Iterable[Refused] = (),
    unread: Iterable[str] = (),
) -> ImageEvidence:
    """Read documents about the image `digest` and say which platform each counts for.

    `platforms` are its platforms and their digests; an image that is no index is its own only one. A document that
    cannot be read, or is about something else, is among `refused` and counts for nothing; with `signed_only` so is one
    that nobody signed. Where that was a report of a registry or a posted one about this very image, it is also among
    `unread`. `pending`, `refused` and `unread` are what the caller knows already. No document makes this raise.
    """
    image = Image(digest, tuple(platforms))
    found = [_Found() for _ in platforms]
    refusals, missing = list(refused), list(unread)
    left = dict.fromkeys((True, False), _MOST_ENTRIES)
    for document in sorted(documents, key=_turn):
        is_first = document.source.kind in _READ_FIRST
        try:
            left[is_first] -= _counted(document, image, found, signed_only=signed_only, left=left[is_first])
        except (Unreadable, NotAbout, Unplaced) as problem:
            refusals.append(Refused(document.source.place, str(problem)))
            if is_first and not isinstance(problem, _SAYS_NOTHING_OF_IT):
                missing.append(f"{document.source.place} counts for nothing: {problem}")
    return ImageEvidence(
        digest,
        tuple(one.evidence(platform, known_as) for one, (platform, known_as) in zip(found, platforms, strict=True)),
        tuple(refusals),
        tuple(pending),
        tuple(missing),
    )


class _Unsigned(Unreadable):
    """A document that nobody signed where only signed ones count."""


# Why a document is refused that leaves nothing open about this image.
_SAYS_NOTHING_OF_IT: Final = (NotAbout, AboutAnother, _Unsigned)


def _turn(document: FoundDocument) -> int:
    kind = document.source.kind
    return _READ_FIRST.index(kind) if kind in _READ_FIRST else len(_READ_FIRST)


@dataclass(slots=True)
class _Found:
    """What has been found for one platform so far."""

    inventories: list[Inventory] = field(default_factory=list)
    reports: list[ScanReport] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def evidence(self, platform: Platform | None, digest: str) -> PlatformEvidence:
        """Give what was found as it will stay."""
        return PlatformEvidence(platform, digest, tuple(self.inventories), tuple(self.reports), tuple(self.statements))


def _counted(document: FoundDocument, image: Image, found: list[_Found], *, signed_only: bool, left: int) -> int:
    """Add what a document says where it belongs; give how many entries it has."""
    if signed_only and not document.source.signer:
        raise _Unsigned("nobody signed it, and only signed evidence counts")
    if left <= 0:
        raise Unreadable(_TOO_MUCH)
    told = read(document)
    if told is None:
        return 0
    places = bound(told, document.subject, image)
    size = _size(told, len(places))
    if size > left:
        raise Unreadable(_TOO_MUCH)
    source = _source(document.source, told)
    for place in places:
        _add(found[place], told, source, frozenset({image.digest, image.platforms[place][1]}))
    return size


def _size(told: Told, platforms: int) -> int:
    """Count what has to be looked at; opinions, which may be about many platforms, once for each."""
    findings = sum(map(weight_of_finding, told.vulnerabilities or ()))
    return len(told.components or ()) + findings + platforms * sum(map(weight_of_opinion, told.opinions))


def _source(source: Source, told: Told) -> Source:
    tool = shortened(told.tool, _LONGEST_TOOL)
    place = source.place if tool in source.place else f"{source.place}, {tool}"
    return replace(source, place=place, at=source.at or told.at)


def _add(found: _Found, told: Told, source: Source, digests: frozenset[str]) -> None:
    """Add it for one platform; `digests`: by which a statement may name it, its own and that of the index."""
    if told.components is not None:
        found.inventories.append(Inventory(source, told.components))
    if told.vulnerabilities is not None:
        found.reports.append(ScanReport(source, told.vulnerabilities, told.at, told.is_partial, told.database_at))
    found.statements += [
        Statement(source, opinion.names, opinion.status, opinion.components, opinion.at)
        for opinion in told.opinions
        if not opinion.images or opinion.images & digests
    ]
