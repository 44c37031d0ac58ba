"""New evidence about an image, a scan that ended or a report that CI posted, has it judged again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_runs import reopened
from bot.flows.promotions import in_force, opened_source
from bot.flows.readers import ReaderUnfit
from bot.jobs.performing import performs
from bot.jobs.work import JudgeAgain, PromoteImage
from bot.registries import ImageNotFound, InvalidAnswer, RegistryRefused, Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.flows.parts import Parts
    from bot.store import PromotionRun

log = structlog.get_logger()

MOST_INDEXES: Final = 20
"""So many images that were denied, the newest, are asked whether evidence is about one of their platforms."""


@performs(JudgeAgain)
async def judge_again(work: JudgeAgain, parts: Parts) -> None:
    """Ask for every run that the evidence may be for: what waits or is proposed, and what was denied of that digest.

    What was copied stays copied: a later report takes nothing back.
    """
    # A report may be about one platform of what waits.
    runs = await parts.store.promotions.of_source(work.host, work.image)
    indexes = await _holding(parts, runs, work.digest)
    wanted = [run for run in runs if run.state is RunState.WAITING or await _reopened(parts, run, indexes)]
    await parts.ask(*(PromoteImage(run.installation, run.repository, run.id) for run in wanted))
    log.info("promotion.evidence_came", host=work.host, image=work.image, digest=work.digest, runs=len(wanted))


async def _holding(parts: Parts, runs: Sequence[PromotionRun], digest: str) -> frozenset[str]:
    """Return the digests of the images that evidence about a digest is about: itself, or the indexes that name it."""
    if not digest:
        return frozenset()
    if any(run.digest == digest for run in runs):
        return frozenset({digest})
    denied = [run for run in runs if run.state is RunState.DENIED][:MOST_INDEXES]
    return frozenset([digest, *[run.digest for run in denied if await _names(parts, run, digest)]])


async def _names(parts: Parts, run: PromotionRun, digest: str) -> bool:
    """Whether a run's image is an index that names a digest; not where nobody can read it."""
    found = await in_force(parts, run.repository, run.promotion)
    if found is None:
        return False
    try:
        reader = await opened_source(parts, found)
        if isinstance(reader, Unusable):
            return False
        return digest in await parts.registries.children(run.source_host, run.source_image, run.digest, reader.access)
    except (ReaderUnfit, ImageNotFound, RegistryRefused, InvalidAnswer) as error:
        log.info("promotion.index_not_read", run=run.id, reason=str(error))
        return False


async def _reopened(parts: Parts, run: PromotionRun, digests: frozenset[str]) -> bool:
    """Let a run that is proposed, or of a digest that was denied, be judged once more; False: there is nothing to."""
    is_wanted = run.state is RunState.PROPOSED or (run.state is RunState.DENIED and run.digest in digests)
    if not digests or not is_wanted:
        return False
    await reopened(parts, run, "New evidence came.")
    again = replace(run, state=RunState.NEW, ended_at=None)
    return await parts.store.promotions.save(again, run)
