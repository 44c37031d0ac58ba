"""What people approved by merging a promotion's map: it goes on to its target as what is copied at once does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.flows.promotion_runs import moved_to
from bot.flows.promotions import new_run
from bot.jobs.work import PromoteImage
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.store import PromotionRun


async def copy_run(parts: Parts, run: PromotionRun, tag: str = "") -> None:
    """Have a run copied that was proposed, or that ended otherwise: people merged that its digest is promoted.

    `tag`: the one that the map gives it in the target; "": the one that was proposed. Doing it twice is doing it once.
    Raises RunMoved.
    """
    if run.state is not RunState.DONE:
        at, tag = run.decided_at or parts.clock(), tag or run.target_tag
        approved = replace(run, state=RunState.APPROVED, target_tag=tag, decided_at=at, ended_at=None)
        run = await moved_to(parts, approved, run)
    await parts.ask(PromoteImage(run.installation, run.repository, run.id))


async def run_of_entry(parts: Parts, found: InForce, digest: str, tag: str) -> PromotionRun:
    """Return the run of an entry that people wrote into a promotion's map: `digest` gets `tag` at the target.

    Nobody judged it: who may merge into the default branch may also say what is promoted.
    """
    run, _ = await parts.store.promotions.begin(new_run(found, tag, digest, parts.clock()))
    return run
