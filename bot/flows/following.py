"""Which images a repository's policies follow, who reads each, and how often it is asked for."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.flows.polling_times import next_poll
from bot.flows.promotion_names import follower_of, promotions_in
from bot.flows.readers import readers_of
from bot.jobs.work import ChooseReaders, PollImage
from bot.registries import Unusable
from bot.store import Follow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bot.flows.parts import Parts
    from bot.flows.readers import Readers
    from bot.policies import ImagePolicy, PolicyFile
    from bot.policies.promotions import Promotion
    from bot.store import Repository

SOURCES = timedelta(minutes=5)
"""How often the repository is polled that a promotion takes from, where no hook tells of it."""

Chosen = dict[str, str | Unusable]
"""The id of each image's reader by the image's name ("host/repository"), or why nobody can read it."""


async def follow(parts: Parts, repository: Repository, policy_file: PolicyFile) -> Chosen:
    """Note which images the policies follow with which reader, and see that each of them is polled."""
    readers = await readers_of(parts, repository)
    chosen = await _note(parts, repository, policy_file, readers)
    if await readers_of(parts, repository) != readers:
        # A credential came or went meanwhile, and who chose by it may have been overwritten.
        await parts.ask(ChooseReaders(repository.installation))
    return chosen


async def _note(parts: Parts, repository: Repository, policy_file: PolicyFile, readers: Readers) -> Chosen:
    followed, promotions = followed_in(policy_file), promotions_in(policy_file)
    chosen = readers.of_all(followed)
    sources = {promotion.name: readers.of(promotion.source) for promotion in promotions}
    follows = [_follow(policy, chosen) for policy in followed]
    follows += [_follow_source(promotion, sources[promotion.name]) for promotion in promotions]
    kept = tuple(each for each in follows if each is not None)
    await parts.store.repositories.follow(repository.id, kept)
    await poll(parts, kept)
    return chosen


def followed_in(policy_file: PolicyFile) -> list[ImagePolicy]:
    """List the policies that something is done for."""
    return [policy for policy in policy_file.images if policy.enabled] if policy_file.enabled else []


async def poll(parts: Parts, followed: Iterable[Follow]) -> None:
    """Ask for the next poll of each image; one that is asked for sooner stays so."""
    now = parts.clock()
    shortest: dict[PollImage, int] = {}
    for each in followed:
        work = PollImage(each.host, each.repository, each.reader)
        shortest[work] = min(each.poll_seconds, shortest.get(work, each.poll_seconds))
    await parts.ask_at((work, poll_after(work, now, seconds)) for work, seconds in shortest.items())


def poll_after(work: PollImage, now: datetime, seconds: int) -> datetime:
    """Return when an image is asked for next that is polled every so many seconds."""
    return next_poll(now, timedelta(seconds=seconds), f"{work.host}/{work.repository} {work.credential}")


def _follow_source(promotion: Promotion, reader: str | Unusable) -> Follow | None:
    """Follow what a promotion takes from as an image is followed."""
    if isinstance(reader, Unusable):
        return None
    source = promotion.source
    return Follow(follower_of(promotion), source.host, source.repository, reader, int(SOURCES.total_seconds()))


def _follow(policy: ImagePolicy, chosen: Mapping[str, str | Unusable]) -> Follow | None:
    reader = chosen[policy.image.name]
    if isinstance(reader, Unusable):
        return None
    seconds = int(policy.poll.total_seconds())
    return Follow(policy.name, policy.image.host, policy.image.repository, reader, seconds)
