"""What is stricter than what: laws that hold for every key, and the order of each."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.images import Platform
from bot.policies import enforced_keys
from bot.policies.findings import RegistryPrefix
from bot.policies.models import AutoMergeSection, WindowSection
from bot.policies.policy import Delivery
from bot.policies.rules import RULES, Severity
from bot.policies.strictness import MEASURES, OPTIONS, SEVERITY
from bot.selection import PinDigest, UpdateKind

LOW, MEDIUM, HIGH = Severity.LOW, Severity.MEDIUM, Severity.HIGH
PATCH, MINOR, MAJOR = UpdateKind.PATCH, UpdateKind.MINOR, UpdateKind.MAJOR

HOURS = st.sampled_from([time(0), time(9), time(12, 30), time(17), time(22)])
DAYS = st.frozensets(st.integers(0, 6), min_size=1)
UPDATES = st.none() | st.lists(st.sampled_from(UpdateKind), min_size=1, max_size=4).map(tuple)
REGISTRIES = st.lists(
    st.builds(RegistryPrefix, st.sampled_from(["a.io", "b.io"]), st.sampled_from(["", "x", "x/y", "xy"])), max_size=3
).map(tuple)


def window(days: frozenset[int], begins: time, ends: time, timezone: str = "UTC") -> WindowSection:
    return WindowSection.model_construct(
        _fields_set={"days", "hours", "timezone"}, days=days, hours=(begins, ends), timezone=timezone
    )


def auto_merge(
    updates: tuple[UpdateKind, ...] | None = None, window: WindowSection | None = None, require_checks: bool = True
) -> AutoMergeSection:
    return AutoMergeSection.model_construct(updates=updates, window=window, require_checks=require_checks)


WINDOWS = st.builds(window, DAYS, HOURS, HOURS, st.sampled_from(["UTC", "Europe/Berlin"]))
VALUES = {
    enforced_keys.FAIL_ON: st.none() | st.sampled_from(Severity),
    enforced_keys.COMMENT_ON: st.sampled_from(Severity),
    enforced_keys.MIN_AGE: st.timedeltas(timedelta(0), timedelta(days=3)),
    enforced_keys.UPDATES: UPDATES,
    enforced_keys.EXCLUDE: st.lists(st.sampled_from(["a", "b", "c"]), max_size=3).map(tuple),
    enforced_keys.PLATFORMS: st.none()
    | st.lists(
        st.sampled_from([Platform("linux", "amd64"), Platform("linux", "x86_64"), Platform("linux", "arm64")]),
        min_size=1,
        max_size=3,
    ).map(tuple),
    enforced_keys.PIN_DIGEST: st.sampled_from(PinDigest),
    enforced_keys.WORKFLOWS: st.booleans(),
    enforced_keys.AUTO_MERGE: st.none() | st.builds(auto_merge, UPDATES, st.none() | WINDOWS, st.booleans()),
    enforced_keys.DELIVERY: st.sampled_from(Delivery),
    "severity": st.none() | st.sampled_from(Severity),
    "allow": REGISTRIES,
    "private": REGISTRIES,
    "mutable-tags": st.lists(st.sampled_from(["latest", "main"]), max_size=3).map(tuple),
    "cpu-limit": st.booleans(),
    "liveness": st.booleans(),
}
ALL = {**MEASURES, **OPTIONS, "severity": SEVERITY}


def test_there_is_a_measure_for_each_key_that_can_be_enforced():
    assert set(MEASURES) == {*enforced_keys.OF_POLICIES, *enforced_keys.OF_FINDINGS}
    assert set(VALUES) == set(ALL)
    assert set(OPTIONS) <= {option.name for rule in RULES for option in rule.options}


@pytest.mark.parametrize("key", ALL)
@given(data=st.data())
def test_each_value_is_as_strict_as_itself(key, data):
    value = data.draw(VALUES[key])

    assert ALL[key].is_as_strict(value, value)


@pytest.mark.parametrize("key", ALL)
@given(data=st.data())
def test_what_is_as_strict_as_something_is_as_strict_as_what_that_is_as_strict_as(key, data):
    first, second, third = (data.draw(VALUES[key]) for _ in range(3))
    is_as_strict = ALL[key].is_as_strict

    if is_as_strict(first, second) and is_as_strict(second, third):
        assert is_as_strict(first, third)


@pytest.mark.parametrize("key", ALL)
@given(data=st.data())
def test_each_demand_can_be_told(key, data):
    demand = ALL[key].demand(data.draw(VALUES[key]))

    assert demand.startswith(("is ", "holds "))


OFFICE = window(frozenset(range(5)), time(9), time(17))
ALWAYS = window(frozenset(range(7)), time(0), time(0))
NIGHT = window(frozenset({6}), time(22), time(6))


@pytest.mark.parametrize(
    ("key", "stricter", "laxer"),
    [
        (enforced_keys.FAIL_ON, LOW, MEDIUM),
        (enforced_keys.FAIL_ON, MEDIUM, HIGH),
        (enforced_keys.FAIL_ON, HIGH, None),
        (enforced_keys.COMMENT_ON, LOW, HIGH),
        (enforced_keys.MIN_AGE, timedelta(days=3), timedelta(days=2)),
        (enforced_keys.UPDATES, (PATCH,), (PATCH, MINOR)),
        (enforced_keys.UPDATES, (PATCH, MINOR, MAJOR), None),
        (enforced_keys.EXCLUDE, ("a", "b"), ("b",)),
        (enforced_keys.EXCLUDE, ("a",), ()),
        (
            enforced_keys.PLATFORMS,
            (Platform("linux", "amd64"), Platform("linux", "arm64")),
            (Platform("linux", "amd64"),),
        ),
        (enforced_keys.PLATFORMS, (Platform("linux", "amd64"),), None),
        (enforced_keys.PIN_DIGEST, PinDigest.ALWAYS, PinDigest.IF_NOT_PRESENT),
        (enforced_keys.PIN_DIGEST, PinDigest.IF_NOT_PRESENT, PinDigest.NEVER),
        (enforced_keys.WORKFLOWS, False, True),
        (enforced_keys.AUTO_MERGE, None, auto_merge()),
        (enforced_keys.AUTO_MERGE, None, auto_merge((PATCH,), OFFICE)),
        (enforced_keys.AUTO_MERGE, auto_merge((PATCH,)), auto_merge((PATCH, MINOR))),
        (enforced_keys.AUTO_MERGE, auto_merge((PATCH,)), auto_merge()),
        (enforced_keys.AUTO_MERGE, auto_merge(), auto_merge(require_checks=False)),
        (enforced_keys.AUTO_MERGE, auto_merge(window=OFFICE), auto_merge()),
        (enforced_keys.AUTO_MERGE, auto_merge(window=OFFICE), auto_merge(window=ALWAYS)),
        (
            enforced_keys.AUTO_MERGE,
            auto_merge(window=window(frozenset({0, 1}), time(10), time(11))),
            auto_merge(window=OFFICE),
        ),
        (
            enforced_keys.AUTO_MERGE,
            auto_merge(window=window(frozenset({0}), time(0), time(6))),
            auto_merge(window=NIGHT),
        ),
        (enforced_keys.DELIVERY, Delivery.PULL_REQUEST, Delivery.COMMIT),
        ("severity", HIGH, MEDIUM),
        ("severity", LOW, None),
        ("allow", (RegistryPrefix("a.io"),), (RegistryPrefix("a.io"), RegistryPrefix("b.io"))),
        ("allow", (RegistryPrefix("a.io", "x/y"),), (RegistryPrefix("a.io", "x"),)),
        ("allow", (), (RegistryPrefix("a.io"),)),
        ("private", (RegistryPrefix("a.io"),), (RegistryPrefix("a.io", "x"),)),
        ("private", (RegistryPrefix("a.io"),), ()),
        ("mutable-tags", ("latest", "main"), ("latest",)),
        ("cpu-limit", True, False),
        ("liveness", True, False),
    ],
)
def test_one_is_stricter_than_the_other_and_not_the_reverse(key, stricter, laxer):
    assert ALL[key].is_as_strict(stricter, laxer)
    assert not ALL[key].is_as_strict(laxer, stricter)


@pytest.mark.parametrize(
    ("key", "one", "other"),
    [
        (enforced_keys.UPDATES, (PATCH,), (MINOR,)),
        (enforced_keys.EXCLUDE, ("a",), ("b",)),
        (enforced_keys.PLATFORMS, (Platform("linux", "amd64"),), (Platform("linux", "arm64"),)),
        (enforced_keys.AUTO_MERGE, auto_merge((PATCH,), require_checks=False), auto_merge((PATCH, MINOR))),
        (enforced_keys.AUTO_MERGE, auto_merge(window=OFFICE), auto_merge(window=NIGHT)),
        (
            enforced_keys.AUTO_MERGE,
            auto_merge(window=OFFICE),
            auto_merge(window=window(OFFICE.days, *OFFICE.hours, "Europe/Berlin")),
        ),
        ("allow", (RegistryPrefix("a.io", "x"),), (RegistryPrefix("a.io", "xy"),)),
        ("mutable-tags", ("latest",), ("main",)),
    ],
)
def test_neither_is_as_strict_as_the_other(key, one, other):
    assert not ALL[key].is_as_strict(one, other)
    assert not ALL[key].is_as_strict(other, one)


def test_a_window_over_the_end_of_the_week_holds_the_early_hours_of_monday():
    monday_at_five = window(frozenset({0}), time(5), time(6))
    monday_at_seven = window(frozenset({0}), time(7), time(8))

    measure = MEASURES[enforced_keys.AUTO_MERGE]
    assert measure.is_as_strict(auto_merge(window=monday_at_five), auto_merge(window=NIGHT))
    assert not measure.is_as_strict(auto_merge(window=monday_at_seven), auto_merge(window=NIGHT))


def test_a_window_that_is_always_open_demands_nothing():
    measure = MEASURES[enforced_keys.AUTO_MERGE]

    for each in (auto_merge(), auto_merge(window=window(OFFICE.days, *OFFICE.hours, "Europe/Berlin"))):
        assert measure.is_as_strict(each, auto_merge(window=ALWAYS))


def test_platforms_are_compared_by_what_they_mean():
    measure = MEASURES[enforced_keys.PLATFORMS]

    assert measure.is_as_strict((Platform("linux", "x86_64"),), (Platform("linux", "amd64"),))
