"""Limits: how many pull requests a repository is asked to look at, at once and within an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.bumps import admitted
from bot.policies import Limits
from tests.bumps.situations import NOW

LIMITS = Limits(open_pull_requests=3, new_per_hour=2)


def ago(*minutes: float):
    return [NOW - timedelta(minutes=each) for each in minutes]


@pytest.mark.parametrize(
    ("living", "openings", "waits"),
    [
        (0, (), False),
        (2, (), False),
        (3, (), True),
        (4, (), True),
        (0, (10,), False),
        (0, (10, 20), True),
        (0, (10, 60), False),
        (0, (10, 59.9), True),
        (0, (10, 61, 70, 80), False),
        (0, (0, 0), True),
    ],
)
def test_a_bump_waits_where_a_limit_is_reached(living, openings, waits):
    assert (admitted(LIMITS, living, ago(*openings), NOW) is not None) is waits


@pytest.mark.parametrize(
    ("openings", "minutes"), [((10, 20), 40), ((20, 10), 40), ((5, 10, 20), 50), ((1, 2, 3, 90), 58)]
)
def test_the_hour_tells_when_the_next_one_is_let_in(openings, minutes):
    again_at = admitted(LIMITS, 0, ago(*openings), NOW).again_at

    assert again_at == NOW + timedelta(minutes=minutes)
    assert admitted(LIMITS, 0, ago(*openings), again_at) is None


def test_of_open_ones_nobody_knows_when_one_closes():
    waiting = admitted(LIMITS, 3, ago(10, 20), NOW)

    assert waiting.again_at is None
    assert "3 stand open" in waiting.sentence
    assert "open-pull-requests: 3" in waiting.sentence


def test_the_sentence_names_the_limit_and_the_hour():
    sentence = admitted(LIMITS, 0, ago(10, 20), NOW).sentence

    assert sentence == "It is opened on 2026-05-04 at 12:40 UTC or later: the limit new-per-hour: 2 is reached."


@pytest.mark.parametrize("limits", [Limits(0, 4), Limits(10, 0)])
def test_a_limit_of_none_lets_none_in(limits):
    assert admitted(limits, 0, (), NOW).again_at is None
