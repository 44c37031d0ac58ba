"""What is known of the promotions of a policy file that is only proposed: their rights, and what would fit today."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


async def promotions_proposed(
    parts: Parts, repository: Repository, in_force: PolicyFile | None, proposed: PolicyFile
) -> list[str]:
    """Say in Markdown, a line each, what would be otherwise with promotions; neither GitHub nor a registry is asked."""
    before = promotions_in(in_force) if in_force is not None else ()
    after = promotions_in(proposed)
    if before == after:
        return []
    readers = await readers_of(parts, repository)
    prospects = {each.name: await _prospect(parts, repository, readers, each) for each in after}
    return promotions_preview(before, after, prospects)


async def _prospect(parts: Parts, repository: Repository, readers: Readers, promotion: Promotion) -> Prospect:
    source, target = readers.of(promotion.source), promotion.target
    writer = pusher_for(target.host, target.repository, repository.full_name, readers.scopes)
    lacking = "; ".join(each.sentence for each in (source, writer) if isinstance(each, Unusable))
    # What a credential reads is for nobody in a public repository.
    if not promotion.existing or isinstance(source, Unusable) or not (repository.private or source == NOBODY):
        return Prospect(lacking)
    tags = await parts.store.ledger.tags(promotion.source.host, promotion.source.repository, source)
    names = [tag.name for tag in tags]
    fitting = await candidates_among(parts, promotion, names)
    return Prospect(lacking, len(fitting) if names else None)
