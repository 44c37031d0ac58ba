"""A quantity of Kubernetes says something, nothing, or what nobody can tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings.quantities import Amount, amount_of
from bot.findings.subjects import read_file

SUFFIXES = ("", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "e3", "E-2", "e+6")


def amount(written: str) -> Amount:
    text = f"kind: Pod\nspec:\n  containers:\n  - cpu: {written}\n"
    (pod,) = read_file("a.yaml", text.encode()).pods
    return amount_of(pod.containers[0].view.at("cpu"))


@pytest.mark.parametrize("written", ["", "~", "null", "Null", "# said"])
def test_nothing_is_absent(written: str) -> None:
    assert amount(written) is Amount.ABSENT


@pytest.mark.parametrize("written", ["0", "'0'", '""', "''", "0m", "0.0", "0.", ".0", "+0", "-0", "0Ki", "0e3", "000"])
def test_zero_is_no_more_than_nothing(written: str) -> None:
    assert amount(written) is Amount.ZERO


@pytest.mark.parametrize("written", ["1", "100m", "'0.5'", ".5", "128Mi", "1e3", "1E", "1E3", "5n", "0.0001", "2."])
def test_more_than_zero_is_some(written: str) -> None:
    assert amount(written) is Amount.SOME


@pytest.mark.parametrize(
    "written",
    ["abc", "1 Gi", "1GB", "0x0", "m", ".", "1.2.3", "1_000", "{}", "[]", "{{ .cpu }}", "${CPU}", "٣", "1\n    cpu: 2"],
)
def test_what_is_no_quantity_nobody_can_tell(written: str) -> None:
    assert amount(written) is Amount.UNKNOWN


@given(st.integers(0, 10**18), st.sampled_from(SUFFIXES))
def test_a_number_says_something_where_it_is_not_zero(number: int, suffix: str) -> None:
    assert amount(f"'{number}{suffix}'") is (Amount.SOME if number else Amount.ZERO)


def test_a_number_longer_than_anybody_writes_is_read_in_no_time() -> None:
    assert amount("9" * 1_000_000) is Amount.UNKNOWN
