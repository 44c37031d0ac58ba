"""How a run begins: an image is written into the history once for each tag and digest, and then asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotions import new_run
from bot.jobs.work import PromoteImage
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.store import PromotionRun

log = structlog.get_logger()

ENDED: Final = frozenset({RunState.DONE, RunState.DENIED, RunState.GIVEN_UP, RunState.SUPERSEDED})


async def begin_runs(
    parts: Parts,
    found: InForce,
    wanted: Iterable[tuple[str, str]],
    seen_at: datetime | None = None,
    *,
    reopens: Collection[RunState] = ENDED,
) -> list[PromotionRun]:
    """Begin a run for each tag and digest, and ask for it: a death in between is made good by the hourly look.

    Who calls saw these tags come to stand at these digests, at `seen_at` (None: now): what was judged before at the
    same one, and has ended in one of the states `reopens`, is judged again, for it was pushed again. Returns what was
    asked for.
    """
    runs = [await _begun(parts, found, image, seen_at or parts.clock(), reopens) for image in wanted]
    asked = [run for run in runs if run.state is RunState.NEW]
    await parts.ask(*(PromoteImage(run.installation, run.repository, run.id) for run in asked))
    return asked


async def _begun(
    parts: Parts, found: InForce, image: tuple[str, str], seen_at: datetime, reopens: Collection[RunState]
) -> PromotionRun:
    tag, digest = image
    run, is_new = await parts.store.promotions.begin(new_run(found, tag, digest, seen_at))
    if is_new:
        log.info("promotion.begun", promotion=run.promotion, tag=tag, digest=digest, repository=run.repository)
        return run
    if run.state not in reopens:
        return run
    again = replace(run, state=RunState.NEW, reason="", seen_at=seen_at, ended_at=None, again_at=None)
    return again if await parts.store.promotions.save(again, run) else run
