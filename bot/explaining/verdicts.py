"""One decision as it is shown: with every tag that was not selected, and what a command cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.selection import Clock, Explained, Reason, Strategy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.images import Tag
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


def verdict(current: str | None, decision: Decision, known: Sequence[Tag]) -> Verdict:
    """Work out the reasons of a decision among the tags that are known.

    What runs nowhere is not even handed to the choice where no platform is in use, and comes before the others here.
    """
    rejected = tuple(decision.rejected)
    told = {tag.name for tag, _ in rejected} | {decision.selected.name if decision.selected else "", current}
    nowhere = [tag for tag in known if tag.platforms == frozenset() and tag.name not in told]
    return Verdict(current, decision, (*((tag, _runs_nowhere(tag)) for tag in nowhere), *rejected))


def _runs_nowhere(tag: Tag) -> Explained:
    return Explained(Reason.PLATFORM_MISSING, f"{tag.name} runs nowhere: it is no image, or not whole")


def notes(rule: SelectionRule, tags: Sequence[Tag]) -> tuple[str, ...]:
    """Say in sentences what the rule asks for and only the running bot can know."""
    by_age = bool(rule.min_age) or (rule.strategy is Strategy.NEWEST_BUILD and rule.clock is not Clock.CREATED)
    is_untold = any(tag.pushed_at is None for tag in tags)
    return (FIRST_SEEN_UNKNOWN,) if by_age and is_untold else ()
