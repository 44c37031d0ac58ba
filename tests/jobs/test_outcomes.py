"""The arithmetic of trying again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs import Again, BackOff, Drop, Park, RetryAt
from bot.jobs.outcomes import LONGEST_WAIT, Move, following

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)


def in_seconds(seconds, attempts, reason="it failed"):
    return Move(NOW + timedelta(seconds=seconds), attempts, reason)


@pytest.mark.parametrize(
    ("outcome", "attempts", "expected"),
    [
        (BackOff("it failed"), 0, in_seconds(2, 1)),
        (BackOff("it failed"), 1, in_seconds(4, 2)),
        (BackOff("it failed"), 10, in_seconds(2048, 11)),
        (BackOff("it failed"), 11, in_seconds(3600, 12)),
        (BackOff("it failed"), 12, Park("failed 13 times, at last: it failed")),
        (Again("it failed"), 0, in_seconds(0, 1)),
        (Again("it failed"), 1, in_seconds(4, 2)),
        (Again("it failed"), 12, Park("failed 13 times, at last: it failed")),
        (RetryAt(LATER, "a limit"), 0, Move(LATER, 0, "a limit")),
        (RetryAt(LATER, "a limit"), 12, Move(LATER, 12, "a limit")),
        (Drop("not installed"), 3, Drop("not installed")),
        (Park("no sense"), 3, Park("no sense")),
    ],
)
def test_what_follows_an_outcome(outcome, attempts, expected):
    assert following(outcome, attempts, now=NOW, jitter=0.0) == expected


@given(st.integers(0, 11), st.floats(0, 1, exclude_max=True))
def test_jitter_only_lengthens_a_wait_and_by_less_than_a_quarter(attempts, jitter):
    plain = following(BackOff("it failed"), attempts, now=NOW, jitter=0.0)
    moved = following(BackOff("it failed"), attempts, now=NOW, jitter=jitter)
    assert plain.when <= moved.when <= plain.when + LONGEST_WAIT / 4
    assert moved.attempts == attempts + 1
