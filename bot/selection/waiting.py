"""A decision that is made but for a fact: nothing is selected until whoever asked has told it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.selection.decision import Decision, Fact, Reason
from bot.selection.explanation import Waiting
from bot.selection.walk import missing_fact

if TYPE_CHECKING:
    from bot.images import Tag


def waiting(decision: Decision, tag: Tag, wanted: tuple[tuple[Tag, Fact], ...]) -> Decision:
    """Select nothing while something must be asked for before `tag`, which `decision` would select, may be taken."""
    whys = [missing_fact(each, fact) for each, fact in wanted]
    sentence = ". ".join(why.sentence for why in whys) + "."
    explanation = decision.explanation and Waiting(decision.explanation, tag, whys[0])
    return replace(
        decision,
        selected=None,
        reason=Reason.FACT_MISSING,
        sentence=sentence,
        wanted=wanted,
        explanation=explanation,
        digest=None,
        update=None,
    )
