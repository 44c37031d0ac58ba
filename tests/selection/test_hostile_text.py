"""Whatever a registry, a policy file or a person writes: a value or the typed error, and soon."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.images import Platform, Tag
from bot.selection import (
    Clock,
    Constraint,
    Decision,
    InvalidConstraint,
    InvalidPattern,
    InvalidVersion,
    Order,
    SelectionRule,
    Strategy,
    TagFilter,
    Variant,
    Version,
    Versioning,
    choose,
    patterns,
)

NOW = datetime(2026, 1, 4, tzinfo=UTC)
PLATFORMS = frozenset({Platform("linux", "amd64")})

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # also halves of surrogate pairs, and NUL


def made_of(*pieces):
    """Make texts of pieces that belong to a grammar, short ones, and one piece again and again."""
    several = st.lists(st.sampled_from(pieces), max_size=12).map("".join)
    many = st.builds(str.__mul__, st.sampled_from(pieces), st.sampled_from([85, 256, 512, 1_000, 100_000]))
    return ANY_TEXT | several | st.tuples(several, many, several).map("".join)


TAGS = made_of(
    "1", "0", "01", "2.", "3", ".", "v", "V", "-", "+", "_", "rc", "rc.1", "-alpine3.19", "build.", "2026.01.04",
    "20260104", "2026-01-04", "-2", "18446744073709551616", "9" * 30, "1e3", "nan", "latest", " ", "\n", "\x00",
    "\ud800", "\u0661", "é",
)  # fmt: skip
RANGES = made_of(
    "1", "1.2", "1.2.3", ".", "x", "X", "*", "v", "-", "-0", "-rc.1", "+b", " ", "\t", ",", "|", "||", " - ", ">", "<",
    "=", "!", "~", "^", ">=", "~>", "18446744073709551616", "\x00", "\ud800", "\u0661", "\u00a0",
)  # fmt: skip
PATTERNS = made_of(
    "a", "(", ")", "(?:", "(?P<n>", "(?<n>", "(?i)", "(?=", "[", "]", "[^", "[[:alpha:]]", "a-z", "{1000}", "{2,", "}",
    "*", "+", "?", "|", "^", "$", ".", "\\", "\\1", r"\d", r"\pL", r"\Q", r"\E", r"\C", r"\x{10FFFF}", "\x00", "\ud800",
    "é",
)  # fmt: skip
TEMPLATES = made_of(
    "$", "$$", "$1", "$0", "${1}", "${n}", "$n", "$1x", "${", "}", "$10", "$99999999999", "${01}", "a", "-", "\x00",
    "\ud800", "$\u0661", "é",
)  # fmt: skip


@given(TAGS)
@example("1" * 100_000)
@example("1.2.3-" + "a." * 50_000 + "a")
def test_any_text_is_a_version_or_a_refusal(text):
    try:
        version = Version.parse(text)
    except InvalidVersion:
        return

    assert str(version) == text


VERSIONS = [Version.parse(text) for text in ("0.0.0", "1.2.3", "1.2.3-rc.1", "18446744073709551615.0.0-0")]


@given(RANGES)
@example("18446744073709551616")
@example("1" * 512)
@example("1||" * 170)
@example("1 - " * 128)
@example(" " * 512)
@example("1.2.3-" + "a." * 250 + "a")
def test_any_text_is_a_range_or_a_refusal(text):
    try:
        constraint = Constraint.parse(text)
    except InvalidConstraint:
        return

    assert all(constraint.allows(version) in {True, False} for version in VERSIONS)


@given(PATTERNS, TAGS)
@example(".", "\ud800")
@example("(?P<n\ud800>a)", "a")
@example("((a{100}){100}){100}", "a" * 100_000)
def test_any_text_is_a_pattern_or_a_refusal(pattern, tag):
    try:
        found = patterns.found(pattern, tag)
    except InvalidPattern:
        return

    assert patterns.any_found((pattern,), tag) is found


@given(st.lists(PATTERNS, max_size=3).map(tuple), TAGS)
def test_any_texts_are_patterns_to_leave_tags_out_or_a_refusal(several, tag):
    try:
        SelectionRule(exclude=several)
    except InvalidPattern:
        return

    assert patterns.any_found(several, tag) in {True, False}


@example("(.*)", "$1", "\ud800")
@example("(?P<n>.)", "${n}\ud800\x00", "\udc00")
@example("(.*)", "$1" * 500, "a" * 100_000)
@example("(.*)", "", "a" * 100_000)
@example(".*", "$" * 1_000_000, "a")
@given(PATTERNS | st.sampled_from(["(.)(?P<n>.*)", "", "a|(b)"]), TEMPLATES, TAGS)
def test_any_texts_are_a_filter_or_a_refusal(pattern, template, tag):
    try:
        value = TagFilter(pattern, template).value(tag)
    except InvalidPattern:
        return

    assert value is None or len(value) <= 1024


RUNNING_AWAY = [
    "(a+)+$", "^(a*)*$", "(a|aa)+$", "^(a|a?)+$", "(.*)*x", "(x+x+)+y", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){12}b",
    "(?:a?){500}a{500}$", "((a+)+)+b", "^(a+)*(a+)*(a+)*$",
]  # fmt: skip


@pytest.mark.parametrize("pattern", RUNNING_AWAY)
def test_a_pattern_that_runs_away_elsewhere_ends_here(pattern):
    text = "a" * 100_000 + "!"

    assert not patterns.found(pattern, text)
    assert not patterns.any_found((pattern, "b"), text)
    assert TagFilter(pattern, "$1").value(text) is None


RULES = st.builds(
    SelectionRule,
    strategy=st.sampled_from(Strategy),
    versioning=st.sampled_from(Versioning),
    variant=st.sampled_from(Variant),
    clock=st.sampled_from(Clock),
    order=st.sampled_from(Order),
    min_age=st.sampled_from([timedelta(0), timedelta(days=3)]),
    filter=st.none() | st.sampled_from([TagFilter("^v?(.*)$", "$1"), TagFilter("[0-9]+")]),
    pin=st.none() | TAGS,
    track=st.none() | TAGS,
)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))
LISTED = st.builds(
    Tag, TAGS, digest=st.none() | ANY_TEXT, pushed_at=TIMES, first_seen=TIMES, platforms=st.just(PLATFORMS)
)


@given(RULES, st.lists(LISTED, max_size=6), st.none() | LISTED)
def test_tags_of_any_name_end_in_a_decision(rule, tags, current):
    decision = choose(rule, tags, current=current, now=NOW)

    assert isinstance(decision, Decision)
    assert decision.sentence.isprintable()
    assert all(explained.sentence.isprintable() for _, explained in decision.rejected)
    assert len(decision.sentence) < 5_000
