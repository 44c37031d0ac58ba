"""Users' patterns: the dialect of RE2, and a typed error for everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection import InvalidPattern, patterns


def test_a_pattern_is_searched_anywhere():
    assert patterns.found(r"\.sig$", "sha256-abc.sig")
    assert patterns.found("b", "abc")
    assert not patterns.found(r"\.sig$", "1.2.3.sigma")


@pytest.mark.parametrize("pattern", ["(", "(?=x)", r"(a)\1", "x{1001}", "[", "*", "(?<!a)b", "\ud800", "a" * 1001])
def test_what_re2_does_not_know_is_refused(pattern, capfd):
    with pytest.raises(InvalidPattern) as caught:
        patterns.check(pattern)

    assert caught.value.text == pattern
    assert capfd.readouterr().err == ""


def test_a_pattern_that_would_run_away_elsewhere_ends():
    assert not patterns.found("(a+)+$", "a" * 50_000 + "b")


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_pattern_and_any_text_give_an_answer_or_a_refusal(pattern, text):
    try:
        answer = patterns.found(pattern, text)
    except InvalidPattern:
        return

    assert answer in {True, False}


PIECES = st.sampled_from(["a", "b", ".", "$", "^", "|", "(?i)", r"\Q", r"\E", "(?P<n>a)", "(a|b)", "[ab]", "x*", "\\."])
SEVERAL = st.lists(st.lists(PIECES, max_size=4).map("".join), max_size=4).map(tuple)


@given(SEVERAL, st.text("abAB.|)(", max_size=6))
def test_several_patterns_find_what_each_of_them_finds(several, text):
    try:
        each = [patterns.found(pattern, text) for pattern in several]
    except InvalidPattern:
        return

    assert patterns.any_found(several, text) is any(each)


def test_patterns_that_cannot_be_joined_are_searched_alone():
    assert patterns.any_found((r"\Qa.c", "b|y"), "y")
    assert not patterns.any_found((r"\Qa.c", "b|z"), "a)c")
    assert patterns.any_found(("(?P<n>a)", "(?P<n>b)"), "b")


def test_a_pattern_that_takes_much_memory_to_be_made_ready_is_refused():
    with pytest.raises(InvalidPattern, match="too large"):
        patterns.check(r"(\pL+){100}")
