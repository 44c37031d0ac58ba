"""A house whose promotion is proposed in pull requests, and what people do with these."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.jobs.work import CopyPromoted, ProposePromotions
from bot.promotion.promoted_map import read_map
from tests.flows.promoting import NAME, STABLE, PromotingHouse

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest

BRANCH = f"niro/promotion-{NAME}"
MAP = f".niro/promoted/{NAME}.yml"
PROPOSED = f"{STABLE}    mode: pull-request\n"


async def proposed(house: PromotingHouse, tag: str = "1.4-stable", more: str = PROPOSED) -> PullRequest:
    """Begin with a promotion, build an image that fits, and return the pull request that proposes it."""
    await house.begin(more)
    await house.built_image(tag)
    return opened(house)


def opened(house: PromotingHouse) -> PullRequest:
    """Return the only open pull request."""
    (pull,) = house.open_pulls()
    return pull


async def entries(house: PromotingHouse, revision: str) -> list[str]:
    """List the tags at the target that the map of a commit names."""
    text = (await house.github.read(house.repository, MAP, revision)).decode()
    return [tag for _, tag in read_map(text).pairs()]


async def merge(house: PromotingHouse, pull: PullRequest) -> None:
    """Let a person merge a pull request, and do what is due then."""
    await house.github.world.merging.merge(pull, house.github.person)
    await house.work()


async def look(house: PromotingHouse) -> None:
    """Let the bot look at the proposal, and at the map, whatever it knows."""
    repository = house.github.repository(house.repository).id
    await house.ask(ProposePromotions(house.installation.id, repository, NAME))
    await house.ask(CopyPromoted(house.installation.id, repository, NAME))
