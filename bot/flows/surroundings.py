"""Gather what a pull request tells besides the change itself: the images' stories, and how things are with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from bot.bumps import Source, Surroundings, may_be_quoted, source_named, standing, story
from bot.bumps import source as source_of
from bot.flows.births import proposed_tag
from bot.flows.shown_state import shown_state
from bot.github import GitHubError, RateLimited
from bot.registries import RegistryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.bumps import ImageStory, Proposal
    from bot.flows.application import Application, Decided, Edited
    from bot.policies import ImagePolicy

log = structlog.get_logger()


async def surroundings(application: Application, decided: Decided, edited: Edited) -> Surroundings:
    """Gather all that the words of a pull request need besides the wish and its changes."""
    item = edited.item
    stories = {
        (proposal.policy, proposal.current): await _story(application, decided, proposal)
        for proposal in item.proposals
        if proposal.policy not in decided.unshown
    }
    updates = [proposal.update for proposal in item.proposals]
    return Surroundings(
        files_url=f"{application.client.web_url}/blob/{application.facts.base.commit}",
        stories=stories,
        state=await shown_state(application, decided, updates, files=len(edited.files)),
        author=decided.policies[0].pull_request.author or "",
    )


async def _story(application: Application, decided: Decided, proposal: Proposal) -> ImageStory:
    policy = next(each for each in decided.policies if each.name == proposal.policy)
    tag = await proposed_tag(decided, proposal)
    if tag is None:
        return story(proposal, None)
    looked_at = len(await decided.known.of(policy.image))
    return story(
        proposal, tag, looked_at=looked_at, source=await _source(application, decided, policy, proposal, tag.digest)
    )


async def _source(
    application: Application, decided: Decided, policy: ImagePolicy, proposal: Proposal, digest: str | None
) -> Source | None:
    """Look where the image comes from. What cannot be read there keeps no pull request from being opened.

    `digest`: the proposed image's, where it is known: many repositories may ask about the same one.
    """
    after = await _labels(application, decided, policy, proposal.digest or digest or proposal.selected)
    full_name = source_named(after, application.client.web_url.removesuffix(f"/{application.client.full_name}"))
    if full_name is None:
        return None
    here = standing(proposal.current)
    before = await _labels(application, decided, policy, here.digest or here.meant)
    try:
        found = await application.client.source(full_name)
        if found is None or not may_be_quoted(
            source_is_private=found.private, here_is_private=application.repository.private
        ):
            return None
        releases = await application.client.releases(found.full_name)
    except RateLimited:
        raise
    except GitHubError as error:
        log.info("source.unreadable", image=policy.image.name, source=full_name, reason=str(error))
        return None
    return source_of(proposal, found.full_name, found.url, before, after, releases)


async def _labels(application: Application, decided: Decided, policy: ImagePolicy, reference: str) -> Mapping[str, str]:
    image, reader = policy.image, decided.known.readers[policy.image.name]
    try:
        return await application.parts.registries.labels(image.host, image.repository, reference, reader.access)
    except RegistryError as error:
        log.info("labels.unreadable", image=image.name, reference=reference, reason=str(error))
        return {}
