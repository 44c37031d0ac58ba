"""Ask for each policy, and each tag and digest that stands in its files, which should stand there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bot.bumps.changing import changes, standing
from bot.bumps.following import following, standing_in
from bot.images import Tag
from bot.selection import Decision, Fact, Reason, RestrictionKind, choose, waiting

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.selection import Restriction, SelectionRule

# The key is the policy's name, and what stands in the files as `bot.manifests.stands_at` writes it.
Decisions: TypeAlias = "Mapping[tuple[str, str], Decision]"

# What a registry told of images by their digests, which no tag need have any more: by name and digest.
ByDigest: TypeAlias = "Mapping[str, Mapping[str, Tag]]"

_OLDER: Final = frozenset({Reason.OLDER_THAN_SELECTED, Reason.OLDER_THAN_CURRENT, Reason.SAME_VERSION})
_TOLD: Final = frozenset(
    {
        Reason.PLATFORM_MISSING,
        Reason.TOO_YOUNG,
        Reason.AGE_UNKNOWN,
        Reason.QUARANTINED,
        Reason.IGNORED,
        Reason.TURNED_DOWN,
        Reason.HELD,
        Reason.SNOOZED,
    }
)
_SAYING_NOTHING: Final = frozenset(
    {
        Reason.HELD,
        Reason.SNOOZED,
        Reason.NO_TAGS,
        Reason.INCOMPLETE,
        Reason.NO_CLOCK,
        Reason.FACT_MISSING,
    }
)
_MOST_REFUSALS: Final = 5


class Wanted(NamedTuple):
    """A fact that a decision still needs. Whoever asked fetches it, puts it into the tags and decides again.

    Where `tag` has a digest that the tag of its name does not have in the registry, the image of that digest is meant.
    """

    policy: str
    current: str
    tag: Tag
    fact: Fact


class Refusal(NamedTuple):
    """A better tag that was refused although the rule accepts it by name, with the reason also as a sentence."""

    policy: str
    current: str
    tag: str
    sentence: str
    reason: Reason


def decide(  # noqa: PLR0917 - the names are part of the contract
    policy_file: PolicyFile,
    occurrences: Iterable[Occurrence],
    tags: Mapping[str, Sequence[Tag]],
    restrictions: Sequence[Restriction],
    now: datetime,
    by_digest: ByDigest | None = None,
    only: Container[str] | None = None,
) -> dict[tuple[str, str], Decision]:
    """Decide once for each enabled policy and each different tag and digest that stand in the files which follow it.

    `tags` are those of each image by its name ("docker.io/library/nginx"), with what is known of them; an image that
    is not in there is left undecided. An image without a tag runs `latest`, so the platforms of that one are kept; one
    with a digest runs that digest, whatever its tag is by now. Of `restrictions` each counts for the policy that it was
    laid upon, or for all. A policy about a glob decides nothing: see `PolicyFile.for_images`. `only` names the policies
    that are asked about; the whole file counts for which occurrence follows which.
    """
    if not policy_file.enabled:
        return {}
    followers = following(policy_file, occurrences)
    decisions: dict[tuple[str, str], Decision] = {}
    for policy in policy_file.images:
        known = tags.get(policy.image.name)
        if policy.enabled and known is not None and (only is None or policy.name in only):
            mine = [each for each in restrictions if each.policy in {None, policy.name}]
            asked = _Asked(policy.rule, known, (by_digest or {}).get(policy.image.name, {}), mine, now)
            for current in standing_in(followers[policy.name]):
                decisions[policy.name, current] = asked.decided(current)
    return decisions


def wanted(decisions: Decisions) -> tuple[Wanted, ...]:
    """List every fact that a decision still wants, best candidate first for each decision."""
    return tuple(
        Wanted(policy, current, tag, fact)
        for (policy, current), decision in decisions.items()
        for tag, fact in decision.wanted
    )


def refusals(decisions: Decisions) -> tuple[Refusal, ...]:
    """List the better tags that each decision refused, the best first, five for each.

    They lack a platform, are too young, or somebody restricted them. What the rule does not want at all is no news.
    """
    return tuple(refusal for key, decision in decisions.items() for refusal in _refused(*key, decision))


def is_open(decision: Decision) -> bool:
    """Whether a decision says nothing about what should stand: it waits for a person, or for what is not known yet."""
    return decision.selected is None and decision.reason in _SAYING_NOTHING


class _Asked:
    """One policy's rule with all that is known of its image."""

    def __init__(
        self,
        rule: SelectionRule,
        known: Sequence[Tag],
        by_digest: Mapping[str, Tag],
        restrictions: Sequence[Restriction],
        now: datetime,
    ) -> None:
        self._rule = rule
        self._known = known
        self._by_digest = by_digest
        self._restrictions = restrictions
        self._now = now

    def decided(self, current: str) -> Decision:
        """Decide what should stand where `current` stands."""
        stands = self._standing(current)
        candidates = _runnable(self._with_pinned(stands), stands)
        decision = choose(self._rule, candidates, current=stands, restrictions=self._restrictions, now=self._now)
        return _proven(decision, current)

    def _standing(self, current: str) -> Tag:
        """Gather what is known of the image in use. The listed tag tells of it unless it is another image by now."""
        here = standing(current)
        listed = next((tag for tag in self._known if tag.name == here.meant), Tag(here.meant))
        if here.digest is None:
            return replace(listed, digest=None)
        same = listed if listed.digest == here.digest else Tag(here.meant, here.digest)
        read = self._by_digest.get(here.digest)
        return same if read is None else replace(same, platforms=read.platforms)

    def _with_pinned(self, stands: Tag) -> Sequence[Tag]:
        """Let the tag in the file stand for a pinned digest that no listed tag has, once that was read.

        Not before it is known what the image in use runs on: nothing else may tell that.
        """
        if stands.platforms is None:
            return self._known
        pins = [self._rule.pin, *(each.digest for each in self._restrictions if each.kind is RestrictionKind.PIN)]
        read = next((self._by_digest[pin] for pin in pins if pin is not None and pin in self._by_digest), None)
        if read is None or any(tag.digest == read.digest for tag in self._known):
            return self._known
        pinned = Tag(stands.name, read.digest, platforms=read.platforms)
        return [*(tag for tag in self._known if tag.name != stands.name), pinned]


def _runnable(known: Sequence[Tag], stands: Tag) -> Sequence[Tag]:
    """Leave out tags that run nowhere (half pushed, gone) where the one in use is gone and so asks for no platform."""
    if stands.platforms != frozenset():
        return known
    return [tag for tag in known if tag.platforms != frozenset() or _is_same(tag, stands)]


def _is_same(tag: Tag, stands: Tag) -> bool:
    return tag.name == stands.name and stands.digest in {None, tag.digest}


def _proven(decision: Decision, current: str) -> Decision:
    """Ask what the selected tag runs on, if nobody has: it must run somewhere, also where the one in use is gone."""
    selected = decision.selected
    if selected is None or selected.platforms is not None or not changes(current, decision):
        return decision
    return waiting(decision, selected, ((selected, Fact.PLATFORMS),))


def _refused(policy: str, current: str, decision: Decision) -> Iterator[Refusal]:
    found = 0
    for tag, explained in decision.rejected:
        if explained.reason in _OLDER or found == _MOST_REFUSALS:
            return
        if explained.reason in _TOLD:
            found += 1
            yield Refusal(policy, current, tag.name, explained.sentence, explained.reason)
