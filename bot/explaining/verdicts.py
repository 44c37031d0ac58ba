"""One decision as it is shown: with every tag that was not selected, and what a command cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.bumps import standing
from bot.images import Tag
from bot.selection import Clock, Explained, Reason, Strategy, choose

if TYPE_CHECKING:
    from collections.abc import Container, Sequence
    from datetime import datetime

    from bot.selection import Decision, SelectionRule

FIRST_SEEN_UNKNOWN: Final = (
    "How long a tag exists is not known here: the registry does not tell, and only the running bot remembers when it "
    "first saw a tag."
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision about one current tag. `current` is None where nothing stands, "" where an image has no tag."""

    current: str | None
    decision: Decision
    rejected: tuple[tuple[Tag, Explained], ...]


def verdict(
    current: str | None, decision: Decision, listed: Sequence[Tag], rule: SelectionRule, now: datetime
) -> Verdict:
    """Work out why each tag that the registry lists was not selected.

    `listed` are those tags: one that only stands in a file is none of them. What runs nowhere is not even handed to the
    choice where no platform is in use; it has its place among the others here.
    """
    names = {tag.name for tag in listed}
    told = {decision.selected.name} if decision.selected else set[str]()
    rejected = [each for each in decision.rejected if each[0].name in names]
    rejected += _waiting(decision, told | {tag.name for tag, _ in rejected}, names)
    told |= {tag.name for tag, _ in rejected} | {current or ""}
    nowhere = [(tag, _runs_nowhere(tag)) for tag in listed if tag.platforms == frozenset() and tag.name not in told]
    if not nowhere:
        return Verdict(current, decision, tuple(rejected))
    places = _places(rule, listed, current, now)
    every = sorted([*nowhere, *rejected], key=lambda each: places.get(each[0].name, len(places)))
    return Verdict(current, decision, tuple(every))


def _waiting(decision: Decision, told: Container[str], names: Container[str]) -> list[tuple[Tag, Explained]]:
    """Explain the tags that would be selected but for a fact, where the decision has nothing else to say of them."""
    waiting = {tag.name: tag for tag, _ in decision.wanted if decision.selected is None}
    why = Explained(Reason.FACT_MISSING, decision.sentence)
    return [(tag, why) for name, tag in waiting.items() if name in names and name not in told]


def _places(rule: SelectionRule, listed: Sequence[Tag], current: str | None, now: datetime) -> dict[str, int]:
    """Ask the choice in which order it sees all tags, the best first: the place of each by its name."""
    here = None if current is None else standing(current)
    stands = None if here is None else Tag(here.meant, here.digest)
    seen = choose(rule, listed, current=stands, now=now)
    first = () if seen.selected is None else (seen.selected.name,)
    return {name: place for place, name in enumerate((*first, *(tag.name for tag, _ in seen.rejected)))}


def _runs_nowhere(tag: Tag) -> Explained:
    return Explained(Reason.PLATFORM_MISSING, f"{tag.name} runs nowhere: it is no image, or not whole")


def notes(rule: SelectionRule, tags: Sequence[Tag]) -> tuple[str, ...]:
    """Say in sentences what the rule asks for and only the running bot can know."""
    by_age = bool(rule.min_age) or (rule.strategy is Strategy.NEWEST_BUILD and rule.clock is not Clock.CREATED)
    is_untold = any(tag.pushed_at is None for tag in tags)
    return (FIRST_SEEN_UNKNOWN,) if by_age and is_untold else ()
