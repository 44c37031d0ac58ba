"""Judges one image, and brings it to its next repository when its promotion's criteria hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.copying import copy_image, tell_of
from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_evidence import Subject, documents_of, verdict_on
from bot.flows.promotion_overtaken import overtaken
from bot.flows.promotion_runs import (
    PATIENCE,
    REMOVED,
    ended,
    evaluated,
    failed,
    is_approved,
    is_out_of_time,
    moved_to,
    reopened,
    stopped,
)
from bot.flows.promotions import CHANGED, in_force, is_gone, is_of, opened_source, pusher
from bot.flows.readers import ReaderUnfit
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import CopyPromoted, PromoteImage, ProposePromotions, ReportPromotion
from bot.policies.promotions import PromotionMode
from bot.promotion import InvalidTargetTag, Outcome, needs, target_tag
from bot.registries import InvalidAnswer, RegistryError, RegistryLimited, RegistryUnavailable, Unusable
from bot.signatures import SigningUnavailable
from bot.store import RunState

if TYPE_CHECKING:
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.flows.readers import Reader
    from bot.promotion import Verdict
    from bot.store import PromotionRun

log = structlog.get_logger()

MOST_HOPS: Final = 10
"""So many promotions may one image go through; more is a circle that no single file shows."""

MOST_COPIES: Final = 100
"""So many copies of one digest an installation's promotions make; circles that branch come to that soon."""

STALE: Final = timedelta(hours=1)
"""How long after the decision a copy goes on without another look at the image."""

RESTS: Final = timedelta(hours=1)
"""When to look again at a repository in which nothing is done now; what mends that asks sooner."""

NOT_CARRIED_ON: Final = frozenset(
    {RunState.DONE, RunState.SUPERSEDED, RunState.GIVEN_UP, RunState.DENIED, RunState.PROPOSED}
)
"""The states of runs that have ended, or whose pull request waits for people."""


@performs(PromoteImage)
async def promote_image(work: PromoteImage, parts: Parts) -> None:
    """Carry one run of a promotion on from where it stands; what was decided once stays decided."""
    run = await parts.store.promotions.get(work.run)
    if run is None or run.repository != work.repository:
        return
    if run.state in NOT_CARRIED_ON:
        await tell_of(parts, run)  # a process may have died before it asked for that
        return
    found = await in_force(parts, run.repository, run.promotion)
    if found is None or not is_of(run, found) or found.repository.installation != run.installation:
        await _otherwise(parts, found, run)
        return
    if not _is_decided(parts, run) and not _was_proposed(run) and await is_out_of_time(parts, run):
        await _tell(parts, await ended(parts, run, RunState.GIVEN_UP, f"After {PATIENCE.days} days: {run.reason}"))
        return
    try:
        await _carry_on(parts, found, run)
    except RegistryLimited:
        raise
    except (RegistryError, ReaderUnfit) as error:
        await _hindered(parts, run, error)
    finally:
        await _look_at_its_proposal(parts, run)


def _was_proposed(run: PromotionRun) -> bool:
    """Whether people are asked, or were: what waits for them is not given up for its age."""
    return run.mode == PromotionMode.PULL_REQUEST.value and bool(run.target_tag)


async def _look_at_its_proposal(parts: Parts, run: PromotionRun) -> None:
    """What was proposed before may stand in a pull request that is to hold it no more."""
    if _was_proposed(run) and not is_approved(run):
        await parts.ask(ProposePromotions(run.installation, run.repository, run.promotion))


async def _otherwise(parts: Parts, found: InForce | None, run: PromotionRun) -> None:
    """The promotion says something else now, or is gone; while nothing is done in its repository, it rests."""
    if found is None and not await is_gone(parts, run.repository, run.promotion):
        raise ComesAgain(parts.clock() + RESTS)
    if found is not None and is_approved(run) and found.promotion.mode is PromotionMode.PULL_REQUEST:
        await parts.ask(CopyPromoted(run.installation, run.repository, run.promotion))
    elif found is not None:
        for each in await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at):
            # What people were asked about waited for them, or for its copy, however long, and not for its verdict.
            if is_approved(run) or _was_proposed(run) or not await is_out_of_time(parts, run):
                await reopened(parts, each, CHANGED)
    await ended(parts, run, RunState.SUPERSEDED, CHANGED)
    await _look_at_its_proposal(parts, run)


async def _carry_on(parts: Parts, found: InForce, run: PromotionRun) -> None:
    writer = await pusher(parts, found)
    if isinstance(writer, Unusable):
        await _blocked(parts, run, f"{writer.sentence}.")
    reader = await opened_source(parts, found)
    if isinstance(reader, Unusable):
        await _blocked(parts, run, f"{reader.sentence}.")
    assert not isinstance(reader, Unusable)
    assert not isinstance(writer, Unusable)
    if not is_approved(run) and not await _stands(parts, found, run, reader):
        return
    if not _is_decided(parts, run):
        decided = await _decided(parts, found, run, reader)
        if decided is None:
            return
        run = decided
    await copy_image(parts, found, run, reader, writer)


def _is_decided(parts: Parts, run: PromotionRun) -> bool:
    """Whether nothing has to be judged any more; a verdict from which no copy came in an hour is given anew."""
    is_fresh = run.decided_at is not None and parts.clock() - run.decided_at < STALE
    return is_approved(run) or (run.state is RunState.COPYING and is_fresh)


