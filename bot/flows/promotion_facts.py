"""What is told of a run on GitHub, as the words about promotions take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.promotion import verdict_from_json
from bot.promotion.telling import RunFacts, Stage

if TYPE_CHECKING:
    from bot.promotion import Verdict
    from bot.store import PromotionRun


def facts_of(run: PromotionRun) -> RunFacts:
    """Give of a run what words are made of."""
    return RunFacts(
        id=run.id,
        promotion=run.promotion,
        source=f"{run.source_host}/{run.source_image}",
        tag=run.tag,
        digest=run.digest,
        target=f"{run.target_host}/{run.target_image}",
        target_tag=run.target_tag,
        stage=Stage[run.state.name],
        reason=run.reason,
    )


def verdict_of(run: PromotionRun) -> Verdict | None:
    """Give the last verdict about a run; None: it was not judged."""
    return verdict_from_json(run.verdict) if run.verdict else None
