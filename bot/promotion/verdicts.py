"""What comes of judging an image: true, false or unknown, with every criterion, what was seen and where it is from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.promotion.evidence import Refused


class Outcome(Enum):
    """Whether a criterion holds. UNKNOWN: what it asks about is not known, so nothing is promoted for it."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


_RANK: Final = {Outcome.FALSE: 0, Outcome.UNKNOWN: 1, Outcome.TRUE: 2}


def outcome_of(holds: bool) -> Outcome:
    """Turn what is known for certain into an outcome."""
    return Outcome.TRUE if holds else Outcome.FALSE


def all_hold(outcomes: Iterable[Outcome]) -> Outcome:
    """Join by "and" in Kleene's strong logic of three values: the least of them; TRUE where there are none."""
    return min(outcomes, key=_RANK.__getitem__, default=Outcome.TRUE)


def any_holds(outcomes: Iterable[Outcome]) -> Outcome:
    """Join by "or" in Kleene's strong logic of three values: the greatest of them; FALSE where there are none."""
    return max(outcomes, key=_RANK.__getitem__, default=Outcome.FALSE)


def opposite(outcome: Outcome) -> Outcome:
    """Negate in Kleene's strong logic of three values: UNKNOWN stays."""
    return {Outcome.TRUE: Outcome.FALSE, Outcome.FALSE: Outcome.TRUE}.get(outcome, Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion and what became of it.

    criterion: in words, such as "vulnerabilities: critical at most 0". seen: the value, in words, on one line. sources:
    where it is from. inner: the criteria that an `any` or `all` joins, in the order of the policy file.
    """

    criterion: str
    outcome: Outcome
    seen: str = ""
    sources: tuple[str, ...] = ()
    inner: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a promotion's criteria say of one image.

    judged: the criteria of `when`, in order, all of which must hold. sentence: why, in one. refused: documents that
    counted for nothing. pending: sentences on what is still being made.
    """

    outcome: Outcome
    judged: tuple[Judged, ...]
    sentence: str
    refused: tuple[Refused, ...] = ()
    pending: tuple[str, ...] = ()
