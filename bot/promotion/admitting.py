"""What of the evidence a promotion lets count: from the places that it names, and signed where it demands so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.promotion.evidence import ImageEvidence, Refused

if TYPE_CHECKING:
    from bot.policies.promotions import Promotion
    from bot.promotion.evidence import PlatformEvidence, Source


class _Sourced(Protocol):
    @property
    def source(self) -> Source: ...


_Fact = TypeVar("_Fact", bound=_Sourced)


def admitted(evidence: ImageEvidence, promotion: Promotion) -> ImageEvidence:
    """Leave out what must not count for `promotion`; it is told among what was refused."""
    refused: dict[Refused, None] = dict.fromkeys(evidence.refused)
    platforms = tuple(_admitted(each, promotion, refused) for each in evidence.platforms)
    return replace(evidence, platforms=platforms, refused=tuple(refused))


def _admitted(evidence: PlatformEvidence, promotion: Promotion, refused: dict[Refused, None]) -> PlatformEvidence:
    return replace(
        evidence,
        inventories=_counting(evidence.inventories, promotion, refused),
        reports=_counting(evidence.reports, promotion, refused),
        statements=_counting(evidence.statements, promotion, refused),
    )


def _counting(facts: tuple[_Fact, ...], promotion: Promotion, refused: dict[Refused, None]) -> tuple[_Fact, ...]:
    counting: list[_Fact] = []
    for fact in facts:
        complaint = _complaint(fact.source, promotion)
        if complaint is None:
            counting.append(fact)
        else:
            refused[Refused(fact.source.place, complaint)] = None
    return tuple(counting)


def _complaint(source: Source, promotion: Promotion) -> str | None:
    if source.kind not in promotion.evidence:
        return f"the promotion's `evidence` does not list `{source.kind.value}`"
    if promotion.require_signed is not None and not source.signer:
        return "it is not signed, and the promotion has `require-signed`"
    return None
