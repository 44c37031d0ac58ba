"""A waiver counts in its files until its end, and an annotation only where it stood before the change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings.annotations import Annotated
from bot.findings.waiving import Grounds, Mistake, Waived, waived
from tests.findings.told import TODAY, a_finding, a_waiver

DAY = timedelta(days=1)
FOUND = a_finding()
HERE = Annotated("Deployment", "shop", "app", "latest-image-tag")
SAID = {"app.yaml": {HERE: "it is so"}}


def waived_here(*waivers, findings=(FOUND,), at_base=None, at_head=None, paths=()):
    return waived(findings, waivers, at_base or {}, at_head or {}, TODAY, paths=paths)


@pytest.mark.parametrize(
    ("waiver", "grounds"),
    [
        (a_waiver(), Grounds("it is so", None, 7)),
        (a_waiver(line=None), Grounds("it is so", None, None)),
        (a_waiver(paths=("*.yaml", "!other.yaml")), Grounds("it is so", None, 7)),
        (a_waiver(until=TODAY + DAY), Grounds("it is so", TODAY + DAY, 7)),
    ],
)
def test_an_entry_of_the_policy_file_counts(waiver, grounds):
    assert waived_here(waiver) == Waived(waived=((FOUND, grounds),))


@pytest.mark.parametrize(
    "waiver",
    [
        a_waiver(rule="single-replica"),
        a_waiver(paths=("clusters/dev/**",)),
        a_waiver(paths=("*.yaml", "!app.yaml")),
        a_waiver(paths=("[",)),
    ],
)
def test_an_entry_about_something_else_does_not_count(waiver):
    assert waived_here(waiver) == Waived(counting=(FOUND,))


@pytest.mark.parametrize("until", [TODAY, TODAY - DAY])
def test_an_entry_does_not_count_from_its_end_on(until):
    waiver = a_waiver(until=until)
    assert waived_here(waiver) == Waived(counting=(FOUND,), ended=(waiver,))


def test_of_several_entries_the_first_in_force_counts():
    waivers = [a_waiver(reason="over", until=TODAY), a_waiver(reason="first"), a_waiver(reason="second")]
    assert [grounds.reason for _, grounds in waived_here(*waivers).waived] == ["first"]


def test_an_entry_that_has_ended_is_not_told_where_it_is_about_nothing():
    assert waived_here(a_waiver(until=TODAY, paths=("clusters/dev/**",))).ended == ()


def test_an_entry_that_has_ended_is_told_where_it_is_about_a_file_that_is_looked_at():
    waiver = a_waiver(until=TODAY, paths=("clusters/dev/**",))
    assert waived_here(waiver, findings=(), paths=["clusters/dev/app.yaml"]).ended == (waiver,)


def test_an_annotation_that_stood_before_counts():
    expected = Waived(waived=((FOUND, Grounds("it is so", in_manifest=True)),))
    assert waived_here(at_base=SAID, at_head=SAID) == expected


def test_an_annotation_that_the_change_brings_is_pending_and_the_finding_counts():
    assert waived_here(at_head=SAID) == Waived(counting=(FOUND,), pending=((FOUND, "it is so"),))


def test_an_annotation_that_the_change_takes_away_does_not_count():
    assert waived_here(at_base=SAID) == Waived(counting=(FOUND,))


def test_the_reason_of_an_annotation_is_the_one_that_stood_before():
    changed = {"app.yaml": {HERE: "I say so"}}
    assert waived_here(at_base=SAID, at_head=changed).waived == ((FOUND, Grounds("it is so", in_manifest=True)),)


@pytest.mark.parametrize(
    "said",
    [
        {"other.yaml": {HERE: "it is so"}},
        {"app.yaml": {HERE._replace(kind="StatefulSet"): "it is so"}},
        {"app.yaml": {HERE._replace(namespace=""): "it is so"}},
        {"app.yaml": {HERE._replace(name="other"): "it is so"}},
        {"app.yaml": {HERE._replace(rule="single-replica"): "it is so"}},
    ],
)
def test_an_annotation_of_something_else_does_not_count(said):
    assert waived_here(at_base=said, at_head=said) == Waived(counting=(FOUND,))


def test_an_annotation_without_a_reason_waives_nothing_and_is_told():
    said = {"app.yaml": {HERE: ""}}
    expected = Waived(counting=(FOUND,), mistakes=(Mistake("app.yaml", HERE),))
    assert waived_here(at_base=said, at_head=said) == expected


def test_an_annotation_about_no_rule_is_told():
    unknown = HERE._replace(rule="latest-tag")
    said = {"app.yaml": {unknown: "it is so"}}
    assert waived_here(at_head=said).mistakes == (Mistake("app.yaml", unknown),)


def test_what_the_policy_file_puts_up_with_is_not_pending():
    assert waived_here(a_waiver(), at_head=SAID) == Waived(waived=((FOUND, Grounds("it is so", None, 7)),))


rules = st.sampled_from(["latest-image-tag", "single-replica"])
paths = st.sampled_from(["a.yaml", "b/c.yaml"])
ends = st.none() | st.sampled_from([TODAY - DAY, TODAY, TODAY + DAY])
findings = st.lists(
    st.builds(a_finding, rule=rules, path=paths, name=st.sampled_from("xy")),
    max_size=6,
    unique_by=lambda each: each.fingerprint,
)
waivers = st.lists(
    st.builds(a_waiver, rule=rules, until=ends, paths=st.sampled_from([("**",), ("b/**",), ("!a.yaml",)])), max_size=4
)


@given(findings, waivers)
def test_each_finding_either_counts_or_is_put_up_with(found, given_waivers):
    told = waived(found, given_waivers, {}, {}, TODAY)
    assert sorted([*told.counting, *(each for each, _ in told.waived)], key=found.index) == found


@given(findings, waivers)
def test_waivers_that_have_ended_change_nothing_but_that_they_are_told(found, given_waivers):
    in_force = [each for each in given_waivers if each.until is None or each.until > TODAY]
    told, without = (waived(found, each, {}, {}, TODAY) for each in (given_waivers, in_force))
    assert (told.counting, told.waived) == (without.counting, without.waived)
    assert without.ended == ()
