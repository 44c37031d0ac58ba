"""Ask for each policy, and each tag that stands in its files, which tag should stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bot.bumps.following import current_tags, following
from bot.bumps.safe_text import plain
from bot.images import Tag
from bot.selection import Decision, Fact, Reason, choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from bot.manifests import Occurrence
    from bot.policies import PolicyFile
    from bot.selection import Restriction

# The key is the policy's name and the current tag, "" for none.
Decisions: TypeAlias = "Mapping[tuple[str, str], Decision]"

_UNTAGGED: Final = "latest"
_OLDER: Final = frozenset({Reason.OLDER_THAN_SELECTED, Reason.OLDER_THAN_CURRENT})
_MOST_REFUSALS: Final = 5


class Wanted(NamedTuple):
    """A fact that a decision still needs. Whoever asked fetches it, puts it into the tags and decides again."""

    policy: str
    current: str
    tag: Tag
    fact: Fact


class Refusal(NamedTuple):
    """A newer tag that was refused although its version is in the range, with the reason as a sentence."""

    policy: str
    current: str
    tag: str
    sentence: str


def decide(
    policy_file: PolicyFile,
    occurrences: Iterable[Occurrence],
    tags: Mapping[str, Sequence[Tag]],
    restrictions: Sequence[Restriction],
    now: datetime,
) -> dict[tuple[str, str], Decision]:
    """Decide once for each enabled policy and each different tag that stands in the files which follow it.

    `tags` are those of each image by its name ("docker.io/library/nginx"), with what is known of them; an image that
    is not in there is left undecided. An image without a tag runs `latest`, so the platforms of that one are kept.
    """
    if not policy_file.enabled:
        return {}
    followers = following(policy_file, occurrences)
    decisions: dict[tuple[str, str], Decision] = {}
    for policy in policy_file.images:
        known = tags.get(policy.image.name)
        if policy.enabled and known is not None:
            for current in current_tags(followers[policy.name]):
                standing = _standing(known, current)
                candidates = _runnable(known, standing)
                decision = choose(policy.rule, candidates, current=standing, restrictions=restrictions, now=now)
                decisions[policy.name, current] = _proven(decision, standing)
    return decisions


def wanted(decisions: Decisions) -> tuple[Wanted, ...]:
    """List every fact that a decision still wants, best candidate first for each decision."""
    return tuple(
        Wanted(policy, current, tag, fact)
        for (policy, current), decision in decisions.items()
        for tag, fact in decision.wanted
    )


def refusals(decisions: Decisions) -> tuple[Refusal, ...]:
    """List the newer tags that each decision refused for lack of a platform, the newest first, five for each."""
    return tuple(refusal for key, decision in decisions.items() for refusal in _refused(*key, decision))


def is_open(decision: Decision) -> bool:
    """Whether a decision says nothing yet: a fact is missing, the registry lists nothing, or a rule is not known."""
    return decision.selected is None and decision.reason is not Reason.NO_MATCH


def _standing(known: Sequence[Tag], current: str) -> Tag:
    name = current or _UNTAGGED
    return next((tag for tag in known if tag.name == name), Tag(name))


def _runnable(known: Sequence[Tag], standing: Tag) -> Sequence[Tag]:
    """Leave out tags that run nowhere (half pushed, gone) where the one in use is gone and so asks for no platform."""
    if standing.platforms != frozenset():
        return known
    return [tag for tag in known if tag.platforms != frozenset() or tag.name == standing.name]


def _proven(decision: Decision, standing: Tag) -> Decision:
    """Ask what the selected tag runs on, if nobody has: it must run somewhere, also where the one in use is gone."""
    selected = decision.selected
    if selected is None or selected.name == standing.name or selected.platforms is not None:
        return decision
    sentence = f"The platforms of {plain(selected.name)} are not known yet."
    return Decision(None, Reason.FACT_MISSING, sentence, ((selected, Fact.PLATFORMS),))


def _refused(policy: str, current: str, decision: Decision) -> Iterator[Refusal]:
    found = 0
    for tag, explained in decision.rejected:
        if explained.reason in _OLDER or found == _MOST_REFUSALS:
            return
        if explained.reason is Reason.PLATFORM_MISSING:
            found += 1
            yield Refusal(policy, current, tag.name, explained.sentence)
