"""Numbers: tags that count, whatever their size."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection.numbers import number_key

RISING = [
    "-18446744073709551617", "-2", "-1.5", "-1.49", "-0.1", "0", "0.0001", "0.1", "0.11", "0.2", "1",
    "1.000000000000001", "2", "9", "10", "010.5", "+11", "20240101", "20240101123456788", "20240101123456789",
    "18446744073709551616", "18446744073709551617", "1" * 255, "2" * 255,
]  # fmt: skip


def test_numbers_rise_exactly():
    falling = RISING[::-1]

    assert sorted(falling, key=number_key) == RISING


@pytest.mark.parametrize(
    ("one", "other"),
    [("7", "007"), ("7", "7.0"), ("+7", "7.000"), ("-0", "0"), ("0.50", "00.5"), ("1" * 99, "0" + "1" * 99)],
)
def test_one_number_written_in_two_ways_is_one(one, other):
    assert number_key(one) == number_key(other)
    assert hash(number_key(one)) == hash(number_key(other))


@pytest.mark.parametrize(
    "text",
    [
        "", "+", "-", ".", "1.", ".5", "1.2.3", "1e3", "1E3", "0x10", "0b1", "Inf", "inf", "-Infinity", "nan", "NaN",
        "sNaN", "1_000", "1,5", " 1", "1 ", "1\n", "--1", "+-1", "1a", "v1", "latest", "\u0661", "\u00b2", "\uff11",
        "1" * 257,
    ],
)  # fmt: skip
def test_what_is_no_decimal_number_has_no_place(text):
    assert number_key(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3), st.integers())
def test_the_order_is_that_of_the_numbers(one, other):
    first, second = number_key(f"{one:f}"), number_key(str(other))

    assert (first < second, first == second) == (Fraction(one) < other, Fraction(one) == other)


@given(st.text() | st.text(alphabet="0123456789+-._eExn ", max_size=12))
def test_any_text_is_a_number_or_none(text):
    key = number_key(text)

    assert key is None or key == Decimal(text)
