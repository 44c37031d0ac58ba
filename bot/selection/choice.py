"""The choice: which of a repository's tags should stand in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from bot.selection.decision import Decision, Explained, Fact, Reason
from bot.selection.digests import with_digest
from bot.selection.explanation import LazyExplanation, Uniform
from bot.selection.halting import halted
from bot.selection.keeping_back import kept_back
from bot.selection.listing import Listing
from bot.selection.newest import Newest
from bot.selection.pinned import choose_pinned, pinned, without_pin
from bot.selection.question import Question, in_force
from bot.selection.ranked import Ranked
from bot.selection.rule import Strategy
from bot.selection.times import earliest
from bot.selection.tracked import choose_tracked
from bot.selection.turned_down import nothing_beyond, set_apart, turned_tag
from bot.selection.walk import missing_fact, walk
from bot.selection.wording import best, nothing_acceptable, nothing_better, shown_tag

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from bot.images import Tag
    from bot.selection.pinned import Pin
    from bot.selection.rule import Restriction, SelectionRule
    from bot.selection.walk import Walk

_MOST_REFUSED_IN_A_SENTENCE: Final = 3


def choose(
    rule: SelectionRule,
    tags: Sequence[Tag],
    *,
    current: Tag | None = None,
    restrictions: Sequence[Restriction] = (),
    complete: bool = True,
    now: datetime,
) -> Decision:
    """Choose the tag that should stand in the file where `current` stands; None: nothing stands there yet.

    `current.digest` is the digest that stands beside it in the file. `restrictions` are those laid upon this image.
    `complete` False: not all tags could be listed. `now` has a time zone; ages are counted from it.

    - The best tag that the rule accepts wins, and none older than `current` while the rule accepts `current`. Where it
      does not (the range was narrowed, `current` is no version) the best acceptable one wins, older or not.
    - Of tags that are the same version (1.0.0, 1.00.0) the one written like `current` wins: with or without `v`, with
      or without zeros before its numbers. Where that does not tell, and for all other ties, the greatest by bytes wins.
    - A candidate must offer every platform of the rule, else of `current`. What is not known of them is `wanted`.
    - What a person laid upon the image comes first: nothing is chosen while it is held or snoozed, what is pinned wins,
      what is ignored or in quarantine is not proposed. A `current` that is ignored still stands.
    - What was turned down (`Restriction.beyond`) is a candidate, listed or not: while it would win, or would be better
      than what wins, nothing is chosen. A pin with `beyond` counts until something better than that would be chosen.
    - Without tags, and where not all could be listed, nothing is selected. The order of `tags` does not matter.
    """
    question = set_apart(Question(rule, Listing(tags), current, in_force(restrictions, now), now))
    halt = halted(question, complete=complete)
    if halt is not None:
        return halt
    return _chosen(question)


def _chosen(question: Question) -> Decision:
    pin = pinned(question)
    if pin is None:
        return kept_back(question, _choose_freely(question))
    if pin.restriction is None:
        return kept_back(question, choose_pinned(question, pin))
    return choose_pinned(question, pin) if pin.restriction.beyond is None else _pinned_or_better(question, pin)


def _choose_freely(question: Question) -> Decision:
    if question.rule.strategy is Strategy.DIGEST:
        return choose_tracked(question)
    if question.rule.strategy is Strategy.NEWEST_BUILD:
        return _choose_newest(question)
    contest = Ranked(question)
    alone = contest.left_alone()
    return _judged(question, contest) if alone is None else _nothing(question, alone)


def _pinned_or_better(question: Question, pin: Pin) -> Decision:
    """Choose what would be chosen without the pin where that is better than what the pin was laid against.

    While a fact is missing to tell, the pin counts until it stands in the file; then the fact is asked for.
    """
    assert pin.restriction is not None
    free = _chosen(without_pin(question, pin.restriction))
    if (free.wanted and _stands(question, pin)) or _is_beyond(question, free.selected, pin.restriction):
        return free
    decision = choose_pinned(question, pin)
    return replace(decision, reconsider_at=earliest(decision.reconsider_at, free.reconsider_at))


def _stands(question: Question, pin: Pin) -> bool:
    current = question.current
    return current is not None and pin.tag in {None, current.name} and pin.digest in {None, current.digest}


def _is_beyond(question: Question, selected: Tag | None, restriction: Restriction) -> bool:
    """Whether a tag is better than the one that was turned down; where tags have no order, none is."""
    if selected is None or question.rule.strategy is Strategy.DIGEST:
        return False
    contest = Newest(question) if question.rule.strategy is Strategy.NEWEST_BUILD else Ranked(question)
    return contest.is_better(selected, turned_tag(question, restriction))


def _choose_newest(question: Question) -> Decision:
    contest = Newest(question)
    unknown = contest.unknown()
    if unknown:
        first = unknown[0]
        more = f", and of {len(unknown) - 1} more" if len(unknown) > 1 else ""
        sentence = f"{missing_fact(first, Fact.CREATED_AT).sentence}{more}"
        asked = tuple((tag, Fact.CREATED_AT) for tag in unknown)
        return _nothing(question, Explained(Reason.FACT_MISSING, sentence), asked)
    untimed = contest.untimed()
    return _judged(question, contest) if untimed is None else _nothing(question, untimed)


def _nothing(question: Question, why: Explained, wanted: tuple[tuple[Tag, Fact], ...] = ()) -> Decision:
    sentence = f"{why.sentence}."
    said = f"was not compared. {why.sentence}"
    explanation = Uniform(question, Explained(why.reason, sentence), None, Reason.NOT_REACHED, said, {})
    return Decision(None, why.reason, sentence, wanted, explanation)


def _judged(question: Question, contest: Ranked | Newest) -> Decision:
    """Walk to the best candidate that may be taken, and say how it came out."""
    found = walk(question, contest)
    is_fit = question.current is not None and contest.unfit is None
    selected = found.taken
    if selected is None and is_fit and not found.wanted and found.stuck is None and found.floor.tag is None:
        selected = question.current
    outcome = _outcome(question, contest, selected, found)
    explanation = LazyExplanation(question, contest, selected, outcome, found.explained())
    decision = Decision(
        selected, outcome.reason, outcome.sentence, tuple(found.wanted), explanation, reconsider_at=found.reconsider_at
    )
    if selected is None:
        return decision
    moved = question.current is None or selected.name != question.current.name
    kind = contest.kind(selected) if moved and question.current is not None else None
    return with_digest(question, decision, selected, kind)


def _outcome(question: Question, contest: Ranked | Newest, selected: Tag | None, found: Walk) -> Explained:
    """Say how the choice came out, and first of all which better tags were refused."""
    if found.wanted:
        sentences = [missing_fact(tag, fact).sentence for tag, fact in found.wanted]
        return Explained(Reason.FACT_MISSING, ". ".join(sentences) + ".")
    if found.stuck is not None:
        return Explained(found.stuck.reason, f"{found.stuck.sentence}.")
    reason, sentence = _verdict(question, contest, selected, found)
    shown = [explained.sentence for explained in found.refused.values()][:_MOST_REFUSED_IN_A_SENTENCE]
    if found.count > len(shown):
        more = found.count - len(shown)
        shown.append("1 more was refused" if more == 1 else f"{more} more were refused")
    return Explained(reason, ". ".join([sentence, *shown]) + ".")


def _verdict(question: Question, contest: Ranked | Newest, selected: Tag | None, found: Walk) -> tuple[Reason, str]:
    rule, current = question.rule, question.current
    if selected is None and found.floor.restriction is not None:
        turned = nothing_beyond(found.floor.restriction)
        return turned.reason, turned.sentence
    if selected is None:
        return Reason.NO_MATCH, nothing_acceptable(rule)
    if current is None:
        return Reason.BEST, best(rule, selected.name)
    if selected.name == current.name:
        return Reason.CURRENT_IS_BEST, nothing_better(rule, current.name) + _company(contest)
    if contest.is_newer(selected):
        return Reason.NEWER, f"{best(rule, selected.name)}; {shown_tag(current.name)} stands in the file"
    why = shown_tag(current.name) if contest.unfit is None else contest.unfit.sentence
    return Reason.CURRENT_UNFIT, f"{best(rule, selected.name)}, and replaces what stands in the file: {why}"


def _company(contest: Ranked | Newest) -> str:
    """Say that others came together with the tag in the file, so that it may not be the newest."""
    count = contest.company() if isinstance(contest, Newest) else 0
    if not count:
        return ""
    others = "1 other is" if count == 1 else f"{count} others are"
    return f"; {others} of the same moment, and nothing tells which of them is newer"
