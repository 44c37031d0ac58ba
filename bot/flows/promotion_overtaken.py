"""Whether an image is too late for its tag, because a newer one has it already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flows.promotion_runs import is_approved
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.store import PromotionRun

OVERTAKEN: Final = "A newer image"
"""How the reason begins of a run that ended because a newer one takes its place."""


async def overtaken(parts: Parts, found: InForce, run: PromotionRun, tag: str) -> str | None:
    """Say that an image that came later got the tag already that this one would replace; None: there is none.

    What people approved goes where they say, whatever its age. Of two that came at once the later run is the newer.
    """
    if not found.promotion.overwrite or is_approved(run):
        return None
    done = await parts.store.promotions.of(run.repository, run.promotion, RunState.DONE)
    to_same = (each for each in done if (each.target_host, each.target_image, each.target_tag) == _target(run, tag))
    if any((each.seen_at, each.id) > (run.seen_at, run.id) and each.digest != run.digest for each in to_same):
        return f"{OVERTAKEN} has become {tag} in the target meanwhile."
    return None


def _target(run: PromotionRun, tag: str) -> tuple[str, str, str]:
    return run.target_host, run.target_image, tag
