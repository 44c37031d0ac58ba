"""Times of pushes in the words of an API."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.registries.providers.provider import PushTime
from bot.registries.providers.times import from_milliseconds, from_seconds, from_text, push_time

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
DIGEST = f"sha256:{'a' * 64}"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31T12:00:00+00:00", NOON),
        ("2026-01-31T15:30:00+03:30", NOON),
        ("2026-01-31T04:00:00-08:00", NOON),
        ("2026-01-31T12:00:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-01-31T12:00:00.123456Z", NOON + timedelta(microseconds=123456)),
        ("2026-01-31T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
        ("2000-01-01T00:00:00Z", datetime(2000, 1, 1, tzinfo=UTC)),
        ("2099-12-31T23:59:59Z", datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_date_and_time_with_its_zone_is_read(told: str, read: datetime) -> None:
    moment = from_text(told)
    assert moment == read
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "told",
    [
        None,
        "",
        0,
        1767225600,
        True,
        [],
        {},
        "now",
        "2026-01-31",
        "2026-01-31T12:00:00",
        "2026-01-31 12:00:00Z",
        "2026-01-31t12:00:00z",
        "2026-01-31T12:00Z",
        "2026-W05-6T12:00:00Z",
        "20260131T120000Z",
        "2026-02-30T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2026-01-31T12:00:60Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00,5Z",
        "2026-01-31T12:00:00.1234567890Z",
        "2026-01-31T12:00:00+0000",
        "2026-01-31T12:00:00+99:00",
        " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
        "2026-01-31T12:00:00Z" * 1000,
        "\u0662026-01-31T12:00:00Z",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "2100-01-01T00:00:00Z",
        "2099-12-31T23:59:59-01:00",
        "Thu, 06 Jun 2024 13:33:00 -0000",
    ],
)
def test_what_is_none_is_not_guessed_at(told: Any) -> None:
    assert from_text(told) is None


@given(st.datetimes(datetime(2000, 1, 2), datetime(2099, 12, 30)), st.integers(-14 * 60, 14 * 60))  # noqa: DTZ001
def test_every_time_of_our_days_comes_back_as_it_was(moment: datetime, minutes: int) -> None:
    told = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert from_text(told.isoformat()) == told
    assert from_seconds(int(told.timestamp())) == told.replace(microsecond=0)


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (1769860800, NOON),
        (946684800, datetime(2000, 1, 1, tzinfo=UTC)),
        (946684799, None),
        (4102444799, datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (4102444800, None),
        (0, None),
        (-1, None),
        (1769860800000, None),
        (10**400, None),
        (True, None),
        (1769860800.0, None),
        ("1769860800", None),
        (None, None),
        ([1769860800], None),
    ],
)
def test_seconds_are_whole_numbers_of_our_days(told: Any, read: datetime | None) -> None:
    assert from_seconds(told) == read


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (1769860800500, NOON + timedelta(milliseconds=500)),
        ("1769860800500", NOON + timedelta(milliseconds=500)),
        ("946684800000", datetime(2000, 1, 1, tzinfo=UTC)),
        (1769860800, None),
        ("1769860800", None),
        ("0", None),
        ("-1769860800500", None),
        ("1769860800500.0", None),
        (" 1769860800500", None),
        ("\u0661769860800500", None),
        ("9" * 5000, None),
        (10**400, None),
        (True, None),
        (1769860800500.0, None),
        (None, None),
    ],
)
def test_milliseconds_may_be_a_text(told: Any, read: datetime | None) -> None:
    assert from_milliseconds(told) == read


@pytest.mark.parametrize(
    ("tag", "digest", "at", "told"),
    [
        ("1.0", DIGEST, NOON, PushTime("1.0", DIGEST, NOON)),
        ("1.0", f"sha512:{'a' * 128}", NOON, PushTime("1.0", f"sha512:{'a' * 128}", NOON)),
        ("1.0", None, NOON, PushTime("1.0", None, NOON)),
        ("1.0", "", NOON, PushTime("1.0", None, NOON)),
        ("1.0", DIGEST, None, None),
        ("1.0", DIGEST.upper(), NOON, None),
        ("1.0", DIGEST[:-1], NOON, None),
        ("1.0", f"{DIGEST}\n", NOON, None),
        ("1.0", "md5:aa", NOON, None),
        ("1.0", 7, NOON, None),
        ("", DIGEST, NOON, None),
        ("-1", DIGEST, NOON, None),
        ("a b", DIGEST, NOON, None),
        ("1.0\n", DIGEST, NOON, None),
        ("x" * 129, DIGEST, NOON, None),
        (DIGEST, DIGEST, NOON, None),
        (None, DIGEST, NOON, None),
        (["1.0"], DIGEST, NOON, None),
    ],
)
def test_an_entry_with_a_broken_part_is_none(tag: Any, digest: Any, at: datetime | None, told: PushTime | None) -> None:
    assert push_time(tag, digest, at) == told


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(json_values)
def test_whatever_is_told_is_read_or_left(told: Any) -> None:
    for read in (from_text, from_seconds, from_milliseconds):
        moment = read(told)
        assert moment is None or moment.tzinfo is UTC
    assert push_time(told, None, NOON) in {None, PushTime(str(told), None, NOON)}
    assert push_time("1.0", told, NOON) in {None, PushTime("1.0", None, NOON)}
