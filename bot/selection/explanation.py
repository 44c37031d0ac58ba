"""Why each tag was not selected, worked out only when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.selection.decision import Explained, Reason
from bot.selection.platforms import required
from bot.selection.walk import lacking, obstacle
from bot.selection.wording import shown_tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.images import Tag
    from bot.selection.contest import Contest
    from bot.selection.decision import Explanation
    from bot.selection.obstacles import Obstacle
    from bot.selection.question import Question


@dataclass(frozen=True, slots=True)
class Uniform:
    """One reason for every tag but one (`spared`, None: for all): nothing was compared.

    `said` is the sentence without the tag that it begins with. `walked` holds tags with reasons of their own.
    """

    question: Question
    outcome: Explained
    spared: str | None
    reason: Reason
    said: str
    walked: Mapping[str, Explained]

    def rejected(self) -> Iterator[tuple[Tag, Explained]]:
        """Every tag but the spared one, by name."""
        for name in sorted(self.question.tags, reverse=True):
            if name != self.spared:
                yield self.question.tags[name], self._explain(name)

    def of(self, name: str) -> Explained | None:
        """Why the tag `name` was or was not selected; None when neither the registry nor the file has it."""
        return self._explain(name) if _is_there(self.question, name) else None

    def _explain(self, name: str) -> Explained:
        if name == self.spared:
            return self.outcome
        current = self.question.current
        if current is not None and current.name == name and self.spared is None:
            return Explained(self.outcome.reason, f"{shown_tag(name)} stands in the file. {self.outcome.sentence}")
        return self.walked.get(name) or Explained(self.reason, f"{shown_tag(name)} {self.said}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """The reasons of a choice that is made but for a fact about `tag`, the one that it would select."""

    others: Explanation
    tag: Tag
    why: Explained

    def rejected(self) -> Iterator[tuple[Tag, Explained]]:
        """Every tag, the one that waits first."""
        yield self.tag, self.why
        yield from self.others.rejected()

    def of(self, name: str) -> Explained | None:
        """Why the tag `name` was not selected; None when neither the registry nor the file has it."""
        return self.why if name == self.tag.name else self.others.of(name)


@dataclass(frozen=True, slots=True)
class LazyExplanation:
    """What a choice knew: enough to tell later of any tag why it was not selected.

    `walked` holds candidates that were looked at and not taken, by name, with why.
    """

    question: Question
    contest: Contest
    selected: Tag | None
    outcome: Explained
    walked: Mapping[str, Explained]

    def rejected(self) -> Iterator[tuple[Tag, Explained]]:
        """Every tag that was not selected, the best first, then those that stand in no order, by name."""
        for tag in self.contest.ranked():
            if self.selected is None or tag.name != self.selected.name:
                yield tag, self._explain(tag.name)

    def of(self, name: str) -> Explained | None:
        """Why the tag `name` was or was not selected; None when neither the registry nor the file has it."""
        return self._explain(name) if _is_there(self.question, name) else None

    def _explain(self, name: str) -> Explained:
        if self.selected is not None and name == self.selected.name:
            return self.outcome
        if name in self.walked:
            return self.walked[name]
        current = self.question.current
        if current is not None and current.name == name and self.contest.unfit is not None:
            return self.contest.unfit
        behind = self.contest.aside(name) or self._behind(name)
        if behind is not None:
            return behind
        against = self._against(name)
        return self._not_reached(name) if against is None else against.why

    def _against(self, name: str) -> Obstacle | None:
        tag = self.question.tags.get(name)
        if tag is None:
            return None
        against = obstacle(self.question, self.contest, tag)
        if against is not None or tag.platforms is None:
            return against
        return lacking(required(self.question) or frozenset(), tag)

    def _behind(self, name: str) -> Explained | None:
        return None if self.selected is None else self.contest.compared(name, self.selected)

    def _not_reached(self, name: str) -> Explained:
        shown = shown_tag(name)
        if self.question.current is not None and self.question.current.name == name:
            return Explained(self.outcome.reason, f"{shown} stands in the file. {self.outcome.sentence}")
        return Explained(Reason.NOT_REACHED, f"{shown} was not looked at. {self.outcome.sentence}")


def _is_there(question: Question, name: str) -> bool:
    return name in question.tags or (question.current is not None and question.current.name == name)
