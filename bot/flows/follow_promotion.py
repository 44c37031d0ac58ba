"""Finds the tags that a promotion has to judge: those that are new, those that moved, and today's where it says so."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_candidates import candidates_among
from bot.flows.promotion_runs import ended
from bot.flows.promotion_start import start_of
from bot.flows.promotions import CHANGED, InForce, in_force, opened_source
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import FollowPromotion, PromoteImage
from bot.registries import Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotion_start import Start
    from bot.flows.readers import Reader
    from bot.store import LedgerTag

log = structlog.get_logger()

MOST_WATCHED: Final = 30
"""Tags of one promotion, the newest, of which it is noticed when they are pushed again."""

AT_ONCE: Final = 50
"""Tags that are begun in one go; more wait, for each is asked for at its registry."""

PAUSE: Final = timedelta(seconds=30)
"""Between two goes."""

GONE: Final = ""
"""In the place of the digest of a tag that is listed and cannot be read."""

UNDECIDED: Final = frozenset({RunState.NEW, RunState.WAITING, RunState.BLOCKED})


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
    await _under_the_new_revision(parts, found)
    source = found.promotion.source
    listed = await parts.store.ledger.tags(source.host, source.repository, reader.id)
    start = await start_of(parts, found, reader, listed)
    chosen = set(await candidates_among(parts, found.promotion, [tag.name for tag in listed]))
    tags = sorted((tag for tag in listed if tag.name in chosen), key=_age)
    left = await _begin_all(parts, found, reader, start, tags)
    if left:
        raise ComesAgain(parts.clock() + PAUSE)
    if not start.is_kept:
        await parts.store.promotions.begin_following(start.beginning)
    if found.promotion.existing and not start.beginning.existing_done:
        await parts.store.promotions.existing_is_done(found.repository.id, found.promotion.name)


def _age(tag: LedgerTag) -> tuple[datetime, list[tuple[int, int, str]]]:
    """Order tags by when they were pushed, else first seen; of the same time by their numbers, 9 before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", tag.name)
    natural = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
    return tag.pushed_at or tag.first_seen, natural


async def _under_the_new_revision(parts: Parts, found: InForce) -> None:
    """What waits as an earlier text of the promotion wanted it is judged as it wants it now.

    What is being copied finds out by itself before it writes its tag.
    """
    name = found.promotion.name
    for each in await parts.store.promotions.unended(found.repository.id):
        if each.promotion != name or each.revision == found.revision:
            continue
        run = await parts.store.promotions.get(each.id)
        if run is None:
            continue
        if run.state in UNDECIDED:
            await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at)
            await ended(parts, run, RunState.SUPERSEDED, CHANGED)
        else:
            await parts.ask(PromoteImage(run.installation, run.repository, run.id))


async def _begin_all(parts: Parts, found: InForce, reader: Reader, start: Start, tags: Sequence[LedgerTag]) -> bool:
    """Begin runs for what is new or moved; whether some are left for later."""
    place, name = found.promotion.source, found.promotion.name
    watched = await parts.store.promotions.watched(found.repository.id, name)
    judged = await parts.store.promotions.judged(found.repository.id, name, place.host, place.repository)
    walks = found.promotion.existing and not start.beginning.existing_done
    counts = {tag.name for tag in tags if walks or start.is_new(tag)} - judged.keys()
    wanted = [tag.name for tag in tags if tag.name in counts and watched.get(tag.name) != GONE]
    latest = [tag.name for tag in tags[-MOST_WATCHED:]]
    digests = await _digests(parts, found, reader, dict.fromkeys((*wanted[:AT_ONCE], *latest)))
    standing = {tag: digest for tag, digest in digests.items() if digest != GONE}
    before = {**watched, **judged}
    moved = {tag for tag, digest in standing.items() if before.get(tag, digest) not in {digest, GONE}}
    begun = [(tag, digest) for tag, digest in standing.items() if tag in counts or tag in moved]
    await begin_runs(parts, found, begun)
    await _watch(parts, found, reader, digests, watched, latest)
    return len(wanted) > AT_ONCE


async def _watch(  # noqa: PLR0917 - what was seen, and what was known before
    parts: Parts,
    found: InForce,
    reader: Reader,
    digests: Mapping[str, str],
    watched: Mapping[str, str],
    latest: Sequence[str],
) -> None:
    """Remember where the newest tags stand, and which tags are listed and not there."""
    promotions, source = parts.store.promotions, found.promotion.source
    kept = {tag: digest for tag, digest in digests.items() if tag in latest or digest == GONE}
    old = sorted(tag for tag, digest in watched.items() if tag not in latest and digest != GONE)
    await promotions.watch(found.repository.id, found.promotion.name, kept)
    await promotions.unwatch(found.repository.id, found.promotion.name, old)
    await parts.store.ledger.watch_too(source.host, source.repository, reader.id, [*latest])


async def _digests(parts: Parts, found: InForce, reader: Reader, names: Iterable[str]) -> dict[str, str]:
    """Ask which digest each tag stands for; GONE: a registry may list what it has not any more."""
    source = found.promotion.source
    digests: dict[str, str] = {}
    for name in names:
        digest = await parts.registries.head(source.host, source.repository, name, reader.access)
        digests[name] = digest or GONE
        if digest is not None:
            await parts.store.ledger.describe(source.host, source.repository, name, digest, None, reader.id)
    return digests
