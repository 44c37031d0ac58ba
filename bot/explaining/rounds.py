"""Decide with every fact the core wants: it names what is missing, a registry tells it, and it decides again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.bumps import Decisions, wanted
from bot.explaining.facts import Doubt
from bot.images import Tag

if TYPE_CHECKING:
    from bot.explaining.facts import Facts
    from bot.images import ImageReference

MOST_ROUNDS = 20
MOST_READ_A_ROUND = 100
UNTAGGED = "latest"
"""What an image without a tag stands for."""

Decide = Callable[[Mapping[str, Sequence[Tag]]], Decisions]


async def decided(
    decide: Decide, images: Mapping[str, ImageReference], facts: Facts, *, untagged: str | None = UNTAGGED
) -> Decisions:
    """Let `decide` decide over the tags that are known, and learn what it wants, at most 20 times.

    `images` are those of the policies by the policy's name; other policies learn nothing. `untagged` is the tag that is
    in use where a decision's current tag is "", None: none is. A decision that still wants facts after that says so.
    Raises RegistryError.
    """
    for image in images.values():
        await facts.list_tags(image)
    decisions = decide(facts.known())
    for _ in range(MOST_ROUNDS):
        if not await facts.learn(_doubts(decisions, images, untagged)):
            break
        decisions = decide(facts.known())
    return decisions


def _doubts(decisions: Decisions, images: Mapping[str, ImageReference], untagged: str | None) -> Iterable[Doubt]:
    """List the best candidates of each decision of which something is not known."""
    asked: dict[tuple[str, str], int] = {}
    for policy, current, tag, _ in wanted(decisions):
        key = (policy, current)
        asked[key] = asked.get(key, 0) + 1
        if policy in images and asked[key] <= MOST_READ_A_ROUND:
            in_use = current.partition("@")[0] or untagged
            yield Doubt(images[policy], tag.name, tag.name == in_use)
