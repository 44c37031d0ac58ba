"""From documents about an image to the verdict on it, in one go: what a process of its own is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.promotion.gathering import gathered
from bot.promotion.judging import judge

if TYPE_CHECKING:
    from datetime import datetime

    from bot.images import Platform
    from bot.policies.promotions import Promotion
    from bot.promotion.documents import FoundDocument
    from bot.promotion.evidence import Refused
    from bot.promotion.severities import Severities
    from bot.promotion.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Documents:
    """What was found about an image, not read yet.

    platforms: each with its digest. refused, pending, unread: what is known already to count for nothing, to be under
    way, and to be there and not to be had; see ImageEvidence.
    """

    digest: str
    platforms: tuple[tuple[Platform | None, str], ...]
    found: tuple[FoundDocument, ...] = ()
    refused: tuple[Refused, ...] = ()
    pending: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def judge_documents(
    promotion: Promotion, tag: str, documents: Documents | None, now: datetime, severities: Severities
) -> Verdict:
    """Read documents and judge the image by them. None: nothing beside the tag is asked for. Never raises."""
    if documents is None:
        return judge(promotion, tag, None, now, severities)
    evidence = gathered(
        documents.found,
        documents.platforms,
        documents.digest,
        signed_only=promotion.require_signed is not None,
        pending=documents.pending,
        refused=documents.refused,
        unread=documents.unread,
    )
    return judge(promotion, tag, evidence, now, severities)
