"""Until when somebody wants no news."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.moments import LONGEST, InvalidMoment, read_moment

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3d", datetime(2026, 11, 24, 10, 30, tzinfo=UTC)),
        ("2w", datetime(2026, 12, 5, 10, 30, tzinfo=UTC)),
        ("90m", datetime(2026, 11, 21, 12, 0, tzinfo=UTC)),
        ("1d12h", datetime(2026, 11, 22, 22, 30, tzinfo=UTC)),
        ("52w", datetime(2027, 11, 20, 10, 30, tzinfo=UTC)),
        ("2026-11-22", datetime(2026, 11, 22, tzinfo=UTC)),
        ("2027-11-22", datetime(2027, 11, 22, tzinfo=UTC)),
    ],
)
def test_a_length_of_time_or_a_day(text: str, moment: datetime) -> None:
    assert read_moment(text, NOW) == moment


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-21", "not in the future"),
        ("2020-01-01", "not in the future"),
        ("0d", "not in the future"),
        ("367d", "more than a year"),
        ("999999w", "more than a year"),
        ("2027-11-23", "more than a year"),
        ("9999-12-31", "more than a year"),
        ("2027-02-30", "no day of the calendar"),
        ("0000-01-01", "no day of the calendar"),
        ("9999999w", "neither"),
        ("3", "neither"),
        ("3 d", "neither"),
        ("-3d", "neither"),
        ("3D", "neither"),
        ("\N{ARABIC-INDIC DIGIT THREE}d", "neither"),
        ("tomorrow", "neither"),
        ("31.12.2026", "neither"),
        ("2026-12-31T10:00", "neither"),
        ("1d" * 50, "neither"),
        ("", "neither"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    with pytest.raises(InvalidMoment, match=said):
        read_moment(text, NOW)


def test_a_length_counts_from_now_whatever_its_time_zone() -> None:
    assert read_moment("1h", NOW.astimezone(timezone(timedelta(hours=9)))) == NOW + timedelta(hours=1)


@given(st.text("0123456789mhdw-", max_size=25))
def test_a_moment_is_in_the_future_and_within_a_year(text: str) -> None:
    try:
        moment = read_moment(text, NOW)
    except InvalidMoment:
        return
    assert NOW < moment <= NOW + LONGEST
