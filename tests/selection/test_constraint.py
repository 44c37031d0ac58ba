"""Ranges of versions: what each operator lets in, as Masterminds' semver 3.5 decides it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.selection import Constraint, InvalidConstraint, Version

LADDER = [
    "0.0.0", "0.0.1", "0.0.2", "0.1.0", "0.2.3", "0.2.4", "0.3.0", "1.0.0", "1.1.0", "1.1.1", "1.2.0", "1.2.3", "1.2.4",
    "1.3.0", "2.0.0", "2.1.0", "11.0.0", "11.1.0", "12.0.0",
]  # fmt: skip

ALLOWED = [
    # range, what it lets in of the ladder
    ("1.2.3", "1.2.3"),
    ("=1.2.3", "1.2.3"),
    ("= v1.2.3", "1.2.3"),
    ("!=1.2.3 ~1.2", "1.2.0 1.2.4"),
    (">=11.1.0", "11.1.0 12.0.0"),
    ("=>11.1.0", "11.1.0 12.0.0"),
    ("<0.1.0", "0.0.0 0.0.1 0.0.2"),
    (">11.0.0", "11.1.0 12.0.0"),
    ("<=0.1.0", "0.0.0 0.0.1 0.0.2 0.1.0"),
    ("=<0.0.1", "0.0.0 0.0.1"),
    # what is left open
    (">11", "12.0.0"),
    (">1.1 <2", "1.2.0 1.2.3 1.2.4 1.3.0"),
    (">=1.2 <1.3", "1.2.0 1.2.3 1.2.4"),
    ("<=1.1", "0.0.0 0.0.1 0.0.2 0.1.0 0.2.3 0.2.4 0.3.0 1.0.0 1.1.0 1.1.1"),
    ("<=0", "0.0.0 0.0.1 0.0.2 0.1.0 0.2.3 0.2.4 0.3.0"),
    ("!=1.2 ~1", "1.0.0 1.1.0 1.1.1 1.3.0"),
    ("!=1 <2.1", "0.0.0 0.0.1 0.0.2 0.1.0 0.2.3 0.2.4 0.3.0 2.0.0"),
    # wildcards
    ("*", " ".join(LADDER)),
    ("x", " ".join(LADDER)),
    ("X", " ".join(LADDER)),
    ("1.x", "1.0.0 1.1.0 1.1.1 1.2.0 1.2.3 1.2.4 1.3.0"),
    ("1.X.X", "1.0.0 1.1.0 1.1.1 1.2.0 1.2.3 1.2.4 1.3.0"),
    ("1.2.*", "1.2.0 1.2.3 1.2.4"),
    ("1.2", "1.2.0 1.2.3 1.2.4"),
    ("1", "1.0.0 1.1.0 1.1.1 1.2.0 1.2.3 1.2.4 1.3.0"),
    # tilde
    ("~1.2.3", "1.2.3 1.2.4"),
    ("~>1.2.3", "1.2.3 1.2.4"),
    ("~1.2.0", "1.2.0 1.2.3 1.2.4"),
    ("~1.2", "1.2.0 1.2.3 1.2.4"),
    ("~1", "1.0.0 1.1.0 1.1.1 1.2.0 1.2.3 1.2.4 1.3.0"),
    ("~0.0.0", " ".join(LADDER)),
    ("~0.0", "0.0.0 0.0.1 0.0.2"),
    ("~0.0.1", "0.0.1 0.0.2"),
    # caret
    ("^1.2.3", "1.2.3 1.2.4 1.3.0"),
    ("^1.2", "1.2.0 1.2.3 1.2.4 1.3.0"),
    ("^1", "1.0.0 1.1.0 1.1.1 1.2.0 1.2.3 1.2.4 1.3.0"),
    ("^0.2.3", "0.2.3 0.2.4"),
    ("^0.2", "0.2.3 0.2.4"),
    ("^0.0.1", "0.0.1"),
    ("^0.0", "0.0.0 0.0.1 0.0.2"),
    ("^0", "0.0.0 0.0.1 0.0.2 0.1.0 0.2.3 0.2.4 0.3.0"),
    # and, or, hyphen
    (">=1.2.0, <1.3.0", "1.2.0 1.2.3 1.2.4"),
    (">=1.2.0 <1.3.0", "1.2.0 1.2.3 1.2.4"),
    (">= 1.2.0 ,  < 1.3.0", "1.2.0 1.2.3 1.2.4"),
    ("~1.1 || >=12", "1.1.0 1.1.1 12.0.0"),
    ("1.0.0||2.0.0", "1.0.0 2.0.0"),
    ("1.2.3 - 2.0.0", "1.2.3 1.2.4 1.3.0 2.0.0"),
    ("1.2 - 1.2, !=1.2.3", "1.2.0 1.2.4"),
    ("0.0.1 - 0.0.2 || 11 - 12", "0.0.1 0.0.2 11.0.0 11.1.0 12.0.0"),
]


@pytest.mark.parametrize(("text", "allowed"), ALLOWED)
def test_a_range_lets_in_what_masterminds_lets_in(text, allowed):
    constraint = Constraint.parse(text)

    assert [version for version in LADDER if constraint.allows(Version.parse(version))] == allowed.split()
    assert constraint.text == text


PRE_RELEASES = [
    "1.0.0", "1.1.0", "1.2.0-rc.1", "1.2.0-rc.2", "1.1.5-alpha.1", "2.0.0-rc.1", "2.0.0", "2.1.0-beta.1", "v1.1.1",
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("^1.x-0", "1.2.0-rc.2"),
        ("^1.0-0", "1.2.0-rc.2"),
        ("~1.1-0", "1.1.5-alpha.1"),
        (">1.0.0-rc <2.0.0-rc", "1.2.0-rc.2"),
        (">=1.0.0-0 <2.0.0", "2.0.0-rc.1"),
        ("*-0", "2.1.0-beta.1"),
        (">=0.0.0-0", "2.1.0-beta.1"),
        ("*", "2.0.0"),
        (">=1.0.0-rc.0 || 2.x", "2.1.0-beta.1"),
        ("^1.1 !=1.1.1", "1.1.0"),
        ("1.0.0 - 2.0.0", "2.0.0"),
        ("=1.2.0-rc.1", "1.2.0-rc.1"),
    ],
)
def test_pre_releases_come_in_only_where_the_group_names_one(text, best):
    constraint = Constraint.parse(text)

    allowed = [version for version in map(Version.parse, PRE_RELEASES) if constraint.allows(version)]

    assert max(allowed).original == best


def test_a_pre_release_named_in_one_group_lets_none_into_another():
    constraint = Constraint.parse("=1.0.0-rc.1 || 2.x")

    assert constraint.allows(Version.parse("1.0.0-rc.1"))
    assert not constraint.allows(Version.parse("2.1.0-rc.1"))


def test_a_release_line_that_is_left_out_keeps_its_pre_releases():
    constraint = Constraint.parse("*-0 !=1.1")

    assert constraint.allows(Version.parse("1.1.5-alpha.1"))
    assert not constraint.allows(Version.parse("1.1.5"))


def test_a_range_can_be_asked_without_its_rule_about_pre_releases():
    constraint = Constraint.parse("1.x")

    assert constraint.allows_but_for_prerelease(Version.parse("1.2.0-rc.1"))
    assert not constraint.allows_but_for_prerelease(Version.parse("2.0.0-rc.1"))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "||", "1.x ||", "|| 1.x", "latest", "1.y", ">=1.y", "1.2.3.4", ">", ">>1", "==1", "<>1", "1.x,",
        ",1.x", "1.x,,2.x", ">=1<2", "^", "V1.2", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+", "xx", "1x", "1 -2",
        "1- 2", "1 - ", "> 1 - 2", "\u00a01.x", "\u0661", "18446744073709551616", ">=1.0.0 <99999999999999999999",
        "1|2", "~1.2.3;", "1.x and 2.x", "1||" * 32 + "1",
    ],
)  # fmt: skip
def test_what_is_no_range_is_refused(text):
    with pytest.raises(InvalidConstraint) as caught:
        Constraint.parse(text)

    assert caught.value.text == text
    assert caught.value.reason


def test_thirty_two_groups_are_allowed():
    assert Constraint.parse("1||" * 31 + "1").allows(Version.parse("1.0.0"))


def test_512_characters_are_allowed_and_no_more():
    assert Constraint.parse("*".ljust(512)).allows(Version.parse("1.0.0"))
    with pytest.raises(InvalidConstraint, match="longer than 512"):
        Constraint.parse("*".ljust(513))


@pytest.mark.parametrize("text", ["1 ||2 - 3", "1 2 - 3"])
def test_a_refusal_tells_what_was_read_as_a_hyphen_range(text):
    with pytest.raises(InvalidConstraint, match="2 - 3' was read as a range"):
        Constraint.parse(text)


def test_a_range_is_its_text_and_its_groups():
    assert Constraint.parse("1.x-0") == Constraint.parse("1.x-0")
    assert len({Constraint.parse("1.x"), Constraint.parse("1.x"), Constraint.parse("2.x")}) == 2


def test_a_range_is_shown_on_one_line():
    assert str(Constraint.parse(">=1\n\t<2 ")) == ">=1 <2"


PIECES = [
    "", "1", "1.2", "1.2.3", "1.x", "*", "v1", "-0", "-rc.1", "+b", " ", ",", "||", " - ", ">=", "<", "~", "^", "=",
]  # fmt: skip
RANGES = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)


@given(st.text() | RANGES)
def test_any_text_is_a_range_or_a_refusal(text):
    try:
        constraint = Constraint.parse(text)
    except InvalidConstraint:
        return

    assert all(constraint.allows(Version.parse(version)) in {True, False} for version in LADDER)


@given(st.tuples(*[st.integers(0, 30)] * 3), st.tuples(*[st.integers(0, 30)] * 3))
def test_operators_agree_with_the_order_of_versions(one, other):
    low, high = (".".join(map(str, numbers)) for numbers in (one, other))
    version, bound = Version.parse(low), Version.parse(high)

    assert Constraint.parse(f">={high}").allows(version) == (version >= bound)
    assert Constraint.parse(f"<{high}").allows(version) == (version < bound)
    assert Constraint.parse(f"={high}").allows(version) == (version == bound)
    assert Constraint.parse(f">={high} || <{high}").allows(version)
