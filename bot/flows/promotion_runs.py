"""The history of promotions: how a run goes from state to state, and what is kept of each step."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from bot.jobs.work import ReportPromotion
from bot.promotion import verdict_to_json
from bot.store import EventKind, PromotionEvent, RunState

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from bot.flows.parts import Parts
    from bot.promotion import Verdict
    from bot.registries import Copied
    from bot.store import PromotionRun

log = structlog.get_logger()


class RunMoved(Exception):
    """Somebody else carried a run on meanwhile; its truth is read again."""


def is_approved(run: PromotionRun) -> bool:
    """Whether people merged that this very digest is promoted: it is not judged again."""
    return run.state is RunState.APPROVED


async def moved_to(parts: Parts, wanted: PromotionRun, run: PromotionRun) -> PromotionRun:
    """Keep a run as it is wanted, if it still is as it was read. Raises RunMoved."""
    if wanted == run:
        return run
    if not await parts.store.promotions.save(wanted, run):
        raise RunMoved(f"run {run.id} of {run.promotion} was carried on by somebody else")
    return wanted


async def ended(parts: Parts, run: PromotionRun, state: RunState, reason: str) -> PromotionRun:
    """Note that a run came to its end, and why: `reason` is a sentence. Raises RunMoved.

    One that was overtaken is told once more where a check stands for it.
    """
    log.info("promotion.ended", promotion=run.promotion, tag=run.tag, state=state.value, reason=reason)
    wanted = replace(run, state=state, reason=reason, ended_at=parts.clock(), again_at=None)
    kept = await moved_to(parts, wanted, run)
    if run.target_tag:
        # A process that died in a copy gave nothing back.
        await parts.store.promotions.release(run.target_host, run.target_image, run.target_tag, run.id)
    if run.told and state is RunState.SUPERSEDED:
        await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
    return kept


async def stopped(parts: Parts, run: PromotionRun, reason: str, again_at: datetime) -> PromotionRun:
    """Note what a person has to mend, and when to look again; what people approved stays approved. Raises RunMoved."""
    state = run.state if is_approved(run) else RunState.BLOCKED
    return await moved_to(parts, replace(run, state=state, reason=reason, again_at=again_at), run)


async def evaluated(parts: Parts, run: PromotionRun, verdict: Verdict, took: timedelta) -> PromotionRun:
    """Keep a verdict with all that it was made of. Raises RunMoved."""
    text = verdict_to_json(verdict)
    event = PromotionEvent(EventKind.EVALUATED, parts.clock(), verdict.outcome.value, text, took.total_seconds())
    await parts.store.promotions.note(run.id, event)
    kept = await parts.store.promotions.get(run.id)
    if kept is None:
        raise RunMoved(f"run {run.id} is gone")
    return await moved_to(parts, replace(kept, verdict=text, depth=run.depth), kept)


async def copied(parts: Parts, run: PromotionRun, result: Copied, took: timedelta) -> None:
    """Keep what a copy took, and how long."""
    said = {
        "digest": result.digest,
        "already": result.already,
        "mounted": result.mounted,
        "present": result.present,
        "manifests": result.manifests,
        "referrers": result.referrers,
        "replaced": result.replaced,
        "left_out": result.left_out,
    }
    document = json.dumps(said, sort_keys=True)
    event = PromotionEvent(
        EventKind.COPIED, parts.clock(), "done", document, took.total_seconds(), result.streamed_bytes
    )
    await parts.store.promotions.note(run.id, event)


async def failed(parts: Parts, run: PromotionRun, reason: str) -> None:
    """Keep why an image could not be judged or copied."""
    await parts.store.promotions.note(run.id, PromotionEvent(EventKind.FAILED, parts.clock(), "failed", reason))
