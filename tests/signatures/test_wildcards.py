"""A `*` stands for any characters, and the rest of a name for itself, from its first letter to its last."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.signatures.wildcards import matches

PATTERNS = some.text(alphabet="ab*", max_size=8)
NAMES = some.text(alphabet="ab", max_size=8)


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("https://github.com/acme/*", "https://github.com/acme/site/build.yml@main", True),
        ("https://github.com/acme/*", "https://github.com/acme/", True),
        ("https://github.com/acme/*", "https://github.com/acme", False),
        ("https://github.com/acme/*", "https://evil.example/https://github.com/acme/x", False),
        ("https://github.com/acme/*", "https://github.com/acmes/x", False),
        ("*@acme.example", "ada@acme.example", True),
        ("*@acme.example", "ada@acme.example.evil", False),
        ("a*b*c", "abc", True),
        ("a*b*c", "acb", False),
        ("ab*ba", "aba", False),
        ("a*b*b", "ab", False),
        ("a*", "a\nb", True),
        ("a.c", "abc", False),
        ("A", "a", False),
        ("", "", True),
        ("", "a", False),
        ("**", "", True),
    ],
)
def test_a_star_is_any_characters(pattern: str, text: str, expected: bool) -> None:
    assert matches(pattern, text) is expected


@given(pattern=PATTERNS, text=NAMES)
def test_it_is_what_an_anchored_expression_says(pattern: str, text: str) -> None:
    expression = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    assert matches(pattern, text) is bool(re.fullmatch(expression, text, re.DOTALL))


def test_many_stars_take_no_long_time() -> None:
    assert not matches("*a" * 1_000 + "b", "a" * 100_000)
