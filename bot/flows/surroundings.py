"""Gather what a pull request tells besides the change itself: the images' stories, and how things are with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.bumps import ImageStory, Surroundings
from bot.flows.births import proposed_tag
from bot.flows.shown_state import shown_state

if TYPE_CHECKING:
    from bot.bumps import Proposal
    from bot.flows.application import Application, Decided, Edited


async def surroundings(application: Application, decided: Decided, edited: Edited) -> Surroundings:
    """Gather all that the words of a pull request need besides the wish and its changes."""
    facts, item = application.facts, edited.item
    stories = {
        (proposal.policy, proposal.current): await _story(decided, proposal)
        for proposal in item.proposals
        if proposal.policy not in decided.unshown
    }
    updates = [proposal.update for proposal in item.proposals]
    return Surroundings(
        files_url=f"{application.client.web_url}/blob/{facts.base.commit}",
        stories=stories,
        state=await shown_state(application, decided, updates),
        author=decided.policies[0].pull_request.author or "",
    )


async def _story(decided: Decided, proposal: Proposal) -> ImageStory:
    policy = next(each for each in decided.policies if each.name == proposal.policy)
    tag = await proposed_tag(decided, proposal)
    if tag is None:
        return ImageStory()
    return ImageStory(
        digest=proposal.digest or tag.digest,
        platforms=tuple(sorted(map(str, tag.platforms or ()))),
        pushed_at=tag.pushed_at or tag.first_seen,
        looked_at=len(await decided.known.of(policy.image)),
    )
