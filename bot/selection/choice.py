"""The choice: which of a repository's tags should stand in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.selection import platforms
from bot.selection.decision import Decision, Explained, Fact, Reason
from bot.selection.explanation import LazyExplanation, outside, shown_tag
from bot.selection.rule import examine, standing, version_of
from bot.selection.variants import is_kept

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.images import Platform, Tag
    from bot.selection.rule import Restriction, SelectionRule
    from bot.selection.version import Version

_MOST_REFUSED_IN_A_SENTENCE: Final = 3
_ZERO_BEFORE_NUMBER = re.compile(r"(?:^v?|\.)0[0-9]")


def choose(
    rule: SelectionRule,
    tags: Sequence[Tag],
    *,
    current: Tag | None = None,
    restrictions: Sequence[Restriction] = (),
    now: datetime,  # noqa: ARG001 - part of the contract: ages will be counted from it
) -> Decision:
    """Choose the tag that should stand in the file where `current` stands; None: nothing stands there yet.

    - The newest version that the rule accepts wins, and none older than `current` while the rule accepts `current`.
      Where it does not (the range was narrowed, `current` is no version) the newest acceptable one wins, older or not.
    - Of tags that are the same version (v1.0.0, 1.0.0) the one written like `current` wins: with or without `v`, with
      or without zeros before its numbers. Where that does not tell, the greatest by bytes wins, as with Flux.
    - A candidate must offer every platform of the rule, else of `current`. What is not known of them is `wanted`.
    - A tag with a suffix (1.2.3-alpine) is another variant and no candidate; where one stands, or one of other than
      three numbers, nothing is selected.
    - Without tags nothing is selected. The order of `tags` does not matter.
    """
    if restrictions:
        kinds = ", ".join(sorted({restriction.kind.value for restriction in restrictions}))
        return Decision(None, Reason.NOT_YET_UNDERSTOOD, f"Nothing is chosen: {kinds} is not yet understood.")
    if not tags:
        return Decision(None, Reason.NO_TAGS, "The registry lists no tags.")
    if current is not None and not is_kept(current.name):
        return _left_alone(rule, tags, current)
    fit = None if current is None else standing(rule, current.name)
    floor = None if isinstance(fit, Reason) else fit
    walk = _walk(_contenders(rule, tags, current, floor), platforms.required(rule, current, tags), current)
    selected = walk.taken
    if selected is None and floor is not None and not walk.wanted:
        selected = current
    outcome = _outcome(rule, current, fit, selected, walk)
    explanation = LazyExplanation(rule, tuple(tags), current, selected, outcome, walk.explained())
    return Decision(selected, outcome.reason, outcome.sentence, tuple(walk.wanted), explanation)


def _left_alone(rule: SelectionRule, tags: Sequence[Tag], current: Tag) -> Decision:
    sentence = f"{shown_tag(current.name)} stays: choosing among variants of a tag is not yet understood."
    outcome = Explained(Reason.NOT_YET_UNDERSTOOD, sentence)
    explanation = LazyExplanation(rule, tuple(tags), current, None, outcome, {})
    return Decision(None, outcome.reason, sentence, explanation=explanation)


@dataclass(slots=True)
class _Walk:
    """How far the search from the best candidate downwards came."""

    taken: Tag | None = None
    refused: dict[str, Explained] = field(default_factory=dict)
    wanted: list[tuple[Tag, Fact]] = field(default_factory=list)

    def explained(self) -> dict[str, Explained]:
        """Why each tag that was looked at was not taken."""
        return self.refused | {tag.name: _missing(tag, fact) for tag, fact in self.wanted}


def _contenders(
    rule: SelectionRule, tags: Sequence[Tag], current: Tag | None, floor: Version | None
) -> list[tuple[Version, Tag]]:
    """List the tags that the rule accepts by name and that are newer than `floor`, best first."""
    accepted = []
    for tag in tags:
        version = examine(rule, tag.name)
        if not isinstance(version, Reason) and (floor is None or version > floor):
            accepted.append((version, tag))
    style = None if current is None or version_of(current.name) is None else _style(current.name)
    accepted.sort(key=lambda pair: _by_bytes(pair[1]), reverse=True)
    accepted.sort(key=lambda pair: style is not None and _style(pair[1].name) != style)
    accepted.sort(key=lambda pair: pair[0], reverse=True)
    return accepted


def _style(name: str) -> tuple[bool, bool]:
    return name.startswith("v"), _ZERO_BEFORE_NUMBER.search(name) is not None


def _by_bytes(tag: Tag) -> tuple[str, str, list[str]]:
    return tag.name, tag.digest or "", sorted(str(platform) for platform in tag.platforms or ())


def _walk(contenders: list[tuple[Version, Tag]], required: frozenset[Platform] | None, current: Tag | None) -> _Walk:
    """Take the first contender that offers the required platforms; stop where that cannot be told."""
    walk = _Walk()
    for _, tag in contenders:
        unknown = [tag] if tag.platforms is None and required != frozenset() else []
        if required is None and current is not None:
            unknown.append(current)
        if unknown:
            walk.wanted = [(each, Fact.PLATFORMS) for each in unknown]
            return walk
        lacking = platforms.missing(required or frozenset(), tag.platforms or ())
        if not lacking:
            walk.taken = tag
            return walk
        names = ", ".join(str(platform) for platform in lacking)
        walk.refused[tag.name] = Explained(Reason.PLATFORM_MISSING, f"{shown_tag(tag.name)} lacks {names}")
    return walk


def _missing(tag: Tag, fact: Fact) -> Explained:
    return Explained(Reason.FACT_MISSING, f"The {fact.value} of {shown_tag(tag.name)} are not known yet")


def _outcome(
    rule: SelectionRule, current: Tag | None, fit: Version | Reason | None, selected: Tag | None, walk: _Walk
) -> Explained:
    """Say how the choice came out, and first of all which better tags were refused."""
    if walk.wanted:
        sentences = [_missing(tag, fact).sentence for tag, fact in walk.wanted]
        return Explained(Reason.FACT_MISSING, ". ".join(sentences) + ".")
    reason, sentence = _verdict(rule, current, fit, selected)
    refused = [explained.sentence for explained in walk.refused.values()]
    shown = refused[:_MOST_REFUSED_IN_A_SENTENCE]
    if len(refused) > len(shown):
        shown.append(f"So do {len(refused) - len(shown)} more lack platforms")
    return Explained(reason, ". ".join([sentence, *shown]) + ".")


def _verdict(
    rule: SelectionRule, current: Tag | None, fit: Version | Reason | None, selected: Tag | None
) -> tuple[Reason, str]:
    if selected is None:
        return Reason.NO_MATCH, f"No tag is acceptable in the range {rule.constraint}"
    best = f"{shown_tag(selected.name)} is the newest acceptable tag in the range {rule.constraint}"
    if current is None:
        return Reason.BEST, best
    present = shown_tag(current.name)
    if selected.name == current.name:
        return Reason.CURRENT_IS_BEST, f"{present} stays: nothing newer is acceptable in the range {rule.constraint}"
    if _is_newer(selected, current):
        return Reason.NEWER, f"{best}; {present} stands in the file"
    why = outside(rule, current.name, fit).sentence if isinstance(fit, Reason) else present
    return Reason.CURRENT_UNFIT, f"{best}, and replaces what stands in the file: {why}"


def _is_newer(selected: Tag, current: Tag) -> bool:
    before, after = version_of(current.name), version_of(selected.name)
    return before is not None and after is not None and after > before
