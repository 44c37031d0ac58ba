"""Finds the tags that a promotion has to judge: those that are new, those that moved, and today's where it says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotions import CHANGED, InForce, in_force, is_of, new_run, opened_source
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import FollowPromotion, PromoteImage
from bot.promotion import candidates
from bot.registries import Unusable
from bot.store import Beginning, RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.flows.parts import Parts
    from bot.flows.readers import Reader
    from bot.store import LedgerTag, PromotionRun

log = structlog.get_logger()

MOST_WATCHED: Final = 30
"""Tags of one promotion, the newest, of which it is noticed when they are pushed again."""

AT_FIRST: Final = 20
"""So many tags may be the first pushes to a repository that was not there before."""

AT_ONCE: Final = 50
"""Tags that are begun in one go; more wait, for each is asked for at its registry."""

PAUSE: Final = timedelta(seconds=30)
"""Between two goes."""

WEIGHT_OF_A_TAG: Final = 100
"""Bytes of manifests that take as long to look through as one name of a tag."""


@performs(FollowPromotion)
async def follow_promotion(work: FollowPromotion, parts: Parts) -> None:
    """Begin a run for each tag and digest that the promotion has not judged, and ask for it.

    Of what stood there when the promotion was first seen, only what is pushed again counts, unless it says `existing`.
    """
    found = await in_force(parts, work.repository, work.promotion)
    if found is None or found.repository.installation != work.installation:
        return
    reader = await opened_source(parts, found)
    if isinstance(reader, Unusable):
        return  # the check on the policy file tells it
    source = found.promotion.source
    listed = await parts.store.ledger.tags(source.host, source.repository, reader.id)
    beginning = await _beginning(parts, found, reader, listed)
    await _under_the_new_revision(parts, found)
    names = [tag.name for tag in listed]
    chosen = set(await parts.compute(WEIGHT_OF_A_TAG * len(names), candidates, found.promotion, names))
    tags = sorted((tag for tag in listed if tag.name in chosen), key=lambda tag: (tag.first_seen, tag.name))
    left = await _begin_all(parts, found, reader, beginning, tags)
    if left:
        raise ComesAgain(parts.clock() + PAUSE)
    if found.promotion.existing and not beginning.existing_done:
        await parts.store.promotions.existing_is_done(found.repository.id, found.promotion.name)


async def _beginning(parts: Parts, found: InForce, reader: Reader, listed: Sequence[LedgerTag]) -> Beginning:
    """Return since when the promotion follows its source, as this reader sees it; from now on, where that is new.

    Where nothing was to be seen before and many tags are at once, the source was not new but hidden.
    """
    promotions, repository, promotion = parts.store.promotions, found.repository.id, found.promotion
    kept = await promotions.beginning(repository, promotion.name)
    source = (promotion.source.host, promotion.source.repository, reader.id)
    begun = Beginning(repository, promotion.name, *source, at=parts.clock())
    if kept is not None and (kept.source_host, kept.source_image, kept.reader) == source:
        was_hidden = len(listed) > AT_FIRST and all(tag.first_seen > kept.at for tag in listed)
        if not was_hidden or not await _judged_nothing(parts, found):
            return kept
    await promotions.begin_following(begun)
    return begun


async def _judged_nothing(parts: Parts, found: InForce) -> bool:
    return not await parts.store.promotions.judged_tags(found.repository.id, found.promotion.name)


async def _under_the_new_revision(parts: Parts, found: InForce) -> None:
    """What waits as an earlier text of the promotion wanted it is judged as it wants it now."""
    name = found.promotion.name
    for run in await parts.store.promotions.unended(found.repository.id):
        if run.promotion == name and not is_of(run, found):
            await _begin(parts, found, [(run.tag, run.digest)])
            over = replace(run, state=RunState.SUPERSEDED, reason=CHANGED, ended_at=parts.clock())
            await parts.store.promotions.save(over, run)


async def _begin_all(
    parts: Parts, found: InForce, reader: Reader, beginning: Beginning, tags: Sequence[LedgerTag]
) -> bool:
    """Begin runs for what is new or moved; whether some are left for later."""
    source = found.promotion.source
    watched = await parts.store.promotions.watched(found.repository.id, found.promotion.name)
    judged = await parts.store.promotions.judged_tags(found.repository.id, found.promotion.name)
    walks = found.promotion.existing and not beginning.existing_done
    new = [tag.name for tag in tags if tag.name not in watched and tag.name not in judged]
    counts = {tag.name for tag in tags if walks or _is_new(tag, beginning)}
    wanted = [name for name in new if name in counts]
    latest = [tag.name for tag in tags[-MOST_WATCHED:]]
    asked = dict.fromkeys((*wanted[:AT_ONCE], *(name for name in latest if name not in wanted)))
    digests = await _digests(parts, found, reader, asked)
    begun = [(name, digest) for name, digest in digests.items() if name in counts or _moved(watched, name, digest)]
    await _begin(parts, found, begun)
    kept = {name: digest for name, digest in digests.items() if name in latest}
    await parts.store.promotions.watch(found.repository.id, found.promotion.name, kept)
    old = sorted(watched.keys() - set(latest))
    await parts.store.promotions.unwatch(found.repository.id, found.promotion.name, old)
    await parts.store.ledger.watch_too(source.host, source.repository, reader.id, kept)
    return len(wanted) > AT_ONCE


def _is_new(tag: LedgerTag, beginning: Beginning) -> bool:
    """Whether a tag came after the promotion; what its registry says of the push counts before when it was seen."""
    return tag.first_seen > beginning.at and (tag.pushed_at is None or tag.pushed_at > beginning.at - LATE)


LATE: Final = timedelta(minutes=10)
"""How far a registry's clock may be behind."""


def _moved(watched: dict[str, str], name: str, digest: str) -> bool:
    return name in watched and watched[name] != digest


async def _digests(parts: Parts, found: InForce, reader: Reader, names: Iterable[str]) -> dict[str, str]:
    source = found.promotion.source
    digests: dict[str, str] = {}
    for name in names:
        digest = await parts.registries.head(source.host, source.repository, name, reader.access)
        if digest is not None:
            digests[name] = digest
            await parts.store.ledger.describe(source.host, source.repository, name, digest, None, reader.id)
    return digests


async def _begin(parts: Parts, found: InForce, wanted: Sequence[tuple[str, str]]) -> None:
    """Write into the history which image is looked at, then ask for that: a death in between is made good later."""
    runs = [await _begun(parts, found, tag, digest) for tag, digest in wanted]
    await parts.ask(
        *(PromoteImage(run.installation, run.repository, run.id) for run in runs if run.state is RunState.NEW)
    )


async def _begun(parts: Parts, found: InForce, tag: str, digest: str) -> PromotionRun:
    run, is_new = await parts.store.promotions.begin(new_run(found, tag, digest, parts.clock()))
    if is_new:
        log.info("promotion.begun", promotion=run.promotion, tag=tag, digest=digest, repository=run.repository)
    return run
