"""When nothing is chosen at all: the image is held or snoozed, or its tags are not all known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.selection.decision import Decision, Explained, Reason
from bot.selection.explanation import Uniform
from bot.selection.obstacles import is_about_a_tag
from bot.selection.rule import RestrictionKind
from bot.selection.wording import because, moment

if TYPE_CHECKING:
    from bot.selection.question import Question
    from bot.selection.rule import Restriction

_HALTING: Final = {
    RestrictionKind.HOLD: (Reason.HELD, "The image is held"),
    RestrictionKind.SNOOZE: (Reason.SNOOZED, "The image is snoozed"),
    RestrictionKind.QUARANTINE: (Reason.QUARANTINED, "The image is in quarantine"),
    RestrictionKind.IGNORE: (Reason.IGNORED, "The image is ignored"),
}


def halted(question: Question, *, complete: bool) -> Decision | None:
    """Give the decision that nothing is chosen, with why; None when there is something to choose from."""
    for kind, (reason, said) in _HALTING.items():
        for restriction in question.restrictions:
            if restriction.kind is kind and not is_about_a_tag(restriction):
                return _decision(question, Explained(reason, f"{said}{_until(restriction)}."), restriction)
    if not complete:
        return _decision(question, Explained(Reason.INCOMPLETE, "Not all tags could be listed, so none is chosen."))
    if not question.tags:
        return Decision(None, Reason.NO_TAGS, "The registry lists no tags.")
    return None


def _until(restriction: Restriction) -> str:
    until = "" if restriction.until is None else f" until {moment(restriction.until)}"
    return f"{until}{because(restriction.reason)}"


def _decision(question: Question, outcome: Explained, restriction: Restriction | None = None) -> Decision:
    said = f"was not looked at. {outcome.sentence.removesuffix('.')}"
    explanation = Uniform(question, outcome, None, Reason.NOT_REACHED, said, {})
    until = None if restriction is None else restriction.until
    return Decision(None, outcome.reason, outcome.sentence, explanation=explanation, reconsider_at=until)
