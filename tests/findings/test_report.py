"""A review ends in success where nothing is new, and fails only where the policy file wants it so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.findings.comparing import Comparison
from bot.findings.report import Verdict, report_of
from bot.findings.waiving import Grounds, Waived
from bot.policies.findings import Findings
from bot.policies.rules import Severity
from tests.findings.told import TODAY, a_finding, a_report

LOW = a_finding("single-replica", severity=Severity.LOW)
MEDIUM = a_finding("run-as-root", severity=Severity.MEDIUM)
HIGH = a_finding("latest-image-tag", severity=Severity.HIGH)
DAY = timedelta(days=1)


def put_together(comparison, waived=None, settings=None):
    found = (*comparison.new, *comparison.standing)
    return report_of(comparison, waived or Waived(counting=found), settings or Findings(), TODAY, files=1)


@pytest.mark.parametrize(
    ("new", "fail_on", "expected"),
    [
        ((), None, Verdict.SUCCESS),
        ((), Severity.LOW, Verdict.SUCCESS),
        ((LOW,), None, Verdict.NEUTRAL),
        ((HIGH,), None, Verdict.NEUTRAL),
        ((LOW,), Severity.MEDIUM, Verdict.NEUTRAL),
        ((MEDIUM,), Severity.MEDIUM, Verdict.FAILURE),
        ((LOW, HIGH), Severity.MEDIUM, Verdict.FAILURE),
        ((LOW,), Severity.LOW, Verdict.FAILURE),
    ],
)
def test_the_check_ends_as_the_new_findings_and_the_policy_file_want(new, fail_on, expected):
    assert put_together(Comparison(new=new), settings=Findings(fail_on=fail_on)).conclusion is expected


def test_what_stood_before_or_is_fixed_does_not_make_the_check_fail():
    comparison = Comparison(standing=(HIGH,), fixed=(MEDIUM,))
    report = put_together(comparison, settings=Findings(fail_on=Severity.LOW))
    assert (report.conclusion, report.standing, report.fixed) == (Verdict.SUCCESS, 1, (MEDIUM,))


def test_what_is_put_up_with_is_neither_new_nor_standing():
    grounds = Grounds("it is so")
    waived = Waived(waived=((HIGH, grounds), (LOW, grounds)))
    report = put_together(Comparison(new=(HIGH,), standing=(LOW,)), waived)
    assert (report.new, report.standing, report.waived) == ((), 0, ((HIGH, grounds), (LOW, grounds)))


def test_new_findings_are_told_the_most_severe_first_and_then_in_the_order_of_the_files():
    later, earlier = a_finding(path="b.yaml", line=1), a_finding(path="a.yaml", line=9)
    found = (LOW, later, MEDIUM, earlier)
    assert put_together(Comparison(new=found)).new == (earlier, later, MEDIUM, LOW)


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ([], None),
        ([None], None),
        ([TODAY + 3 * DAY, None, TODAY + DAY], TODAY + DAY),
    ],
)
def test_the_change_is_told_again_when_the_first_waiver_that_counts_has_ended(ends, expected):
    waived = Waived(waived=tuple((HIGH, Grounds("it is so", end)) for end in ends))
    assert put_together(Comparison(), waived).again_on == expected


def test_a_report_without_anything_is_a_success():
    assert a_report().conclusion is Verdict.SUCCESS


@pytest.mark.parametrize(
    ("fingerprint", "expected"),
    [("0" * 32, True), ("0" * 24 + "1" * 8, True), ("0" * 23 + "1" * 9, False), ("", False)],
)
def test_a_finding_is_told_as_long_as_one_of_its_kind_is_new(fingerprint, expected):
    assert a_report(a_finding(fingerprint="0" * 32)).tells([fingerprint]) is expected
