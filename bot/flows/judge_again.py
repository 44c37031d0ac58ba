"""New evidence about an image, a scan that ended or a report that CI posted, has it judged again."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_runs import reopened
from bot.flows.promotions import in_force, opened_source
from bot.flows.readers import ReaderUnfit
from bot.jobs.performing import performs
from bot.jobs.work import JudgeAgain, PromoteImage
from bot.registries import RegistryError, Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.flows.parts import Parts
    from bot.store import PromotionRun

log = structlog.get_logger()

MOST_INDEXES: Final = 20
"""So many images of an installation that were denied, the newest, are asked whether evidence is about a platform."""


@performs(JudgeAgain)
async def judge_again(work: JudgeAgain, parts: Parts) -> None:
    """Ask for every run that the evidence may be for: what waits or is proposed, and what was denied of that digest.

    What was copied stays copied: a later report takes nothing back.
    """
    # A report may be about one platform of what waits.
    runs = await parts.store.promotions.of_source(work.host, work.image)
    known = [run for run in runs if run.state is RunState.WAITING or await _reopened(parts, run, work.digest)]
    await _ask(parts, known)
    # Their registries are asked last, so that one that keeps its answer to itself keeps back nothing else.
    found = [run for run in await _holding(parts, runs, work.digest) if await _reopened(parts, run, run.digest)]
    await _ask(parts, found)
    count = len(known) + len(found)
    log.info("promotion.evidence_came", host=work.host, image=work.image, digest=work.digest, runs=count)


async def _ask(parts: Parts, runs: Sequence[PromotionRun]) -> None:
    await parts.ask(*(PromoteImage(run.installation, run.repository, run.id) for run in runs))


async def _holding(parts: Parts, runs: Sequence[PromotionRun], digest: str) -> list[PromotionRun]:
    """Return what was denied and is an index that names a digest; none where the digest is an image itself."""
    if not digest or any(run.digest == digest for run in runs):
        return []
    return [run for run in newest_denied(runs, MOST_INDEXES) if await _names(parts, run, digest)]


def newest_denied(runs: Sequence[PromotionRun], most: int) -> Iterator[PromotionRun]:
    """Return of runs, the newest first, those that were denied, and at most so many of each installation."""
    counts = Counter[int]()
    for run in runs:
        if run.state is RunState.DENIED and counts[run.installation] < most:
            counts[run.installation] += 1
            yield run


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
    except (ReaderUnfit, RegistryError) as error:
        log.info("promotion.index_not_read", run=run.id, reason=str(error))
        return False


async def _reopened(parts: Parts, run: PromotionRun, digest: str) -> bool:
    """Let a run that is proposed, or of a digest that was denied, be judged once more; False: there is nothing to."""
    is_wanted = run.state is RunState.PROPOSED or (run.state is RunState.DENIED and run.digest == digest)
    if not digest or not is_wanted:
        return False
    await reopened(parts, run, "New evidence came.")
    again = replace(run, state=RunState.NEW, ended_at=None)
    return await parts.store.promotions.save(again, run)
