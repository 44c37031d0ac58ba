"""What a new state of the default branch means for promotions: sources to look at, and maps that were merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.flows.promotion_names import promotions_in
from bot.flows.readers import readers_of
from bot.jobs.work import CopyPromoted, FollowPromotion, PromoteImage, ProposePromotions, ScanImage
from bot.policies.promotions import PromotionMode
from bot.registries import Unusable
from bot.store import RunState

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.jobs.work import Work
    from bot.policies import PolicyFile
    from bot.policies.promotions import Promotion
    from bot.store import Repository

MOST_RUNS: Final = 1_000
"""Images that are proposed of which it is known, the newest, whether their promotion is there still."""


async def promotions_to_follow(
    parts: Parts, repository: Repository, policy_file: PolicyFile, *, changed: bool
) -> list[Work]:
    """Say what is to be done for the promotions of a policy file at a new head of the default branch.

    `changed`: the file may say something else than before: then sources are looked at. Of a promotion that is gone
    nothing is kept but its history. A push may have merged a map, so what the maps name is looked at, too.
    """
    promotions = promotions_in(policy_file)
    await parts.store.promotions.forget(repository.id, [promotion.name for promotion in promotions])
    readers = await readers_of(parts, repository)
    wanted: list[Work] = []
    for promotion in promotions:
        reader = readers.of(promotion.source)
        if changed and not isinstance(reader, Unusable):
            wanted.append(await _look(parts, repository, promotion, reader))
        if promotion.mode is PromotionMode.PULL_REQUEST:
            wanted.append(CopyPromoted(repository.installation, repository.id, promotion.name))
    return wanted + await _end_of_the_gone(parts, repository.installation, repository.id, promotions)


async def promotions_to_forget(parts: Parts, installation: int, repository: int) -> list[Work]:
    """Say what is to be done for the promotions of a repository that has no policy file any more; history stays."""
    await parts.store.promotions.forget(repository, [])
    return await _end_of_the_gone(parts, installation, repository, ())


async def _look(parts: Parts, repository: Repository, promotion: Promotion, reader: str) -> Work:
    """Look at a source: its tags are listed first where that was not done, for before all of them would seem new."""
    beginning, source = await parts.store.promotions.beginning(repository.id, promotion.name), promotion.source
    place = (source.host, source.repository, reader)
    if beginning is None or (beginning.source_host, beginning.source_image, beginning.reader) != place:
        return ScanImage(*place)
    return FollowPromotion(repository.installation, repository.id, promotion.name)


async def _end_of_the_gone(
    parts: Parts, installation: int, repository: int, promotions: tuple[Promotion, ...]
) -> list[Work]:
    """Ask about what is left of promotions that are not there any more, or are not proposed any more.

    That is each pull request, and each image that is on its way: its end has the pull request looked at that held it.
    """
    names = {each.name for each in promotions}
    proposing = {each.name for each in promotions if each.mode is PromotionMode.PULL_REQUEST}
    runs = await parts.store.promotions.of(repository, state=RunState.PROPOSED, limit=MOST_RUNS)
    gone = {run.promotion for run in runs} - proposing
    wanted: list[Work] = [ProposePromotions(installation, repository, name) for name in sorted(gone)]
    unended = await parts.store.promotions.unended(repository)
    return wanted + [PromoteImage(installation, repository, run.id) for run in unended if run.promotion not in names]
