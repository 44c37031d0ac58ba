"""Keep back the very tag or image that was turned down, where no order tells what is better than it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.selection.decision import Decision, Explained, Reason
from bot.selection.explanation import Uniform
from bot.selection.rule import Strategy
from bot.selection.times import earliest
from bot.selection.turned_down import nothing_beyond

if TYPE_CHECKING:
    from bot.selection.question import Question
    from bot.selection.rule import Restriction


def kept_back(question: Question, decision: Decision) -> Decision:
    """Select nothing where a decision would bring the very tag or image that was turned down.

    This is for choices without an order: of what is pinned, and of the digest beside a tag that stays.
    """
    restriction = next((each for each in question.turned if _brings(question, decision, each)), None)
    if restriction is None:
        return decision
    why = nothing_beyond(restriction, at_digest=True)
    outcome = Explained(why.reason, f"{why.sentence}.")
    explanation = Uniform(question, outcome, None, Reason.NOT_REACHED, f"was not looked at. {why.sentence}", {})
    until = earliest(decision.reconsider_at, restriction.until)
    return Decision(None, outcome.reason, outcome.sentence, explanation=explanation, reconsider_at=until)


def _brings(question: Question, decision: Decision, restriction: Restriction) -> bool:
    selected, current = decision.selected, question.current
    if selected is None or selected.name != restriction.beyond:
        return False
    if current is not None and (current.name, current.digest) == (selected.name, decision.digest):
        return False
    by_image = question.rule.strategy is Strategy.DIGEST or (current is not None and current.name == selected.name)
    return not by_image or restriction.digest in {None, decision.digest}
