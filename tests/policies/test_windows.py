"""When the bot may merge: how a window is written, and when it is open."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies import Window

EVERY_DAY = frozenset(range(7))
DAYS = "`days` is written in mon, tue, wed, thu, fri, sat, sun and spans of them such as mon-fri, not"
HOURS = '`hours` is written as "09:00-17:00", from 00:00 to 24:00, not'
ZONE = "`timezone` is a time zone such as Europe/Berlin or UTC, not"


@pytest.fixture(scope="session")
def window_of(load_policy):
    def build(keys: str) -> Window:
        return load_policy(f"pull-request: {{auto-merge: {{window: {{{keys}}}}}}}").pull_request.auto_merge.window

    return build


def test_a_window_without_days_is_of_every_day(window_of):
    assert window_of('hours: "09:00-17:00"') == Window(EVERY_DAY, time(9), time(17), "UTC")


def test_a_window_without_hours_is_of_the_whole_day(window_of):
    window = window_of("days: mon, timezone: Europe/Berlin")

    assert window == Window(frozenset({0}), time(0), time(0), "Europe/Berlin")
    assert window.is_open(datetime(2026, 11, 22, 23, 0, tzinfo=UTC))
    assert not window.is_open(datetime(2026, 11, 22, 22, 59, tzinfo=UTC))
    assert not window.is_open(datetime(2026, 11, 23, 23, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("'mon,wed,sat-sun'", {0, 2, 5, 6}),
        ("'mon, wed , sat - sun'", {0, 2, 5, 6}),
        ("fri-mon", {4, 5, 6, 0}),
        ("sun-sat", EVERY_DAY),
        ("mon-mon", {0}),
        ("Tue", {1}),
        ("[mon, 'wed,fri-sat']", {0, 2, 4, 5}),
    ],
)
def test_days_are_days_and_spans_of_them(window_of, written, days):
    assert window_of(f"days: {written}").days == days


@pytest.mark.parametrize(
    ("written", "begins", "ends"),
    [
        ("09:00-17:00", time(9), time(17)),
        ("22:00-06:00", time(22), time(6)),
        ("00:00-24:00", time(0), time(0)),
        ("09:30-24:00", time(9, 30), time(0)),
        ("12:00-00:00", time(12), time(0)),
    ],
)
def test_hours_begin_and_end(window_of, written, begins, ends):
    window = window_of(f"hours: {written}")

    assert (window.begins, window.ends) == (begins, ends)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_zone_is_one_of_the_tz_database(window_of, zone):
    assert window_of(f"days: mon, timezone: {zone}").timezone == zone


@pytest.mark.parametrize(
    ("window", "column", "message"),
    [
        ("at night", 41, "`window` is a mapping of keys"),
        ("{}", 41, "`window` names neither `days` nor `hours`; name one of them or leave the key out"),
        ("{timezone: UTC}", 41, "`window` names neither `days` nor `hours`; name one of them or leave the key out"),
        ("{day: mon}", 42, "`day` is not a key of `window`; did you mean `days`?"),
        ("{days: monday}", 48, f"{DAYS} 'monday'"),
        ("{days: mon-}", 48, f"{DAYS} 'mon-'"),
        ("{days: 'mon,,tue'}", 48, f"{DAYS} ''"),
        ("{days: []}", 48, "`days` is empty; name a day or leave the key out"),
        ("{days: [mon, [tue]]}", 48, "`days` is a text, not a list or a mapping"),
        ("{days: {}}", 48, "`days` is a text, not a list or a mapping"),
        ("{hours: 9-17}", 49, f"{HOURS} '9-17'"),
        ("{hours: 09:00-25:00}", 49, f"{HOURS} '09:00-25:00'"),
        ("{hours: 24:00-06:00}", 49, f"{HOURS} '24:00-06:00'"),
        ("{hours: 09:60-10:00}", 49, f"{HOURS} '09:60-10:00'"),
        (
            "{hours: 09:00-09:00}",
            49,
            "`hours` begins and ends at the same time: '09:00-09:00'; the whole day is \"00:00-24:00\"",
        ),
        ("{days: mon, timezone: Europe/Brelin}", 63, f"{ZONE} 'Europe/Brelin'; did you mean `Europe/Berlin`?"),
        ("{days: mon, timezone: berlin}", 63, f"{ZONE} 'berlin'; did you mean `Europe/Berlin`?"),
        ("{days: mon, timezone: europe/berlin}", 63, f"{ZONE} 'europe/berlin'; did you mean `Europe/Berlin`?"),
        ("{days: mon, timezone: New York}", 63, f"{ZONE} 'New York'; did you mean `America/New_York`?"),
        ("{days: mon, timezone: ../../etc/passwd}", 63, f"{ZONE} '../../etc/passwd'"),
        ("{days: mon, timezone: /etc/localtime}", 63, f"{ZONE} '/etc/localtime'"),
        ("{days: mon, timezone: Europe}", 63, f"{ZONE} 'Europe'"),
        ("{days: mon, timezone: +01:00}", 63, f"{ZONE} '+01:00'"),
        ('{days: mon, timezone: "UTC\\0"}', 63, f"{ZONE} 'UTC\\x00'; did you mean `UTC`?"),
        (f"{{days: mon, timezone: {'a' * 65}}}", 63, f"{ZONE} '{'a' * 65}'"),
    ],
)
def test_a_window_that_is_none_is_told_at_its_place(problem_with, window, column, message):
    problem = problem_with(f"pull-request: {{auto-merge: {{window: {window}}}}}")

    assert (problem.line, problem.column, problem.message) == (4, column, message)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Give a time in November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


WORK = Window(frozenset(range(5)), time(9), time(17), "UTC")
NIGHTS = Window(frozenset({4}), time(22), time(6), "UTC")


@pytest.mark.parametrize(
    ("window", "now", "opens"),
    [
        (WORK, at(23, 9), at(23, 9)),
        (WORK, at(23, 16, 59), at(23, 16, 59)),
        (WORK, at(23, 17), at(24, 9)),
        (WORK, at(23, 8, 59), at(23, 9)),
        (WORK, at(27, 17), at(30, 9)),
        (NIGHTS, at(27, 21), at(27, 22)),
        (NIGHTS, at(28, 5), at(28, 5)),
        (NIGHTS, at(28, 6), datetime(2026, 12, 4, 22, tzinfo=UTC)),
        (NIGHTS, at(27, 5), at(27, 22)),
    ],
)
def test_a_window_tells_when_it_opens(window, now, opens):
    assert window.opens_at(now) == opens
    assert window.is_open(now) == (now == opens)


def test_hours_that_clocks_leave_out_are_no_window():
    sundays = Window(frozenset({6}), time(2), time(3), "Europe/Berlin")

    assert sundays.opens_at(datetime(2026, 3, 28, tzinfo=UTC)) == datetime(2026, 4, 5, 0, tzinfo=UTC)


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"])
WINDOWS = st.builds(Window, st.frozensets(st.integers(0, 6), min_size=1), st.times(), st.times(), ZONES)
MOMENTS = st.integers(946_684_800, 2_114_380_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(WINDOWS, MOMENTS)
def test_a_window_is_open_when_it_opens(window, now):
    opens = window.opens_at(now)

    assert window.is_open(opens)
    assert opens >= now


@given(WINDOWS, MOMENTS, st.floats(0, 1))
def test_a_window_is_closed_until_it_opens(window, now, part):
    opens = window.opens_at(now)
    between = now + (opens - now) * part

    assert between >= opens or not window.is_open(between)
    assert opens - now < timedelta(days=15)
