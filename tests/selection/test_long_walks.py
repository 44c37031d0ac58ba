"""Choices in which very many better tags are refused: they end as they would among a few."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.images import Platform, Tag
from bot.selection import (
    ALL_UPDATES,
    Constraint,
    Order,
    Reason,
    SelectionRule,
    Strategy,
    TagFilter,
    UpdateKind,
    Variant,
    choose,
    rolls,
)

NOW = datetime(2026, 1, 4, tzinfo=UTC)
PLATFORMS = frozenset({Platform("linux", "amd64")})
DAY = timedelta(days=1)
PATCH = frozenset({UpdateKind.PATCH})
PATCH_AND_MINOR = frozenset({UpdateKind.PATCH, UpdateKind.MINOR})
MINOR = frozenset({UpdateKind.MINOR})


def aged(name, days):
    return Tag(name, platforms=PLATFORMS, first_seen=NOW - days * DAY)


CURRENT = aged("1.0.0", 90)
FAR = [aged(f"{major}.{minor}.0", 9) for major in range(2, 52) for minor in range(40)]
NEAR = [aged(name, 9) for name in ("1.0.0", "1.0.1", "1.0.7", "1.1.0", "1.9.3")]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    rolls.forget()


@pytest.mark.parametrize(
    ("updates", "selected"),
    [(PATCH, "1.0.7"), (PATCH_AND_MINOR, "1.9.3"), (MINOR, "1.9.3"), (ALL_UPDATES, "51.39.0")],
    ids=["patches", "patches and minors", "minors alone", "all"],
)
@pytest.mark.parametrize("few", [True, False], ids=["a few far ones", "two thousand far ones"])
def test_tags_that_are_too_far_are_passed_over(updates, selected, few):
    far = [*FAR[:3], FAR[-1]] if few else FAR

    decision = choose(SelectionRule(updates=updates), [*far, *NEAR], current=CURRENT, now=NOW)

    assert decision.selected.name == selected
    if updates != ALL_UPDATES:
        assert decision.explain("2.0.0").reason is Reason.UPDATE_NOT_WANTED


@pytest.mark.parametrize("old", [["1.9.3"], ["1.9.3", "30.1.0"], []], ids=["one old", "two old", "none old"])
def test_tags_that_are_too_young_are_passed_over(old):
    tags = [aged(tag.name, 9 if tag.name in old else 1) for tag in [*FAR, *NEAR]]

    decision = choose(SelectionRule(min_age=3 * DAY), tags, current=CURRENT, now=NOW)

    assert decision.selected.name == (old[-1] if old else "1.0.0")
    assert decision.explain("2.5.0" if not old else "40.0.0").reason is Reason.TOO_YOUNG
    assert decision.reconsider_at == NOW + 2 * DAY


def test_the_lowest_number_is_found_below_many_young_ones():
    filter_ = TagFilter(r"^b(\d+)$", "$1")
    rule = SelectionRule(Strategy.NUMERICAL, filter=filter_, order=Order.DESCENDING, min_age=3 * DAY)
    tags = [aged(f"b{number}", 1) for number in range(300)] + [aged("b500", 9), aged("b400", 9)]

    assert choose(rule, tags, now=NOW).selected.name == "b400"


def test_what_is_out_of_range_stays_so_when_it_was_taken_out_of_the_way():
    rule = SelectionRule(constraint=Constraint.parse("1.x"))
    first = choose(rule, [*FAR, *NEAR], current=CURRENT, now=NOW)
    again = choose(rule, [*FAR, *NEAR, aged("1.9.4", 9), aged("60.0.0", 9)], current=CURRENT, now=NOW)

    assert (first.selected.name, again.selected.name) == ("1.9.3", "1.9.4")
    assert {again.explain(name).reason for name in ("2.0.0", "60.0.0")} == {Reason.OUT_OF_RANGE}
    assert [tag.name for tag, _ in again.rejected][:2] == ["60.0.0", "51.39.0"]


@pytest.mark.parametrize("young", [63, 64, 65])
def test_of_tags_that_are_equally_good_none_is_passed_over_unseen(young):
    rule = SelectionRule(variant=Variant.ANY, min_age=3 * DAY)
    tags = [aged(f"2.0.{number}", 1) for number in range(young)]

    assert choose(rule, [*tags, aged("v1.0.0", 1), aged("1.0.0", 9)], now=NOW).selected.name == "1.0.0"
