"""A change is told what it brings and what it mends, and nothing of what stood before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.findings.comparing import Comparison, compared
from bot.policies.rules import Severity
from tests.findings.told import a_finding, moved

ONE = a_finding()
OTHER = a_finding(name="other")
MILD = replace(ONE, severity=Severity.LOW)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ([], [], Comparison()),
        ([], [ONE], Comparison(new=(ONE,))),
        ([ONE], [], Comparison(fixed=(ONE,))),
        ([ONE], [ONE], Comparison(standing=(ONE,))),
        ([ONE], [OTHER], Comparison(new=(OTHER,), fixed=(ONE,))),
        ([ONE], [replace(ONE, line=90, end_line=91)], Comparison(standing=(replace(ONE, line=90, end_line=91),))),
        ([ONE], [replace(ONE, message="Other words.")], Comparison(standing=(replace(ONE, message="Other words."),))),
        ([MILD], [ONE], Comparison(new=(ONE,))),
        ([ONE], [MILD], Comparison(standing=(MILD,))),
        ([OTHER, ONE], [ONE, OTHER], Comparison(standing=(ONE, OTHER))),
    ],
)
def test_findings_are_known_again_by_their_fingerprints(before, after, expected):
    assert compared(before, after, {}) == expected


def test_a_finding_of_a_renamed_file_stands_under_its_new_path():
    after = moved(ONE, "new.yaml")
    assert compared([ONE], [after], {"new.yaml": "app.yaml"}) == Comparison(standing=(after,))


def test_a_finding_of_a_renamed_file_may_be_given_under_its_new_path():
    after = moved(ONE, "new.yaml")
    assert compared([after], [after], {"new.yaml": "app.yaml"}) == Comparison(standing=(after,))


def test_a_finding_that_became_more_severe_by_the_move_of_its_file_is_new():
    after = moved(ONE, "production.yaml")
    assert compared([MILD], [after], {"production.yaml": "app.yaml"}) == Comparison(new=(after,))


def test_a_finding_of_a_renamed_file_that_is_gone_is_fixed():
    assert compared([ONE], [], {"new.yaml": "app.yaml"}) == Comparison(fixed=(ONE,))


def test_a_finding_in_the_copy_of_a_file_is_new():
    after = moved(ONE, "copy.yaml")
    assert compared([ONE], [ONE, after], {}) == Comparison(new=(after,), standing=(ONE,))


def test_files_that_take_each_others_names_keep_their_findings():
    first, second = a_finding(path="a.yaml", name="a"), a_finding(path="b.yaml", name="b")
    after = (moved(first, "b.yaml"), moved(second, "a.yaml"))
    swapped = {"a.yaml": "b.yaml", "b.yaml": "a.yaml"}
    assert compared([first, second], after, swapped) == Comparison(standing=after)


def test_a_container_that_moved_up_in_a_renamed_file_is_known_again():
    before = a_finding(field="spec.containers[3].image")
    after = moved(a_finding(field="spec.containers[0].image"), "new.yaml")
    assert compared([before], [after], {"new.yaml": "app.yaml"}).standing == (after,)


@pytest.mark.parametrize("renamed", [{}, {"new.yaml": "app.yaml"}])
def test_a_finding_stands_when_an_entry_comes_before_its_own(renamed):
    before, after = a_finding(field="steps[0].image"), a_finding(field="steps[1].image")
    assert compared([before], [after], renamed) == Comparison(standing=(after,))


def test_of_entries_that_moved_the_one_about_something_else_is_new():
    before = a_finding(field="images[0]", about=("nginx",))
    added, after = a_finding(field="images[0]", about=("redis",)), a_finding(field="images[1]", about=("nginx",))
    assert compared([before], [added, after], {}) == Comparison(new=(added,), standing=(after,))


def test_of_two_objects_of_one_name_the_one_that_is_left_stands():
    first, second = (replace(ONE, fingerprint=str(number), about=(image,)) for number, image in enumerate("ab"))
    left = replace(second, fingerprint=first.fingerprint)
    assert compared([first, second], [left], {}) == Comparison(fixed=(first,), standing=(left,))


@pytest.mark.parametrize(
    ("then", "now", "is_new"),
    [
        ((), (), False),
        (("a",), ("a",), False),
        (("a", "b"), ("b", "a"), False),
        (("a", "b"), ("a",), False),
        (("a",), (), False),
        (("a",), ("a", "b"), True),
        (("a",), ("b",), True),
        ((), ("a",), True),
    ],
)
def test_what_is_about_a_thing_more_than_before_is_new_and_nothing_is_fixed(then, now, is_new):
    comparison = compared([replace(ONE, about=then)], [replace(ONE, about=now)], {})
    assert (bool(comparison.new), bool(comparison.standing), comparison.fixed) == (is_new, not is_new, ())


@pytest.mark.parametrize("renamed", [{}, {"new.yaml": "app.yaml"}])
def test_of_a_file_that_cannot_be_read_nobody_tells_what_is_fixed(renamed):
    other = a_finding(path="other.yaml")
    unread = {"new.yaml"} if renamed else {"app.yaml"}
    assert compared([ONE, other], [], renamed, unread) == Comparison(fixed=(other,))


def test_of_several_about_the_same_as_many_stand_as_stood():
    before = [replace(ONE, fingerprint=f"old-{each}") for each in range(2)]
    after = [replace(ONE, path="new.yaml", fingerprint=f"new-{each}") for each in range(3)]
    comparison = compared(before, after, {"new.yaml": "app.yaml"})
    assert (len(comparison.standing), len(comparison.new), comparison.fixed) == (2, 1, ())


PATHS = ["a.yaml", "b.yaml", "c.yaml"]
severities = st.sampled_from(Severity)
some = st.lists(
    st.builds(
        a_finding,
        path=st.sampled_from(PATHS),
        name=st.sampled_from("xyz"),
        severity=severities,
        field=st.sampled_from(["images[0]", "images[1]", "images[2]"]),
        about=st.lists(st.sampled_from("ab"), unique=True).map(tuple),
    ),
    unique_by=lambda each: each.fingerprint,
)
renames = st.dictionaries(st.sampled_from(PATHS), st.sampled_from(PATHS))


@given(some, some, renames)
def test_each_finding_after_is_new_or_standing_and_each_fixed_one_was_there(before, after, renamed):
    comparison = compared(before, after, renamed)
    told = [*comparison.new, *comparison.standing]
    assert sorted(told, key=after.index) == after
    assert set(comparison.fixed) <= set(before)
    assert len(before) - len(comparison.fixed) <= len(after)


@given(some)
def test_a_change_that_changes_nothing_brings_nothing(findings):
    assert compared(findings, findings, {}) == Comparison(standing=tuple(findings))


@given(some, some)
def test_what_one_way_fixes_the_other_way_brings(before, after):
    fixed = {each.fingerprint for each in compared(before, after, {}).fixed}
    brought = {each.fingerprint for each in compared(after, before, {}).new}
    assert fixed <= brought
