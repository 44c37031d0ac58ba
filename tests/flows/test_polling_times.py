"""When an image is asked for next: laws of the moments, for any clock, interval and name."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.flows.polling_times import next_poll

NOWS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
INTERVALS = st.integers(60, 7 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@given(NOWS, INTERVALS, st.text())
def test_the_next_poll_is_half_an_interval_away_at_least_and_one_and_a_half_at_most(
    now: datetime, interval: timedelta, name: str
) -> None:
    assert interval / 2 <= next_poll(now, interval, name) - now < interval * 3 / 2


@given(NOWS, INTERVALS, st.text())
def test_polls_follow_each_other_an_interval_apart(now: datetime, interval: timedelta, name: str) -> None:
    first = next_poll(now, interval, name)
    assert next_poll(first, interval, name) - first == interval


@given(NOWS, INTERVALS, st.text(), st.floats(0, 0.49))
def test_a_poll_that_is_late_does_not_move_the_ones_after_it(
    now: datetime, interval: timedelta, name: str, late: float
) -> None:
    due = next_poll(now, interval, name)
    assert next_poll(due + late * interval, interval, name) == due + interval


def test_many_images_are_spread_over_the_interval() -> None:
    now, interval = datetime(2026, 1, 1, tzinfo=UTC), timedelta(minutes=5)
    waits = [next_poll(now, interval, f"ghcr.io/acme/{number}") - now for number in range(1000)]
    tenths = [int(wait / interval * 10) for wait in waits]
    assert all(60 < tenths.count(tenth) < 140 for tenth in set(tenths))
