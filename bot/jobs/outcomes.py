"""What becomes of work that failed: the outcomes, and the arithmetic of trying again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LONGEST_WAIT: Final = timedelta(hours=1)
MOST_ATTEMPTS: Final = 12  # the waits add up to about two hours and a quarter


@dataclass(frozen=True, slots=True)
class RetryAt:
    """A limit resets at `when` (aware UTC): try again then. Not an attempt, because nothing is wrong."""

    when: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class BackOff:
    """Something failed that may pass: try again after 2**attempts seconds."""

    reason: str


@dataclass(frozen=True, slots=True)
class Again:
    """Try again at once; if that fails too, back off."""

    reason: str


@dataclass(frozen=True, slots=True)
class Drop:
    """There is nothing left to do it for: forget this work."""

    reason: str


@dataclass(frozen=True, slots=True)
class Park:
    """It can never succeed as it is: keep it as dead, for a person to look at."""

    reason: str


Outcome = RetryAt | BackOff | Again | Drop | Park
Classify = Callable[[BaseException], Outcome]


@dataclass(frozen=True, slots=True)
class Move:
    """The work's row moves to `when` with this number of attempts."""

    when: datetime
    attempts: int
    reason: str


def following(outcome: Outcome, attempts: int, *, now: datetime, jitter: float) -> Move | Drop | Park:
    """Say what becomes of the row of work that ended with `outcome` after `attempts` failures before it.

    `jitter` in [0, 1) lengthens a wait by up to a quarter, so that what failed together does not return together.
    """
    match outcome:
        case RetryAt(when, reason):
            return Move(when, attempts, reason)
        case Again(reason) if attempts == 0:
            return Move(now, 1, reason)
        case Again(reason) | BackOff(reason) if attempts >= MOST_ATTEMPTS:
            return Park(f"failed {attempts + 1} times, at last: {reason}")
        case Again(reason) | BackOff(reason):
            return Move(now + _wait(attempts + 1) * (1 + jitter / 4), attempts + 1, reason)
        case _:
            return outcome


def _wait(attempts: int) -> timedelta:
    return min(timedelta(seconds=2**attempts), LONGEST_WAIT)
