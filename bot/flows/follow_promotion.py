"""Finds the tags that a promotion has to judge: those that are new, those that moved, and today's where it says so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotion_candidates import candidates_among
from bot.flows.promotion_returning import may_return, take_up
from bot.flows.promotion_runs import ended, is_out_of_time, reopened
from bot.flows.promotion_sights import GONE, as_unread, digest_of, is_unread, look_at, unread_in
from bot.flows.promotion_start import start_of
from bot.flows.promotions import CHANGED, InForce, in_force, opened_source
from bot.jobs.performing import ComesAgain, performs
from bot.jobs.work import FollowPromotion, PromoteImage, ReportPolicyFile
from bot.registries import Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.flows.parts import Parts
    from bot.flows.promotion_sights import Sights
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

UNREAD_AGAIN: Final = timedelta(hours=1)
"""When a tag is asked for again that its registry did not let be read."""

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
    again_in = await _begin_all(parts, found, reader, start, tags)
    if again_in in {None, UNREAD_AGAIN}:
        await _is_begun(parts, found, start)
    if again_in is not None:
        raise ComesAgain(parts.clock() + again_in)


async def _is_begun(parts: Parts, found: InForce, start: Start) -> None:
    """Note that all that counts at first had its turn; of that, what could not be read is waited for by its name."""
    promotions, repository, name = parts.store.promotions, found.repository.id, found.promotion.name
    watched = await promotions.watched(repository, name)
    unread = {tag: seen for tag, seen in watched.items() if is_unread(seen)}
    if not start.is_kept and (found.promotion.existing or start.fresh.isdisjoint(unread)):
        await promotions.begin_following(start.beginning)
        await promotions.watch(repository, name, unread)
    if found.promotion.existing and not start.beginning.existing_done:
        await promotions.existing_is_done(repository, name)


def _age(tag: LedgerTag) -> tuple[datetime, list[tuple[int, int, str]]]:
    """Order tags by when they were pushed, else first seen; of the same time by their numbers, 9 before 10."""
    parts = re.findall(r"[0-9]+|[^0-9]+", tag.name)
    natural = [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]
    return tag.pushed_at or tag.first_seen, natural


async def _under_the_new_revision(parts: Parts, found: InForce) -> None:
    """What waits as an earlier text of the promotion wanted it is judged as it wants it now.

    What is being copied, or was proposed before, finds out by itself.
    """
    name = found.promotion.name
    for old in await parts.store.promotions.unended(found.repository.id):
        if old.promotion != name or old.revision == found.revision:
            continue
        run = await parts.store.promotions.get(old.id)
        if run is None:
            continue
        if run.state in UNDECIDED and not run.target_tag:
            for each in await begin_runs(parts, found, [(run.tag, run.digest)], run.seen_at):
                if not await is_out_of_time(parts, run):
                    await reopened(parts, each, CHANGED)
            await ended(parts, run, RunState.SUPERSEDED, CHANGED)
        else:
            await parts.ask(PromoteImage(run.installation, run.repository, run.id))


async def _begin_all(
    parts: Parts, found: InForce, reader: Reader, start: Start, tags: Sequence[LedgerTag]
) -> timedelta | None:
    """Begin runs for what is new or moved, or came back. Returns when some more are to be asked for, None: none are."""
    place, name = found.promotion.source, found.promotion.name
    watched = await parts.store.promotions.watched(found.repository.id, name)
    newest = await parts.store.promotions.newest(found.repository.id, name, place.host, place.repository)
    walks = found.promotion.existing and not start.beginning.existing_done
    # With `existing`, what could never be read is waited for after the others were walked.
    unread = {tag for tag, seen in watched.items() if found.promotion.existing and seen == as_unread(None)}
    counts = {tag.name for tag in tags if walks or tag.name in unread or start.is_new(tag)} - newest.keys()
    gone = may_return(newest, parts.clock())
    wanted = [tag.name for tag in tags if tag.name in counts | gone.keys() and watched.get(tag.name) != GONE]
    # What could not be read goes last, so that it takes no turn from what can be.
    wanted.sort(key=lambda tag: is_unread(watched.get(tag, GONE)))
    latest = [tag.name for tag in tags[-MOST_WATCHED:]]
    sights = await look_at(parts, found, reader, dict.fromkeys((*wanted[:AT_ONCE], *latest)))
    before = {tag: digest_of(seen) for tag, seen in watched.items()} | {tag: run.digest for tag, run in newest.items()}
    moved = {tag for tag, digest in sights.standing.items() if before.get(tag) not in {digest, GONE, None}}
    begun = [(tag, digest) for tag, digest in sights.standing.items() if tag in counts or tag in moved]
    await begin_runs(parts, found, begun)
    await take_up(parts, found, gone, sights.standing)
    await _watch(parts, found, reader, Seen(sights, watched, latest, wanted))
    refusal = sights.refused()
    if refusal is not None:
        raise refusal
    if any(not is_unread(watched.get(tag, GONE)) for tag in wanted[AT_ONCE:]):
        return PAUSE
    return UNREAD_AGAIN if any(tag in sights.unread for tag in wanted) else None


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of tags, what was watched of them before, and which are the newest, and which are wanted."""

    sights: Sights
    watched: Mapping[str, str]
    latest: Sequence[str]
    wanted: Sequence[str]


async def _watch(parts: Parts, found: InForce, reader: Reader, seen: Seen) -> None:
    """Remember where the newest tags stand, and which tags are listed and not there, or cannot be read."""
    promotions, source, sights = parts.store.promotions, found.promotion.source, seen.sights
    kept = {tag: digest for tag, digest in sights.digests.items() if tag in seen.latest or digest == GONE}
    kept |= {tag: as_unread(seen.watched.get(tag)) for tag in sights.unread}
    unasked = {tag for tag in seen.wanted if tag not in sights.digests and is_unread(seen.watched.get(tag, GONE))}
    stays = {*kept, *unasked, *(tag for tag, digest in seen.watched.items() if digest == GONE)}
    old = sorted(seen.watched.keys() - stays)
    await promotions.watch(found.repository.id, found.promotion.name, kept)
    await promotions.unwatch(found.repository.id, found.promotion.name, old)
    await parts.store.ledger.watch_too(source.host, source.repository, reader.id, [*seen.latest])
    if unread_in({**kept, **{tag: seen.watched[tag] for tag in unasked}}) != unread_in(seen.watched):
        await parts.ask(ReportPolicyFile(found.repository.installation, found.repository.id))
