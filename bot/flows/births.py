"""Since when the images that a bump proposes are known to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from bot.bumps import Proposal
    from bot.flows.application import Decided
    from bot.images import Tag


async def births_of(decided: Decided, proposals: Iterable[Proposal]) -> Mapping[str, datetime | None]:
    """Tell for each policy when its proposed image was pushed, else first seen; None: neither is known."""
    births: dict[str, datetime | None] = {}
    for proposal in proposals:
        tag = await proposed_tag(decided, proposal)
        born = (tag.pushed_at or tag.first_seen) if tag is not None else None
        others = births.get(proposal.policy, born)
        # Of several moves of one policy the youngest image counts, and one that is not known stays so.
        births[proposal.policy] = None if born is None or others is None else max(born, others)
    return births


async def proposed_tag(decided: Decided, proposal: Proposal) -> Tag | None:
    """Find what is known of the image that a proposal moves to."""
    policy = next(each for each in decided.policies if each.name == proposal.policy)
    if policy.image.name not in decided.known.readers:
        return None
    return next((tag for tag in await decided.known.of(policy.image) if tag.name == proposal.selected), None)
