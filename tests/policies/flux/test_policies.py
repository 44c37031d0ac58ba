"""ImagePolicy: the rule by which a tag wins."""

import pytest

from bot.policies.policy import Delivery
from bot.selection import Order, PinDigest, Strategy, TagFilter, Variant, Version


@pytest.mark.parametrize(
    ("written", "strategy", "order"),
    [
        ({"semver": {"range": "*"}}, Strategy.SEMVER, Order.ASCENDING),
        ({"alphabetical": {}}, Strategy.ALPHABETICAL, Order.ASCENDING),
        ({"alphabetical": {"order": "asc"}}, Strategy.ALPHABETICAL, Order.ASCENDING),
        ({"alphabetical": {"order": "desc"}}, Strategy.ALPHABETICAL, Order.DESCENDING),
        ({"numerical": {}}, Strategy.NUMERICAL, Order.ASCENDING),
        ({"numerical": {"order": ""}}, Strategy.NUMERICAL, Order.ASCENDING),
        ({"numerical": {"order": "desc"}}, Strategy.NUMERICAL, Order.DESCENDING),
        ({"numerical": {}, "semver": {"range": "*"}}, Strategy.SEMVER, Order.ASCENDING),
        ({"numerical": {}, "alphabetical": {"order": "desc"}}, Strategy.ALPHABETICAL, Order.DESCENDING),
        ({"semver": None, "numerical": {}}, Strategy.NUMERICAL, Order.ASCENDING),
    ],
)
def test_the_policy_says_how_tags_are_ordered(flux, written, strategy, order):
    rule = flux.one(flux.policy(policy=written)).rule

    assert (rule.strategy, rule.order) == (strategy, order)


def test_of_several_policies_one_counts_and_it_is_told(flux):
    (problem,) = flux.problems(flux.repository(), flux.policy(policy={"numerical": {}, "semver": {"range": "*"}}))

    assert problem.key == "numerical"
    assert problem.message == "`spec.policy.numerical` does not count beside `semver`, as in Flux"


def test_tags_are_compared_as_flux_does_it(flux):
    assert flux.one().rule.variant is Variant.ANY


def test_the_range_means_what_it_means_to_flux(flux):
    policy = flux.one(flux.policy(policy={"semver": {"range": ">=1.0.0-0 <2.0.0"}}))

    assert policy.range == ">=1.0.0-0 <2.0.0"
    assert policy.rule.constraint.allows(Version.parse("2.0.0-rc.1"))


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (None, "policy"),
        ({}, "policy"),
        ({"semver": None}, "policy"),
        ("semver", "policy"),
        ({"semver": {}}, "range"),
        ({"semver": {"range": ""}}, "range"),
        ({"semver": {"range": "1.x.y.z"}}, "range"),
        ({"semver": {"range": ["1.x"]}}, "range"),
        ({"semver": "1.x"}, "semver"),
        ({"alphabetical": {"order": "up"}}, "order"),
        ({"numerical": {"order": ["asc"]}}, "order"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(flux, written, key):
    with pytest.raises(ValueError, match=r"flux\.yaml: line") as caught:
        flux.load(flux.repository(), flux.policy(policy=written))

    assert key in {problem.key for problem in caught.value.problems}


def test_a_range_without_quotes_is_its_text(flux):
    policy = flux.policy(policy={"semver": {"range": "RANGE"}}).replace("RANGE", "1.10")

    assert flux.one(policy).range == "1.10"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, None),
        ({}, None),
        ({"pattern": "^main-"}, TagFilter("^main-")),
        ({"pattern": r"^main-(?P<ts>\d+)$", "extract": "$ts"}, TagFilter(r"^main-(?P<ts>\d+)$", "$ts")),
        ({"extract": "$0"}, TagFilter("", "$0")),
    ],
)
def test_filter_tags_is_the_filter(flux, written, expected):
    assert flux.one(flux.policy(filterTags=written)).rule.filter == expected


@pytest.mark.parametrize(
    "written", [{"pattern": "("}, {"pattern": "a{1001}"}, {"pattern": ["a"]}, ["a"], {"extract": "x" * 257}]
)
def test_a_filter_that_is_none_is_refused(flux, written):
    assert flux.refusal(flux.repository(), flux.policy(filterTags=written)).key in {"pattern", "extract", "filterTags"}


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (None, PinDigest.NEVER),
        ("", PinDigest.NEVER),
        ("Never", PinDigest.NEVER),
        ("IfNotPresent", PinDigest.IF_NOT_PRESENT),
        ("Always", PinDigest.ALWAYS),
    ],
)
def test_the_digest_reflection_policy_is_pin_digest(flux, written, expected):
    assert flux.one(flux.policy(digestReflectionPolicy=written)).rule.pin_digest is expected


def test_another_digest_reflection_policy_is_refused(flux):
    problem = flux.refusal(flux.repository(), flux.policy(digestReflectionPolicy="always"))

    assert problem.message == (
        "`spec.digestReflectionPolicy` is one of Never, IfNotPresent, Always, not 'always'"
    )  # fmt: skip


def test_a_suspended_policy_is_paused(flux):
    assert not flux.one(flux.policy(suspend=True)).enabled


def test_a_policy_without_any_automation_has_its_own_pull_request_everywhere(flux):
    policy = flux.one()

    assert policy.enabled
    assert policy.paths == ("**",)
    assert policy.grouped_under is None
    assert policy.pull_request.delivery is Delivery.PULL_REQUEST
    assert policy.pull_request.branch == "niro/apps-app"
    assert policy.pull_request.base is None
    assert policy.pull_request.commit_message is None
