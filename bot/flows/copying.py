"""Copies the image of a run to its target, once at a time for each tag, and notes what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows import promotion_runs
from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_overtaken import overtaken
from bot.flows.promotion_runs import REMOVED, RunMoved, ended, is_approved, moved_to, stopped
from bot.flows.promotions import in_force, pusher
from bot.flows.readers import opened
from bot.jobs.performing import ComesAgain, WaitUntil
from bot.jobs.work import AnnounceImage, ProposePromotions, ReportPromotion
from bot.registries import CopyOrder, RegistryError, RegistryLimited, RegistryUnavailable, Side, SourceMoved
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.promotions import InForce
    from bot.flows.readers import Reader
    from bot.registries import Copied
    from bot.store import PromotionRun

log = structlog.get_logger()

CLAIMED: Final = timedelta(hours=7)
"""For how long a run has a tag of the target to itself: longer than any copy takes. It gives it back at its end."""

TURN: Final = timedelta(seconds=30)
AGAIN: Final = timedelta(hours=1)

PASSES_WITHIN: Final = timedelta(days=1)
"""For so long a registry may be away before a person is told."""


async def copy_image(parts: Parts, found: InForce, run: PromotionRun, reader: Reader, writer: str) -> None:
    """Copy the image of a run that was decided about, tag last. `writer`: the id of who writes to the target.

    Raises what passes by itself, and ComesAgain for what a person has to mend.
    """
    target = (run.target_host, run.target_image, run.target_tag)
    until = parts.clock() + CLAIMED
    if not await parts.store.promotions.claim(*target, run.id, parts.clock(), until):
        raise WaitUntil(parts.clock() + TURN, f"another image goes to {run.target_tag} at the moment")
    try:
        await _copy(parts, found, run, reader, writer)
    finally:
        await parts.store.promotions.release(*target, run.id)


class _Overtaken(Exception):
    """A newer image got the tag meanwhile; the text says so."""


async def _copy(parts: Parts, found: InForce, run: PromotionRun, reader: Reader, writer: str) -> None:
    began = parts.clock()
    order = await _order(parts, found, run, reader, writer)
    try:
        await _not_overtaken(parts, found, run)
        result = await parts.registries.copy(order, before_tag=partial(_still_wanted, parts, found, run, writer))
    except _Overtaken as late:
        await tell_of(parts, await ended(parts, run, RunState.SUPERSEDED, str(late)))
    except SourceMoved as moved:
        await _source_moved(parts, found, run, moved)
    except RegistryLimited:
        raise
    except RegistryError as error:
        await _stopped(parts, run, error)
    else:
        await _done(parts, run, result, parts.clock() - began)


async def _still_wanted(parts: Parts, found: InForce, run: PromotionRun, writer: str) -> None:
    """Look once more, right before the tag is written, whether all that allowed the copy still holds.

    A copy may take hours, in which a promotion can be changed, a right taken back, and a newer image come. Raises
    RunMoved and _Overtaken.
    """
    now = await in_force(parts, run.repository, run.promotion)
    still = now is not None and now.revision == found.revision and await pusher(parts, now) == writer
    if not still or await parts.store.promotions.get(run.id) != run:
        raise RunMoved(f"run {run.id} of {run.promotion} is not wanted any more as it was")
    await _not_overtaken(parts, found, run)


async def _not_overtaken(parts: Parts, found: InForce, run: PromotionRun) -> None:
    too_late = await overtaken(parts, found, run, run.target_tag)
    if too_late is not None:
        raise _Overtaken(too_late)


async def _source_moved(parts: Parts, found: InForce, run: PromotionRun, moved: SourceMoved) -> None:
    """Nothing was tagged; what the tag stands for now is judged instead.

    Raises ComesAgain where people approved a digest that is not there: it may be pushed again, or taken out of the map.
    """
    if is_approved(run):
        again_at = parts.clock() + AGAIN
        await stopped(parts, run, f"{_source(run)} has no {run.digest}.", again_at)
        await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
        raise ComesAgain(again_at)
    if moved.digest_now is None:
        await ended(parts, run, RunState.SUPERSEDED, REMOVED)
        return
    await begin_runs(parts, found, [(run.tag, moved.digest_now)])
    await ended(parts, run, RunState.SUPERSEDED, f"The tag was pushed again while it was copied: {moved}.")


def _source(run: PromotionRun) -> str:
    return f"{run.source_host}/{run.source_image}"


async def _order(parts: Parts, found: InForce, run: PromotionRun, reader: Reader, writer: str) -> CopyOrder:
    pushing = await opened(parts, run.target_host, writer)
    return CopyOrder(
        source=Side(run.source_host, run.source_image, reader.access),
        target=Side(run.target_host, run.target_image, pushing.access),
        digest=run.digest,
        # What people approved is a digest, wherever the tag went meanwhile.
        source_tag=run.digest if is_approved(run) else run.tag,
        target_tag=run.target_tag,
        referrers=found.promotion.referrers,
        overwrite=found.promotion.overwrite,
    )


async def _stopped(parts: Parts, run: PromotionRun, error: RegistryError) -> None:
    """Note what keeps an image from its target; nothing partial has a tag. Always raises ComesAgain.

    What may pass is tried again for a day; what does not pass by itself waits for a person from the first time on.
    """
    now = parts.clock()
    log.warning("promotion.stopped", promotion=run.promotion, tag=run.tag, reason=str(error))
    await promotion_runs.failed(parts, run, str(error))
    since = run.decided_at or now
    if isinstance(error, RegistryUnavailable) and now - since < PASSES_WITHIN:
        again_at = now + max((now - since) / 12, timedelta(minutes=1))
        await moved_to(parts, replace(run, reason=f"{error}.", again_at=again_at), run)
    else:
        again_at = now + AGAIN
        await stopped(parts, run, f"{error}.", again_at)
        await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
    raise ComesAgain(again_at)


async def _done(parts: Parts, run: PromotionRun, result: Copied, took: timedelta) -> None:
    """Note what was copied, and tell those who follow the target, as a push of anybody else would."""
    await promotion_runs.copied(parts, run, result, took)
    done = replace(run, streamed_bytes=run.streamed_bytes + result.streamed_bytes, seconds=took.total_seconds())
    target = f"{run.target_host}/{run.target_image}:{run.target_tag}"
    said = f"{target} was there already." if result.already else f"Copied to {target}."
    if result.left_out:
        said += f" Of what is listed as referring to it, {result.left_out} refer to something else and stayed."
    log.info("image.promoted", promotion=run.promotion, tag=run.tag, target=target, bytes=result.streamed_bytes)
    await tell_of(parts, await ended(parts, await moved_to(parts, done, run), RunState.DONE, said))


async def tell_of(parts: Parts, run: PromotionRun) -> None:
    """Ask for what follows from a run that ended: its check, its proposal, a look by those who follow the target."""
    await parts.ask(ReportPromotion(run.installation, run.repository, run.id))
    if run.state is RunState.PROPOSED:
        await parts.ask(ProposePromotions(run.installation, run.repository, run.promotion))
    if run.state is RunState.DONE:
        await parts.ask(AnnounceImage(run.target_host, run.target_image))
