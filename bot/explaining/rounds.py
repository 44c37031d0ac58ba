"""Decide with every fact the core wants: it names what is missing, a registry tells it, and it decides again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from bot.bumps import ByDigest, Decisions, standing, wanted
from bot.explaining.facts import Doubt
from bot.images import Tag
from bot.selection import Fact

if TYPE_CHECKING:
    from bot.explaining.facts import Facts
    from bot.images import ImageReference

MOST_ROUNDS = 20
MOST_READ_A_ROUND = 100
READABLE = frozenset({Fact.PLATFORMS, Fact.DIGEST})
"""What a manifest tells."""

Decide = Callable[[Mapping[str, Sequence[Tag]], ByDigest], Decisions]


async def decided(
    decide: Decide, images: Mapping[str, ImageReference], facts: Facts, *, in_use: bool = True
) -> Decisions:
    """Let `decide` decide over what is known of tags and digests, and learn what it wants, at most 20 times.

    `images` are those of the policies by the policy's name; other policies learn nothing. `in_use`: what a decision is
    about stands in files. A decision that still wants facts after that says so. Raises RegistryError.
    """
    for image in images.values():
        await facts.list_tags(image)
    decisions = decide(facts.known(), facts.by_digest())
    for _ in range(MOST_ROUNDS):
        if not await facts.learn(_doubts(decisions, images, in_use=in_use)):
            break
        decisions = decide(facts.known(), facts.by_digest())
    return decisions


def _doubts(decisions: Decisions, images: Mapping[str, ImageReference], *, in_use: bool) -> Iterable[Doubt]:
    """List the best candidates of each decision of which something is not known."""
    asked: dict[tuple[str, str], int] = {}
    for policy, current, tag, fact in wanted(decisions):
        key = (policy, current)
        asked[key] = asked.get(key, 0) + 1
        if policy in images and fact in READABLE and asked[key] <= MOST_READ_A_ROUND:
            here = standing(current)
            stands = in_use and (tag.name, tag.digest) == (here.meant, here.digest)
            yield Doubt(images[policy], tag.name, tag.digest, stands)
