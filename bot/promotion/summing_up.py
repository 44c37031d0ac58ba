"""One sentence on a verdict: why the image is promoted, why not, or what it waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.promotion.verdicts import Judged, Outcome
from bot.promotion.wording import counted
from bot.safe_text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST_SENTENCE: Final = 600


def summed_up(outcome: Outcome, judged: Sequence[Judged], pending: Sequence[str]) -> str:
    """Say why a verdict is as it is, by the first criterion that makes it so. pending: what is still being made."""
    if outcome is Outcome.TRUE:
        return _agreed(len(judged))
    reason = _reason(next(each for each in judged if each.outcome is outcome), outcome)
    if outcome is Outcome.FALSE:
        return plain(f"The image is not promoted. {reason}", LONGEST_SENTENCE)
    coming = f" {pending[0]}" if pending else ""
    return plain(f"The image waits: not all is known yet. {reason}{coming}", LONGEST_SENTENCE)


def _agreed(criteria: int) -> str:
    if not criteria:
        return "The promotion has no criteria, so each tag is promoted."
    return f"{counted(criteria, 'criterion', 'criteria')} {'holds' if criteria == 1 else 'hold'}."


def _reason(judged: Judged, outcome: Outcome) -> str:
    """Name the criterion itself, not the group that it stands in, where one decides."""
    inner = [each for each in judged.inner if each.outcome is outcome]
    if len(inner) == 1:
        return _reason(inner[0], outcome)
    return f"{judged.criterion}: {judged.seen}."
