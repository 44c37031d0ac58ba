"""Which tags may be promoted by their names alone, and what must then be known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    LicenseCriterion,
    NumberOperator,
    TagCriterion,
    TextOperator,
    VulnerabilityCriterion,
    VulnerabilitySeverity,
)
from bot.promotion import Need, Outcome, candidates, judge, needs
from tests.promotion.known import NOW, promotion

STABLE = TagCriterion(TextOperator.ENDS_WITH, ("-stable",))
VERSION = TagCriterion(TextOperator.MATCHES, (r"^\d+\.\d+",))
NOT_LATEST = TagCriterion(TextOperator.NOT_ONE_OF, ("latest", "edge"))
SAFE = VulnerabilityCriterion(VulnerabilitySeverity.CRITICAL, NumberOperator.AT_MOST, 0)
NO_LOG4J = ComponentCriterion(TextOperator.NOT_ONE_OF, ("log4j-core",))
FREE = LicenseCriterion(TextOperator.ONE_OF, ("MIT",))

TAGS = ["latest", "1.0", "1.0-stable", "x-stable", "edge"]


@pytest.mark.parametrize(
    ("criteria", "left"),
    [
        ([], TAGS),
        ([STABLE], ["1.0-stable", "x-stable"]),
        ([SAFE], TAGS),
        ([STABLE, SAFE], ["1.0-stable", "x-stable"]),
        ([STABLE, VERSION], ["1.0-stable"]),
        ([NOT_LATEST], ["1.0", "1.0-stable", "x-stable"]),
        ([AnyOf((STABLE, VERSION))], ["1.0", "1.0-stable", "x-stable"]),
        ([AnyOf((STABLE, SAFE))], TAGS),
        ([AnyOf((STABLE, AllOf((VERSION, SAFE))))], ["1.0", "1.0-stable", "x-stable"]),
        ([AllOf((AnyOf((SAFE, NO_LOG4J)), VERSION))], ["1.0", "1.0-stable"]),
        ([AnyOf(())], []),
        ([AllOf(())], TAGS),
        ([AnyOf((AllOf(()), STABLE))], TAGS),
    ],
)
def test_tags_that_are_not_excluded_stay_in_their_order(criteria, left):
    assert candidates(promotion(*criteria), TAGS) == left


@pytest.mark.parametrize("end", ["", ".sig", ".att", ".sbom"])
def test_what_is_kept_beside_an_image_is_no_image(end):
    assert candidates(promotion(), [f"sha256-{'0a' * 32}{end}"]) == []


@pytest.mark.parametrize("name", [f"sha256-{'0a' * 31}", f"sha256-{'0a' * 32}-stable", f"build-{'0a' * 32}"])
def test_what_only_looks_alike_is_an_image(name):
    assert candidates(promotion(), [name]) == [name]


@pytest.mark.parametrize(
    ("criteria", "needed"),
    [
        ([], set()),
        ([STABLE], set()),
        ([SAFE], {Need.VULNERABILITIES}),
        ([NO_LOG4J, FREE], {Need.COMPONENTS, Need.LICENSES}),
        ([STABLE, SAFE, FREE], {Need.VULNERABILITIES, Need.LICENSES}),
        ([NOT_LATEST, TagCriterion(TextOperator.EQUALS, ("2.0",)), SAFE], set()),
        ([AnyOf((STABLE, SAFE))], set()),
        ([AnyOf((NOT_LATEST, SAFE)), FREE], {Need.LICENSES}),
        ([AnyOf((TagCriterion(TextOperator.EQUALS, ("2.0",)), SAFE))], {Need.VULNERABILITIES}),
        ([AllOf((AnyOf((SAFE, FREE)), STABLE))], {Need.VULNERABILITIES, Need.LICENSES}),
    ],
)
def test_only_what_can_still_decide_is_needed(criteria, needed):
    assert needs(promotion(*criteria), "1.0-stable") == needed


leaves = st.sampled_from([STABLE, VERSION, NOT_LATEST, SAFE, NO_LOG4J, FREE])
trees = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda kind, listed: kind(tuple(listed)), st.sampled_from([AllOf, AnyOf]), st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.lists(trees, max_size=3))
def test_a_tag_is_left_exactly_where_judging_it_alone_does_not_deny_it(criteria):
    asked = promotion(*criteria)
    left = [tag for tag in TAGS if judge(asked, tag, None, NOW).outcome is not Outcome.FALSE]
    assert candidates(asked, TAGS) == left


@given(st.lists(trees, max_size=3))
def test_nothing_is_needed_exactly_where_the_tag_alone_decides(criteria):
    asked = promotion(*criteria)
    decided = {tag for tag in TAGS if judge(asked, tag, None, NOW).outcome is not Outcome.UNKNOWN}
    assert {tag for tag in TAGS if not needs(asked, tag)} == decided
