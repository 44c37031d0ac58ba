"""One sentence on a verdict: why the image is promoted, why not, or what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.promotion.verdicts import Outcome
from bot.promotion.wording import counted, listed
from bot.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.promotion.verdicts import Judged

LONGEST_SENTENCE: Final = 600


def summed_up(outcome: Outcome, judged: Sequence[Judged], pending: Sequence[str], excuses: Sequence[str] = ()) -> str:
    """Say why a verdict is as it is, by the first criterion that makes it so.

    pending: what is still being made. excuses: for each vulnerability that was left out, who says that it does no harm.
    """
    if outcome is Outcome.TRUE:
        return plain(f"{_agreed(len(judged))}{_excused(excuses)}", LONGEST_SENTENCE)
    deciding = _deciding(next(each for each in judged if each.outcome is outcome))
    if outcome is Outcome.FALSE:
        return plain(f'The criterion "{deciding.criterion}" does not hold: {deciding.seen}.', LONGEST_SENTENCE)
    waiting = f'Whether the criterion "{deciding.criterion}" holds is not known yet: {deciding.seen}.'
    return plain(" ".join([waiting, *pending[:1]]), LONGEST_SENTENCE)


def _agreed(criteria: int) -> str:
    if not criteria:
        return "The promotion has no criteria, so each tag is promoted."
    return "The criterion holds." if criteria == 1 else f"All {criteria} criteria hold."


def _excused(excuses: Sequence[str]) -> str:
    if not excuses:
        return ""
    left_out = counted(len(excuses), "vulnerability is", "vulnerabilities are")
    return f" {left_out} left out, not affected or fixed by VEX of {listed(list(dict.fromkeys(excuses)), 3)}."


def _deciding(judged: Judged) -> Judged:
    """Give the criterion itself, not the group that it stands in, where one alone decides."""
    inner = [each for each in judged.inner if each.outcome is judged.outcome]
    return _deciding(inner[0]) if len(inner) == 1 else judged
