"""Each operator on names, as a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.promotions import TextOperator as Op
from bot.promotion.comparing_text import comparer
from bot.selection import patterns

CASES = [
    (Op.EQUALS, ["stable"], "stable", True),
    (Op.EQUALS, ["stable"], "Stable", False),
    (Op.EQUALS, ["stable"], "1-stable", False),
    (Op.EQUALS, ["stable"], "", False),
    (Op.STARTS_WITH, ["v1."], "v1.2", True),
    (Op.STARTS_WITH, ["v1."], "v1.", True),
    (Op.STARTS_WITH, ["v1."], "v12", False),
    (Op.STARTS_WITH, ["v1."], "xv1.2", False),
    (Op.ENDS_WITH, ["-stable"], "1.2-stable", True),
    (Op.ENDS_WITH, ["-stable"], "-stable", True),
    (Op.ENDS_WITH, ["-stable"], "1.2-stable-1", False),
    (Op.ENDS_WITH, ["-stable"], "1.2-STABLE", False),
    (Op.ENDS_WITH, ["-stable"], "stable", False),
    (Op.CONTAINS, ["rc"], "1.2-rc.1", True),
    (Op.CONTAINS, ["rc"], "rc", True),
    (Op.CONTAINS, ["rc"], "src", True),
    (Op.CONTAINS, ["rc"], "1.2-RC1", False),
    (Op.CONTAINS, ["."], "12", False),
    (Op.ONE_OF, ["a", "b"], "b", True),
    (Op.ONE_OF, ["a", "b"], "ab", False),
    (Op.ONE_OF, ["a", "b"], "A", False),
    (Op.NOT_ONE_OF, ["a", "b"], "c", True),
    (Op.NOT_ONE_OF, ["a", "b"], "a", False),
    (Op.NOT_ONE_OF, ["a", "b"], "A", True),
    (Op.MATCHES, ["b+"], "abc", True),
    (Op.MATCHES, ["^b"], "abc", False),
    (Op.MATCHES, [r"^v\d+\.\d+$"], "v1.20", True),
    (Op.MATCHES, [r"^v\d+\.\d+$"], "v1.20-rc", False),
    (Op.MATCHES, ["(?i)STABLE$"], "1-stable", True),
    (Op.MATCHES, ["é.$"], "café\u200b", True),
    (Op.MATCHES, ["."], "", False),
    (Op.MATCHES, ["^$"], "", True),
]


@pytest.mark.parametrize(("operator", "values", "text", "holds"), CASES)
def test_an_operator_compares_a_text(operator, values, text, holds):
    assert comparer(operator, tuple(values))(text) is holds


def test_each_operator_is_in_the_table():
    assert {operator for operator, *_ in CASES} == set(Op)


def test_half_of_a_surrogate_pair_is_searched_like_any_other_letter():
    assert comparer(Op.MATCHES, ("^a.b$",))("a\ud800b")


@given(
    st.sampled_from([r"^v\d+", "a|b", "(ab)*$", "[^x]", r"\.", "^$", "(?s).", "é", r"\bx\b", "x{3,100}y"]),
    st.text(alphabet="abvxy01. é\n-", max_size=30),
)
def test_a_pattern_is_found_exactly_where_the_policy_files_patterns_are(pattern, text):
    assert comparer(Op.MATCHES, (pattern,))(text) is patterns.found(pattern, text)


def test_a_pattern_with_a_large_automaton_is_found_in_long_texts():
    pattern = "a.{200}b"
    patterns.check(pattern)
    text = "ab" * 5_000 + "a" * 300 + "b"
    assert comparer(Op.MATCHES, (pattern,))(text) is patterns.found(pattern, text)
