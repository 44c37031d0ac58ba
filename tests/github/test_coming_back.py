"""Writers that were sent away are told times of their own, so that they do not all come back at once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.coming_back import CONTENT_GAP, FARTHEST, ComingBack

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
GAP = timedelta(seconds=1)


def told(count, after, *, content=False, back=None):
    row = back or ComingBack()
    place = NOW + timedelta(seconds=after)
    return [(row.when(1, NOW, place, GAP, content=content) - NOW).total_seconds() for _ in range(count)]


@pytest.mark.parametrize(
    ("after", "content", "expected"),
    [
        (60, False, [60, 61, 62]),
        (60, True, [60, 61, 62]),
        (6, False, [6, 7, 8]),
        (10, True, [10, 20, 30]),
    ],
    ids=["a hold", "a hold of new content", "others write", "new content is limited"],
)
async def test_each_is_told_a_time_after_the_one_before(after, content, expected):
    assert told(3, after, content=content) == expected


async def test_what_was_told_before_the_next_free_place_counts_no_more():
    back = ComingBack()
    told(5, 6, back=back)
    assert told(2, 60, back=back) == [60, 61]


async def test_installations_are_told_apart():
    back = ComingBack()
    first, second = (back.when(number, NOW, NOW + GAP * 6, GAP, content=False) for number in (1, 2))
    assert first == second


async def test_new_content_and_other_writes_are_told_apart():
    back = ComingBack()
    told(10, 10, content=True, back=back)
    assert told(1, 10, back=back) == [10]


@given(
    st.lists(st.tuples(st.floats(0, 600), st.floats(5, 3600), st.booleans()), min_size=1, max_size=300),
)
def test_nobody_is_told_to_come_before_the_place_or_much_later(asked):
    back, now = ComingBack(), NOW
    for passed, after, content in asked:
        now += timedelta(seconds=passed)
        place = now + timedelta(seconds=after)
        assert place <= back.when(1, now, place, GAP, content=content) <= place + FARTHEST


async def test_nobody_is_sent_farther_than_half_an_hour_behind():
    crowd = told(1000, 10, content=True)
    assert crowd[-1] == 10 + FARTHEST.total_seconds()
    assert len(set(crowd)) == FARTHEST / CONTENT_GAP + 1
