"""The walk from the best candidate downwards, until one may be taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.selection import platforms
from bot.selection.decision import Explained, Fact, Reason
from bot.selection.obstacles import Obstacle, needs_digest, next_old_enough, restricted, too_far, too_young
from bot.selection.times import earliest
from bot.selection.turned_down import NO_FLOOR, Floor, floor, nothing_beyond
from bot.selection.wording import shown_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from bot.images import Platform, Tag
    from bot.selection.contest import Contest
    from bot.selection.question import Question

MOST_NOTED: Final = 50
"""Refusals that are kept as they are found; of further ones the reason is worked out again when it is asked for."""


@dataclass(slots=True)
class Walk:
    """How far the search came: what was taken, what was refused and is wanted, and why it stopped early.

    `floor` is the tag that was turned down and that nothing was better than.
    """

    taken: Tag | None = None
    refused: dict[str, Explained] = field(default_factory=dict)
    count: int = 0
    wanted: list[tuple[Tag, Fact]] = field(default_factory=list)
    stuck: Explained | None = None
    reconsider_at: datetime | None = None
    floor: Floor = NO_FLOOR

    def refuse(self, tag: Tag, obstacle: Obstacle) -> None:
        """Note why a tag was not taken."""
        self.count += 1
        self.reconsider_at = earliest(self.reconsider_at, obstacle.until)
        if len(self.refused) < MOST_NOTED:
            self.refused[tag.name] = obstacle.why

    def explained(self) -> dict[str, Explained]:
        """Why each tag that was looked at was not taken, as far as it was noted."""
        known = self.refused | {tag.name: missing_fact(tag, fact) for tag, fact in reversed(self.wanted)}
        if self.floor.tag is not None and self.floor.restriction is not None:
            known.setdefault(self.floor.tag.name, nothing_beyond(self.floor.restriction))
        return known


def walk(question: Question, contest: Contest) -> Walk:
    """Take the best candidate that nothing keeps from being chosen; stop where that cannot be told.

    Where a tag was turned down only those that are better than it are looked at.
    """
    lowest = floor(question, contest) if question.turned else NO_FLOOR
    found = Walk(reconsider_at=lowest.until)
    required = platforms.required(question)
    for tied in contest.candidates():
        if lowest.tag is not None and not contest.is_better(tied[0], lowest.tag):
            break
        allowed = [tag for tag in tied if _is_allowed(question, contest, tag, found)]
        if len(allowed) > 1 and contest.is_guess(allowed):
            found.stuck = _tied(allowed)
            return found
        if _settled(question, required, allowed, found):
            break
    if found.count > MOST_NOTED:  # a contest passes over tags that are too young, once there were many
        found.reconsider_at = earliest(found.reconsider_at, next_old_enough(question))
    if found.taken is None and not found.wanted:
        found.floor = lowest
    return found


def obstacle(question: Question, contest: Contest, tag: Tag) -> Obstacle | None:
    """Tell what keeps a candidate from being chosen, its platforms aside."""
    kind = contest.kind(tag) if contest.is_newer(tag) else None
    is_fit = contest.unfit is None
    return restricted(question, tag) or too_far(question, tag, kind, is_fit=is_fit) or too_young(question, tag)


def missing_fact(tag: Tag, fact: Fact) -> Explained:
    """Say which fact of a tag is not known."""
    verb = "are" if fact is Fact.PLATFORMS else "is"
    said = {Fact.PUSHED_AT: "time of the push", Fact.CREATED_AT: "time of creation"}.get(fact, fact.value)
    return Explained(Reason.FACT_MISSING, f"The {said} of {shown_tag(tag.name)} {verb} not known yet")


def lacking(required: frozenset[Platform], tag: Tag) -> Obstacle | None:
    """Tell which of the required platforms a tag, whose platforms are known, does not offer."""
    missing = platforms.missing(required, tag.platforms or ())
    if not missing:
        return None
    names = ", ".join(str(platform) for platform in missing)
    return Obstacle(Explained(Reason.PLATFORM_MISSING, f"{shown_tag(tag.name)} lacks {names}"))


def unknown_facts(question: Question, required: frozenset[Platform] | None, tag: Tag) -> list[tuple[Tag, Fact]]:
    """List what must be known before `tag` may be taken: platforms, and its digest where a restriction is about one."""
    unknown = [(tag, Fact.DIGEST)] if needs_digest(question, tag) else []
    if tag.platforms is None and required != frozenset():
        unknown.append((tag, Fact.PLATFORMS))
    if required is None and question.current is not None:
        unknown.append((question.current, Fact.PLATFORMS))
    return unknown


def _is_allowed(question: Question, contest: Contest, tag: Tag, found: Walk) -> bool:
    against = obstacle(question, contest, tag)
    if against is not None:
        found.refuse(tag, against)
    return against is None


def _settled(question: Question, required: frozenset[Platform] | None, allowed: Iterable[Tag], found: Walk) -> bool:
    for tag in allowed:
        found.wanted = unknown_facts(question, required, tag)
        if found.wanted:
            return True
        against = lacking(required or frozenset(), tag)
        if against is None:
            found.taken = tag
            return True
        found.refuse(tag, against)
    return False


def _tied(tags: Sequence[Tag]) -> Explained:
    shown = ", ".join(shown_tag(tag.name) for tag in tags[:3])
    more = f" and {len(tags) - 3} more" if len(tags) > 3 else ""  # noqa: PLR2004 - as many as are named
    sentence = f"Nothing is chosen: {shown}{more} are of one moment, and nothing tells which is newer"
    return Explained(Reason.NO_CLOCK, sentence)
