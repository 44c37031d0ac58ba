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
