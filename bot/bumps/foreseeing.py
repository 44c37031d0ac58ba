"""Decide from what is known already: what only a registry could tell of a tag is taken for granted, and noted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.bumps.changing import standing
from bot.bumps.deciding import Decisions, decide, wanted
from bot.images import Platform, Tag
from bot.selection import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from bot.bumps.deciding import Wanted
    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.selection import Decision, Restriction, SelectionRule

UNREAD: Final = f"sha256:{'0' * 64}"
"""Stands for the digest of a tag whose digest nobody has read; no image has it."""

_MOST_ROUNDS: Final = 20
_USUAL: Final = frozenset({Platform("linux", "amd64")})


class Foreseen(NamedTuple):
    """What would be decided. `granted`: images ("ghcr.io/acme/app") and tags of which nobody knows where they run."""

    decisions: Decisions
    granted: frozenset[tuple[str, str]]


def foreseen(  # noqa: PLR0917 - as `decide`
    policy_file: PolicyFile,
    occurrences: Sequence[Occurrence],
    tags: Mapping[str, Sequence[Tag]],
    restrictions: Sequence[Restriction],
    now: datetime,
    only: frozenset[str],
) -> Foreseen:
    """Decide as `decide` does for the policies in `only`, without anything to be asked of a registry.

    A candidate of which nobody knows on what it runs is taken to run wherever its image does; a digest that is not
    known is `UNREAD`. Whether a tag that stands in a file with its digest has moved cannot be told, and stays open. So
    does what would need the times of tags.
    """
    rules = {policy.name: (policy.image.name, policy.rule) for policy in policy_file.images}
    granted = _Granted(tags)
    first = decide(policy_file, occurrences, tags, restrictions, now, None, only)
    decisions = dict(first)
    for _ in range(_MOST_ROUNDS):
        asked = {item.policy for item in wanted(decisions) if granted.grant(item, *rules[item.policy])}
        if not asked:
            break
        decisions |= decide(policy_file, occurrences, granted.tags, restrictions, now, granted.by_digest, asked)
    told = {key: first[key] if _is_guess(key[1], found) else found for key, found in decisions.items()}
    return Foreseen({key: found.shortened(0) for key, found in told.items()}, frozenset(granted.noted))


def _is_guess(current: str, decision: Decision) -> bool:
    """Whether another digest is chosen for a tag only because nobody has read the one that it has."""
    here = standing(current)
    stays = decision.selected is not None and decision.selected.name == here.meant
    return stays and decision.digest == UNREAD and here.digest is not None


class _Granted:
    """The tags that are known, and what was taken for granted of them."""

    def __init__(self, tags: Mapping[str, Sequence[Tag]]) -> None:
        self._tags = {image: {tag.name: tag for tag in known} for image, known in tags.items()}
        self.by_digest: dict[str, dict[str, Tag]] = {}
        self.noted: set[tuple[str, str]] = set()

    @property
    def tags(self) -> Mapping[str, Sequence[Tag]]:
        return {image: tuple(known.values()) for image, known in self._tags.items()}

    def grant(self, item: Wanted, image: str, rule: SelectionRule) -> bool:
        """Take for granted what a decision wants to know; False: that is something else, or was granted before."""
        known = self._tags[image]
        listed, here = known.get(item.tag.name), standing(item.current)
        in_use = (item.tag.name, item.tag.digest) == (here.meant, here.digest)
        if item.tag.digest is not None and (listed is None or listed.digest != item.tag.digest):
            return self._grant_digest(image, item.tag.digest, self._platforms(image, rule, in_use=in_use))
        if item.fact is Fact.DIGEST and listed is not None and listed.digest is None:
            known[listed.name] = replace(listed, digest=UNREAD)
        elif item.fact is Fact.PLATFORMS and (listed is None or listed.platforms is None):
            # What stands in a file and is not listed any more is gone: it promises nothing.
            offered = frozenset[Platform]() if listed is None else self._platforms(image, rule, in_use=in_use)
            known[item.tag.name] = replace(listed or Tag(item.tag.name), platforms=offered)
            self.noted |= frozenset() if in_use else {(image, item.tag.name)}
        else:
            return False
        return True

    def _grant_digest(self, image: str, digest: str, platforms: frozenset[Platform]) -> bool:
        read = self.by_digest.setdefault(image, {})
        if digest in read:
            return False
        read[digest] = Tag(digest, digest, platforms=platforms)
        return True

    def _platforms(self, image: str, rule: SelectionRule, *, in_use: bool) -> frozenset[Platform]:
        """Tell on what an unread tag runs: where any other does, or, of the one in use, where all the others do."""
        known = [tag.platforms for tag in self._tags[image].values() if tag.platforms]
        if in_use:
            return frozenset.intersection(*known) if known else _USUAL
        return _USUAL.union(*known) | (rule.platforms or frozenset())
