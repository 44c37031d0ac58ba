"""New tags: each keyword at several instants, and what comes out is always a tag."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import is_tag
from bot.policies.tag_templates import KEYWORDS
from bot.promotion import InvalidTargetTag, target_tag

INSTANTS = {
    "a Sunday before the first Monday": datetime(2026, 1, 4, 0, 5, 9, 42, tzinfo=UTC),
    "noon of a leap year's last day": datetime(2024, 12, 31, 12, 0, 0, 999_999, tzinfo=UTC),
    "a Friday in May, at one in the afternoon": datetime(2026, 5, 1, 13, 59, 59, tzinfo=UTC),
    "a Monday that begins a year": datetime(2035, 1, 1, 23, 30, tzinfo=UTC),
}

TABLE = {
    "%n": ("1.2-stable", "1.2-stable", "1.2-stable", "1.2-stable"),
    "%A": ("Sunday", "Tuesday", "Friday", "Monday"),
    "%a": ("Sun", "Tue", "Fri", "Mon"),
    "%w": ("0", "2", "5", "1"),
    "%d": ("04", "31", "01", "01"),
    "%B": ("January", "December", "May", "January"),
    "%b": ("Jan", "Dec", "May", "Jan"),
    "%m": ("01", "12", "05", "01"),
    "%Y": ("2026", "2024", "2026", "2035"),
    "%y": ("26", "24", "26", "35"),
    "%H": ("00", "12", "13", "23"),
    "%I": ("12", "12", "01", "11"),
    "%p": ("AM", "PM", "PM", "PM"),
    "%M": ("05", "00", "59", "30"),
    "%S": ("09", "00", "59", "00"),
    "%f": ("000042", "999999", "000000", "000000"),
    "%Z": ("UTC", "UTC", "UTC", "UTC"),
    "%j": ("004", "366", "121", "001"),
    "%W": ("00", "53", "17", "01"),
}
CASES = [
    pytest.param(keyword, instant, made, id=f"{keyword} at {name}")
    for keyword, row in TABLE.items()
    for (name, instant), made in zip(INSTANTS.items(), row, strict=True)
]


@pytest.mark.parametrize(("keyword", "instant", "made"), CASES)
def test_a_keyword_becomes_what_it_stands_for(keyword, instant, made):
    assert target_tag(keyword, "1.2-stable", instant) == made


def test_each_keyword_is_in_the_table():
    assert TABLE.keys() == KEYWORDS.keys()


MONTHS = {1: "January", 2: "February", 3: "March", 4: "April", 5: "May", 6: "June"}
MONTHS |= {7: "July", 8: "August", 9: "September", 10: "October", 11: "November", 12: "December"}


@pytest.mark.parametrize(("month", "name"), list(MONTHS.items()))
def test_a_month_has_its_english_name(month, name):
    at = datetime(2026, month, 15, tzinfo=UTC)
    assert target_tag("%B_%b", "1", at) == f"{name}_{name[:3]}"


@given(st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_numbers_are_those_of_strftime(at):
    for keyword in ("%w", "%d", "%m", "%Y", "%y", "%H", "%I", "%M", "%S", "%f", "%j", "%W"):
        assert target_tag(keyword, "1", at) == at.strftime(keyword)


@pytest.mark.parametrize(
    ("template", "made"),
    [
        ("%n-%Y%m%d%H%M", "1.2-stable-202601040005"),
        ("qa_%Y.%j", "qa_2026.004"),
        ("fixed", "fixed"),
        ("%n%n", "1.2-stable1.2-stable"),
        ("%b-%d-%I%M%p", "Jan-04-1205AM"),
    ],
)
def test_a_template_is_filled_in(template, made):
    assert target_tag(template, "1.2-stable", INSTANTS["a Sunday before the first Monday"]) == made


def test_a_time_elsewhere_is_told_in_utc():
    at = datetime(2026, 1, 1, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    assert target_tag("%Y%m%d%H%M%Z", "1", at) == "202512312000UTC"


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        target_tag("%n", "1", datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("template", "tag", "said"),
    [
        ("%n-%Y", "a" * 128, "no tag"),
        ("-%n", "1", "no tag"),
        (".%n", "1", "no tag"),
        ("%n", "", "no tag"),
        ("%n", "a\nb", "no tag"),
        ("%n", "a:b", "no tag"),
        ("%n/%Y", "1", "no tag"),
        ("%n%%", "1", "no keyword"),
        ("%q", "1", "no keyword"),
        ("%n%", "1", "no keyword"),
        ("%\n", "1", "no keyword"),
        ("%é", "1", "no keyword"),
        ("", "1", "no tag"),
    ],
)
def test_what_makes_no_tag_is_refused_with_a_sentence(template, tag, said):
    with pytest.raises(InvalidTargetTag, match=said):
        target_tag(template, tag, INSTANTS["a Monday that begins a year"])


def test_a_tag_that_looks_like_a_keyword_is_not_filled_in_again():
    with pytest.raises(InvalidTargetTag, match="%Y"):
        target_tag("%n", "%Y", INSTANTS["a Monday that begins a year"])


def test_a_tag_of_128_characters_stays_as_it_is():
    assert target_tag("%n", "a" * 128, INSTANTS["a Monday that begins a year"]) == "a" * 128


@given(st.text(alphabet="%nYmdq-._a é\n", max_size=140), st.text(max_size=130), st.datetimes(timezones=st.just(UTC)))
def test_whatever_comes_in_a_tag_comes_out_or_it_is_refused(template, tag, at):
    try:
        made = target_tag(template, tag, at)
    except InvalidTargetTag:
        made = "refused"
    assert is_tag(made)
