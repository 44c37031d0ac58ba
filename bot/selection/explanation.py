"""Why each tag was not selected, worked out only when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.images import is_tag, quoted
from bot.selection.decision import Explained, Reason
from bot.selection.rule import examine, standing, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bot.images import Tag
    from bot.selection.rule import SelectionRule
    from bot.selection.version import Version

_OUTSIDE: Final[Mapping[Reason, str]] = {
    Reason.EXCLUDED: "{tag} is excluded by one of the patterns {exclude}",
    Reason.NOT_A_VERSION: "{tag} is not a version of three numbers",
    Reason.OUT_OF_RANGE: "{tag} is not in the range {range}",
    Reason.PRE_RELEASE: "{tag} is a pre-release; the range {range} names none and so lets none in",
    Reason.OTHER_VARIANT: "{tag} is another variant: it has a suffix",
}


@dataclass(frozen=True, slots=True)
class LazyExplanation:
    """What a choice knew: enough to tell later of any tag why it was not selected.

    `walked` holds the candidates that were looked at and not taken, by name, with why.
    """

    rule: SelectionRule
    tags: Sequence[Tag]
    current: Tag | None
    selected: Tag | None
    outcome: Explained
    walked: Mapping[str, Explained]

    def rejected(self) -> Iterator[tuple[Tag, Explained]]:
        """Every tag that was not selected, newest version first, then those that are no versions, by name."""
        spared = self.selected or self.current
        for tag in _newest_first(self.tags):
            if spared is None or tag.name != spared.name:
                yield tag, self._explain(tag.name)

    def of(self, name: str) -> Explained | None:
        """Why the tag `name` was or was not selected; None when neither the registry nor the file has it."""
        is_current = self.current is not None and self.current.name == name
        if is_current or any(tag.name == name for tag in self.tags):
            return self._explain(name)
        return None

    def _explain(self, name: str) -> Explained:
        if self.selected is not None and name == self.selected.name:
            return self.outcome
        if name in self.walked:
            return self.walked[name]
        is_current = self.current is not None and self.current.name == name
        found = standing(self.rule, name) if is_current else examine(self.rule, name)
        if isinstance(found, Reason):
            return outside(self.rule, name, found)
        return self._passed_over(name, found)

    def _passed_over(self, name: str, version: Version) -> Explained:
        """Explain a tag that the rule accepts and that another one came before."""
        shown = shown_tag(name)
        if self.selected is None:
            return self._not_reached(name)
        best = shown_tag(self.selected.name)
        if version == version_of(self.selected.name):
            return Explained(Reason.SAME_VERSION, f"{shown} is the same version as {best}")
        is_current = self.current is not None and self.current.name == self.selected.name
        reason = Reason.OLDER_THAN_CURRENT if is_current else Reason.OLDER_THAN_SELECTED
        return Explained(reason, f"{shown} is older than {best}")

    def _not_reached(self, name: str) -> Explained:
        shown = shown_tag(name)
        if self.current is not None and self.current.name == name:
            return Explained(self.outcome.reason, f"{shown} stands in the file. {self.outcome.sentence}")
        return Explained(Reason.NOT_REACHED, f"{shown} was not looked at. {self.outcome.sentence}")


def outside(rule: SelectionRule, name: str, reason: Reason) -> Explained:
    """Put into a sentence why `rule` does not accept a tag by its name."""
    patterns = ", ".join(quoted(pattern) for pattern in rule.exclude)
    sentence = _OUTSIDE[reason].format(tag=shown_tag(name), range=rule.constraint, exclude=patterns)
    return Explained(reason, sentence)


def shown_tag(name: str) -> str:
    """Show a tag in a sentence: as it is where it is a tag by grammar, else quoted and escaped."""
    return name if is_tag(name) else quoted(name)


def _newest_first(tags: Sequence[Tag]) -> list[Tag]:
    versions = [(version, tag) for tag in tags if (version := version_of(tag.name)) is not None]
    others = [tag for tag in tags if version_of(tag.name) is None]
    versions.sort(key=lambda pair: pair[1].name)
    versions.sort(key=lambda pair: pair[0], reverse=True)
    return [tag for _, tag in versions] + sorted(others, key=lambda tag: tag.name)
