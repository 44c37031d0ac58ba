"""One decision as it is shown: with every tag that was not selected, and what a command cannot know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.selection import Clock, Strategy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.images import Tag
    from bot.selection import Decision, Explained, SelectionRule

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


def verdict(current: str | None, decision: Decision, more: Iterable[tuple[Tag, Explained]] = ()) -> Verdict:
    """Work out the reasons of a decision; `more` are tags that it was not shown."""
    return Verdict(current, decision, (*more, *decision.rejected))


def notes(rule: SelectionRule, tags: Sequence[Tag]) -> tuple[str, ...]:
    """Say in sentences what the rule asks for and only the running bot can know."""
    by_age = bool(rule.min_age) or (rule.strategy is Strategy.NEWEST_BUILD and rule.clock is not Clock.CREATED)
    is_untold = any(tag.pushed_at is None for tag in tags)
    return (FIRST_SEEN_UNKNOWN,) if by_age and is_untold else ()
