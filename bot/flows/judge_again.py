"""New evidence about an image, a scan that ended or a report that CI posted, has it judged again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.flows.promotion_runs import reopened
from bot.jobs.performing import performs
from bot.jobs.work import JudgeAgain, PromoteImage
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.store import PromotionRun

log = structlog.get_logger()


@performs(JudgeAgain)
async def judge_again(work: JudgeAgain, parts: Parts) -> None:
    """Ask for every run that the evidence may be for: what waits or is proposed, and what was denied of that digest.

    What was copied stays copied: a later report takes nothing back.
    """
    # A report may be about one platform of what waits.
    runs = await parts.store.promotions.of_source(work.host, work.image)
    wanted = [run for run in runs if run.state is RunState.WAITING or await _reopened(parts, run, work.digest)]
    await parts.ask(*(PromoteImage(run.installation, run.repository, run.id) for run in wanted))
    log.info("promotion.evidence_came", host=work.host, image=work.image, digest=work.digest, runs=len(wanted))


async def _reopened(parts: Parts, run: PromotionRun, digest: str) -> bool:
    """Let a run that is proposed, or of a digest that was denied, be judged once more; False: there is nothing to."""
    is_wanted = run.state is RunState.PROPOSED or (run.state is RunState.DENIED and run.digest == digest)
    if not digest or not is_wanted:
        return False
    await reopened(parts, run, "New evidence came.")
    again = replace(run, state=RunState.NEW, ended_at=None)
    return await parts.store.promotions.save(again, run)