async def _stands(parts: Parts, found: InForce, run: PromotionRun, reader: Reader) -> bool:
    """Whether the tag still stands for what is judged; what it stands for now gets a run of its own."""
    now = await parts.registries.head(run.source_host, run.source_image, run.tag, reader.access)
    if now == run.digest:
        return True
    if now is None:
        await ended(parts, run, RunState.SUPERSEDED, REMOVED)
        return False
    await begin_runs(parts, found, [(run.tag, now)])
    said = f"The tag was pushed again: it stands for {now} now."
    await ended(parts, run, RunState.SUPERSEDED, said)
    return False


async def _hindered(parts: Parts, run: PromotionRun, error: RegistryError | ReaderUnfit) -> None:
    """Note what kept an image from being judged, and look again: what passes is waited for. Raises ComesAgain."""
    log.warning("promotion.hindered", promotion=run.promotion, tag=run.tag, reason=str(error))
    await failed(parts, run, str(error))
    run = await parts.store.promotions.get(run.id) or run
    if not isinstance(error, (RegistryUnavailable, InvalidAnswer)) or is_approved(run):
        await _blocked(parts, run, f"{error}.")
    again_at = next_look(run.seen_at, parts.clock())
    wanted = replace(run, state=RunState.WAITING, reason=f"{error}.", again_at=again_at)
    await _tell(parts, await moved_to(parts, wanted, run))
    raise ComesAgain(again_at)


async def _decided(parts: Parts, found: InForce, run: PromotionRun, reader: Reader) -> PromotionRun | None:
    """Judge the image. Returns the run with its tag in the target once it is to be copied at once, else None."""
    promotions = parts.store.promotions
    hops = 1 + await promotions.depth_of(run.source_host, run.source_image, run.digest, run.installation)
    if hops > MOST_HOPS or await promotions.copies_of(run.installation, run.digest) >= MOST_COPIES:
        said = "It was promoted too often, which is a circle: mend the promotions that lead back."
        await _tell(parts, await ended(parts, run, RunState.GIVEN_UP, said))
        return None
    began = parts.clock()
    verdict = await _judged(parts, found, run, reader)
    run = await evaluated(parts, replace(run, depth=hops), verdict, parts.clock() - began)
    match verdict.outcome:
        case Outcome.UNKNOWN:
            await _waiting(parts, run, verdict)
        case Outcome.FALSE:
            await _tell(parts, await ended(parts, run, RunState.DENIED, verdict.sentence))
        case Outcome.TRUE:
            return await _fixed(parts, found, run, verdict)
    return None


async def _judged(parts: Parts, found: InForce, run: PromotionRun, reader: Reader) -> Verdict:
    promotion = found.promotion
    subject = Subject(run.installation, promotion, run.digest, reader)
    try:
        documents = await documents_of(parts, subject, needs(promotion, run.tag))
    except SigningUnavailable as error:
        await _blocked(parts, run, str(error))
        raise
    return await verdict_on(parts, promotion, run.tag, documents)


async def _fixed(parts: Parts, found: InForce, run: PromotionRun, verdict: Verdict) -> PromotionRun | None:
    """Fix the moment of the promotion and the tag in the target: trying again later changes neither."""
    at = run.decided_at or parts.clock()
    try:
        tag = run.target_tag or target_tag(found.promotion.tag_template, run.tag, at)
    except InvalidTargetTag as error:
        await _tell(parts, await ended(parts, run, RunState.DENIED, str(error)))
        return None
    too_late = await overtaken(parts, found, run, tag)
    if too_late is not None:
        await _tell(parts, await ended(parts, run, RunState.SUPERSEDED, too_late))
        return None
    is_proposed = found.promotion.mode is PromotionMode.PULL_REQUEST
    state = RunState.PROPOSED if is_proposed else RunState.COPYING
    fixed = replace(run, decided_at=at, target_tag=tag, state=state, reason=verdict.sentence, again_at=None)
    run = await moved_to(parts, fixed, run)
    log.info("promotion.decided", promotion=run.promotion, tag=run.tag, target_tag=tag, mode=run.mode)
    if not is_proposed:
        return run
    await parts.ask(ProposePromotions(run.installation, run.repository, run.promotion))
    await _tell(parts, run)
    return None


async def _waiting(parts: Parts, run: PromotionRun, verdict: Verdict) -> None:
    again_at = next_look(run.seen_at, parts.clock())
    wanted = replace(run, state=RunState.WAITING, reason=verdict.sentence, again_at=again_at)
    await _tell(parts, await moved_to(parts, wanted, run))
    raise ComesAgain(again_at)


async def _blocked(parts: Parts, run: PromotionRun, sentence: str) -> None:
    """Note what a person has to mend, and look again later. Always raises ComesAgain."""
    again_at = next_look(run.seen_at, parts.clock())
    await _tell(parts, await stopped(parts, run, sentence, again_at))
    raise ComesAgain(again_at)


def next_look(since: datetime, now: datetime) -> datetime:
    """Return when to look again at what waits since a moment: a twelfth of what it waited, one minute to one hour."""
    return now + min(max((now - since) / 12, timedelta(minutes=1)), timedelta(hours=1))


async def _tell(parts: Parts, run: PromotionRun) -> None:
    await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
