"""The history of promotions: how a run goes from state to state, and what is kept of each step."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.jobs.work import ReportPolicyFile, ReportPromotion
from bot.promotion import verdict_to_json
from bot.store import EventKind, PromotionEvent, RunState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.promotion import Verdict
    from bot.registries import Copied
    from bot.store import PromotionRun

log = structlog.get_logger()

PATIENCE: Final = timedelta(days=14)
"""How long an image waits for its report, or for a person, before it is given up."""

REMOVED: Final = "The tag was removed."
"""How the reason begins of a run whose tag was not there any more."""


class RunMoved(Exception):
    """Somebody else carried a run on meanwhile; its truth is read again."""


def is_approved(run: PromotionRun) -> bool:
    """Whether people merged that this very digest is promoted: it is not judged again."""
    return run.state is RunState.APPROVED


def is_stopped(run: PromotionRun) -> bool:
    """Whether a run waits for a person: it is tried again now and then, and told where the policy file is."""
    return run.state is RunState.BLOCKED or (is_approved(run) and run.again_at is not None)


async def is_tried_again(parts: Parts, run: PromotionRun) -> bool:
    """Whether an image is being copied just now after that failed: nothing is mended until it is copied."""
    if run.state is not RunState.COPYING or run.again_at is not None:
        return False
    events = await parts.store.promotions.events(run.id)
    return [event.kind for event in events if event.kind is not EventKind.EVALUATED][-1:] == [EventKind.FAILED]


async def moved_to(parts: Parts, wanted: PromotionRun, run: PromotionRun) -> PromotionRun:
    """Keep a run as it is wanted, if it still is as it was read. Raises RunMoved."""
    if wanted == run:
        return run
    if not await parts.store.promotions.save(wanted, run):
        raise RunMoved(f"run {run.id} of {run.promotion} was carried on by somebody else")
    goes_on = is_stopped(run) and not is_stopped(wanted) and wanted.state is not RunState.COPYING
    if goes_on or (is_stopped(wanted) and not is_stopped(run)):
        await parts.ask(ReportPolicyFile(run.installation, run.repository))
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
    if run.state is RunState.COPYING and await _has_failed(parts, run):
        # It may have been stopped before, which is told where the policy file is.
        await parts.ask(ReportPolicyFile(run.installation, run.repository))
    return kept


async def _has_failed(parts: Parts, run: PromotionRun) -> bool:
    return any(event.kind is EventKind.FAILED for event in await parts.store.promotions.events(run.id))


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


async def reopened(parts: Parts, run: PromotionRun, reason: str) -> None:
    """Keep why an image that was judged before is judged once more: from now on it has its whole time to wait again.

    When it was seen stays as it was, for that tells which of two images is the newer.
    """
    await parts.store.promotions.note(run.id, PromotionEvent(EventKind.REOPENED, parts.clock(), "reopened", reason))


async def is_out_of_time(parts: Parts, run: PromotionRun) -> bool:
    """Whether nothing new came about an image for as long as one waits."""
    if parts.clock() - run.seen_at <= PATIENCE:
        return False
    events = await parts.store.promotions.events(run.id)
    return not any(event.kind is EventKind.REOPENED and parts.clock() - event.at <= PATIENCE for event in events)
