"""What is known of the promotions of a policy file that is only proposed: their rights, and what would fit today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.flows.following import followed_in
from bot.flows.promotion_candidates import candidates_among
from bot.flows.promotion_names import promotions_in
from bot.flows.readers import NOBODY, readers_of
from bot.promotion.previewing import Prospect, promotions_preview
from bot.registries import Unusable, pusher_for

if TYPE_CHECKING:
    from bot.flows.parts import Parts
    from bot.flows.readers import Readers
    from bot.policies import PolicyFile
    from bot.policies.promotions import Promotion
    from bot.store import Repository

    Reading = tuple[str, str | Unusable]
    """A repository of a registry ("host/repository") and who reads it."""


async def promotions_proposed(
    parts: Parts, repository: Repository, in_force: PolicyFile | None, proposed: PolicyFile
) -> list[str]:
    """Say in Markdown, a line each, what would be otherwise with promotions; neither GitHub nor a registry is asked."""
    before = promotions_in(in_force) if in_force is not None else ()
    after = promotions_in(proposed)
    if before == after:
        return []
    readers = await readers_of(parts, repository)
    now = _read_now(readers, in_force) if in_force is not None else frozenset()
    prospects = {each.name: await _prospect(parts, repository, readers, now, each) for each in after}
    return promotions_preview(before, after, prospects)


def _read_now(readers: Readers, in_force: PolicyFile) -> frozenset[Reading]:
    """Tell which repositories of registries the file in force has read, and by whom."""
    followed = readers.of_all(followed_in(in_force)).items()
    return frozenset((*followed, *((each.source.name, readers.of(each.source)) for each in promotions_in(in_force))))


async def _prospect(
    parts: Parts, repository: Repository, readers: Readers, now: frozenset[Reading], promotion: Promotion
) -> Prospect:
    source, target = readers.of(promotion.source), promotion.target
    writer = pusher_for(target.host, target.repository, repository.full_name, readers.scopes)
    lacking = "; ".join(each.sentence for each in (source, writer) if isinstance(each, Unusable))
    if not promotion.existing or isinstance(source, Unusable):
        return Prospect(lacking)
    # What a credential reads is for nobody in a public repository; and elsewhere a file that is only proposed does not
    # choose what is done with credentials.
    if source != NOBODY and not (repository.private and (promotion.source.name, source) in now):
        return Prospect(lacking)
    tags = await parts.store.ledger.tags(promotion.source.host, promotion.source.repository, source)
    names = [tag.name for tag in tags]
    fitting = await candidates_among(parts, promotion, names)
    return Prospect(lacking, len(fitting) if names else None)
