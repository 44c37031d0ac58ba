"""Handling gives way to the doors in a burst, and only then."""

import pytest

from bot.flows.delivery import LONGEST_REST_SECONDS, rest_after


@pytest.mark.parametrize("arrived", [100, 101, 5000])
def test_handling_that_cannot_keep_up_takes_a_quarter_of_the_time(arrived: int) -> None:
    assert rest_after(handled=100, arrived=arrived, seconds=0.04) == pytest.approx(3 * 0.04)


@pytest.mark.parametrize(("handled", "arrived"), [(100, 0), (100, 99), (2, 1), (0, 0), (0, 7)])
def test_handling_that_keeps_up_does_not_rest(handled: int, arrived: int) -> None:
    assert rest_after(handled, arrived, seconds=0.04) == 0


def test_a_batch_that_took_long_is_followed_by_a_short_rest_all_the_same() -> None:
    assert rest_after(handled=100, arrived=100, seconds=20) == LONGEST_REST_SECONDS
