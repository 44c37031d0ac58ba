"""How vulnerabilities are counted: each comparison, and what is one and the same."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.promotions import Evidence, VulnerabilitySeverity
from bot.policies.promotions import NumberOperator as Op
from bot.promotion import Exploitability, Severities
from bot.promotion.components import key_of
from bot.promotion.counting import MOST_ALIASES, DistinctVulnerability, compares, distinct
from bot.promotion.exploitability import MOST_PAIRS, Statements
from tests.promotion.known import (
    AN_HOUR_AGO,
    ATTACHED,
    NOW,
    OPENSSL,
    POSTED,
    SCANNER,
    UNSIGNED,
    VEX,
    flaw,
    flaws,
    report,
    statement,
)

ZLIB = "pkg:deb/debian/zlib1g@1.3"

COMPARED = {
    Op.AT_LEAST: (False, True, True),
    Op.MORE_THAN: (False, False, True),
    Op.EQUALS: (False, True, False),
    Op.NOT_EQUALS: (True, False, True),
    Op.AT_MOST: (True, True, False),
    Op.LESS_THAN: (True, False, False),
}


@pytest.mark.parametrize(
    ("operator", "count", "holds"),
    [
        (operator, count, holds)
        for operator, row in COMPARED.items()
        for count, holds in zip((2, 3, 4), row, strict=True)
    ],
)
def test_a_count_is_compared_with_three(operator, count, holds):
    assert compares(count, operator, 3) is holds


def test_each_comparison_is_in_the_table():
    assert COMPARED.keys() == set(Op)


def counted(*reports):
    return distinct(reports, Severities.DEFAULT)


@pytest.mark.parametrize(
    ("vulnerabilities", "count"),
    [
        ([], 0),
        ([flaw("CVE-2026-1"), flaw("CVE-2026-1")], 1),
        ([flaw("CVE-2026-1"), flaw("cve-2026-1")], 1),
        ([flaw("CVE-2026-1"), flaw("CVE-2026-2")], 2),
        ([flaw("CVE-2026-1"), flaw("CVE-2026-1", component=ZLIB)], 2),
        ([flaw("CVE-2026-1", aliases=["GHSA-a"]), flaw("GHSA-a")], 1),
        ([flaw("GHSA-a", aliases=["CVE-2026-1"]), flaw("CVE-2026-1")], 1),
        ([flaw("GHSA-a"), flaw("CVE-2026-1")], 2),
        ([flaw("A", aliases=["B"]), flaw("C", aliases=["D"]), flaw("E", aliases=["B", "D"])], 1),
        ([flaw("A", aliases=["B"]), flaw("B", component=ZLIB)], 2),
        ([flaw("CVE-2026-1", aliases=["DSA-1"]), flaw("CVE-2026-2", aliases=["DSA-1"])], 2),
        ([flaw("DSA-1", aliases=["CVE-2026-1", "CVE-2026-2"])], 2),
        ([flaw("DSA-1", aliases=["CVE-2026-1", "CVE-2026-2"]), flaw("CVE-2026-1"), flaw("DSA-1")], 2),
        ([flaw("GHSA-b"), flaw("GHSA-a", aliases=["GHSA-b"]), flaw("CVE-2026-1", aliases=["GHSA-a"])], 1),
        ([flaw("CVE-2026-1", aliases=["CVE-2026-2"])], 1),
        ([flaw("CVE-2026-1", aliases=["CVE-2026-2"]), flaw("CVE-2026-2")], 2),
        ([flaw(component=OPENSSL), flaw(component="pkg:deb/debian/openssl@3.0.1?arch=arm64")], 1),
        ([flaw(component=OPENSSL), flaw(component="pkg:deb/debian/openssl@3.0.2")], 2),
        ([flaw(component=OPENSSL), flaw(component="openssl@3.0.1")], 1),
        ([flaw(component="openssl@3.0.1"), flaw(component=OPENSSL)], 1),
        ([flaw(component="openssl@3.0.1"), flaw(component="openssl@3.0.2")], 2),
        ([flaw(component="pkg:npm/%40a/core@1"), flaw(component="pkg:npm/@a/core@1")], 1),
        ([flaw(component="pkg:npm/%40a/core@1"), flaw(component="pkg:npm/%40b/core@1")], 2),
        ([flaw(component="pkg:maven/org.a/core@1"), flaw(component="org.a:core@1")], 1),
        ([flaw(component="pkg:nothing"), flaw(component="pkg:nothing")], 1),
        ([flaw(component=""), flaw(component="@")], 2),
    ],
)
def test_each_vulnerability_of_a_component_counts_once(vulnerabilities, count):
    assert len(counted(report(*vulnerabilities))) == count


def test_reports_of_several_scanners_are_joined():
    trivy = report(flaw("CVE-2026-1"), flaw("CVE-2026-2"))
    grype = report(flaw("GHSA-a", aliases=["CVE-2026-2"]), flaw("CVE-2026-3"))
    assert sorted(each.name for each in counted(trivy, grype)) == ["CVE-2026-1", "CVE-2026-2", "CVE-2026-3"]


def test_the_worst_severity_counts():
    (found,) = counted(report(flaw(severity="low")), report(flaw(severity="critical")), report(flaw(severity="high")))
    assert found.severity is VulnerabilitySeverity.CRITICAL


def test_the_worst_come_first():
    found = counted(report(*flaws(low=1, critical=1, high=1)))
    assert [each.severity.value for each in found] == ["critical", "major", "minor"]


names = st.sampled_from(["CVE-1", "CVE-2", "CVE-3", *"ABCDE"])
found_flaws = st.builds(
    flaw, names, st.sampled_from(["critical", "high", "low"]), st.sampled_from([OPENSSL, ZLIB]), aliases=st.sets(names)
)


@given(st.lists(found_flaws, max_size=8), st.randoms())
def test_order_and_repetition_change_nothing(vulnerabilities, random):
    shuffled = random.sample(vulnerabilities * 2, len(vulnerabilities) * 2)
    assert counted(report(*shuffled)) == counted(report(*vulnerabilities))


@given(st.lists(found_flaws, max_size=8))
def test_each_cve_of_a_component_is_counted_once_and_no_other_name_alone_is_counted_twice(vulnerabilities):
    found = counted(report(*vulnerabilities))
    assert len({(each.name, each.component) for each in found}) == len(found)
    called = {(each.id, key_of(each.component)) for each in vulnerabilities if each.id.startswith("CVE-")}
    assert called <= {(each.name, each.component) for each in found}


@given(st.lists(found_flaws, max_size=8), found_flaws)
def test_one_more_report_never_excuses_a_cve(vulnerabilities, more):
    def cves(*listed):
        return {(each.name, each.component) for each in counted(report(*listed)) if each.name.startswith("CVE-")}

    assert cves(*vulnerabilities) <= cves(*vulnerabilities, more)


def test_a_chain_of_a_hundred_thousand_aliases_is_one_vulnerability():
    chain = [flaw(f"V-{at}", aliases=[f"V-{at + 1}"]) for at in range(100_000)]
    assert len(counted(report(*chain))) == 1


def test_of_one_finding_fifty_aliases_are_looked_at():
    (found,) = counted(report(flaw("CVE-2026-1", aliases=[f"V-{at:02}" for at in range(90)])))
    assert found.names == {"CVE-2026-1", *(f"V-{at:02}" for at in range(MOST_ALIASES))}


def test_many_findings_under_one_name_of_many_cves_take_no_longer_than_their_sum():
    cves = [flaw(f"CVE-2026-{at}", aliases=["GHSA-0"]) for at in range(20_000)]
    others = [flaw("GHSA-0", aliases=[f"V-{at}"]) for at in range(20_000)]
    found = counted(report(*cves, *others))
    assert len(found) == 20_000
    assert max(len(each.names) for each in found) <= MOST_ALIASES + 2


def vulnerability(*names, component=OPENSSL, guarded=()):
    told = frozenset(names or {"CVE-2026-1"})
    return DistinctVulnerability(told, key_of(component), VulnerabilitySeverity.CRITICAL, "", frozenset(guarded))


NOT_AFFECTED, AFFECTED, FIXED = Exploitability.NOT_AFFECTED, Exploitability.AFFECTED, Exploitability.FIXED
LATER = AN_HOUR_AGO + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("statements", "excused"),
    [
        ([], False),
        ([statement()], True),
        ([statement(status=FIXED)], True),
        ([statement(status=AFFECTED)], False),
        ([statement(status=Exploitability.UNDER_INVESTIGATION)], False),
        ([statement("CVE-2026-2")], False),
        ([statement("cve-2026-1")], True),
        ([statement("GHSA-a")], True),
        ([statement(components=[OPENSSL])], True),
        ([statement(components=["pkg:deb/debian/openssl"])], True),
        ([statement(components=["pkg:deb/debian/openssl@3.0.1"])], True),
        ([statement(components=["pkg:deb/debian/openssl@3.0.2"])], False),
        ([statement(components=["pkg:rpm/debian/openssl@3.0.1"])], False),
        ([statement(components=[ZLIB])], False),
        ([statement(components=[ZLIB, OPENSSL])], True),
        ([statement(components=["openssl@3.0.1"])], True),
        ([statement(components=["openssl"])], False),
        ([statement(), statement(status=AFFECTED, at=LATER)], False),
        ([statement(status=AFFECTED), statement(at=LATER)], True),
        ([statement(at=LATER), statement(status=AFFECTED)], True),
        ([statement(), statement(status=AFFECTED)], False),
        ([statement(status=AFFECTED), statement()], False),
        ([statement(at=None), statement(status=AFFECTED)], False),
        ([statement(at=None)], True),
        ([statement(components=[OPENSSL]), statement("GHSA-a", status=AFFECTED, at=LATER)], False),
        ([statement(at=NOW + timedelta(minutes=4))], True),
        ([statement(at=NOW + timedelta(minutes=6))], False),
        ([statement(status=AFFECTED), statement(at=NOW + timedelta(days=900))], False),
    ],
)
def test_the_latest_statement_decides(statements, excused):
    found = Statements(statements, NOW).excuse(vulnerability("CVE-2026-1", "GHSA-A"))
    assert (found is not None) is excused


REGISTRY, REPORT = Evidence.REGISTRY, Evidence.REPORT


@pytest.mark.parametrize(
    ("source", "guarded", "excused"),
    [
        (UNSIGNED, (), True),
        (UNSIGNED, {REGISTRY}, False),
        (UNSIGNED, {REPORT}, False),
        (ATTACHED, {REGISTRY}, False),
        (POSTED, (), True),
        (POSTED, {REPORT}, True),
        (POSTED, {REGISTRY}, False),
        (POSTED, {REGISTRY, REPORT}, False),
        (SCANNER, {REGISTRY}, True),
        (VEX, (), True),
        (VEX, {REGISTRY}, True),
        (VEX, {REPORT}, True),
        (VEX, {REGISTRY, REPORT}, True),
    ],
)
def test_what_others_than_who_pushes_found_is_excused_by_what_is_signed_or_came_the_same_way(source, guarded, excused):
    found = Statements([statement(source=source)], NOW).excuse(vulnerability(guarded=guarded))
    assert (found is not None) is excused


def test_a_statement_that_may_not_excuse_hides_no_earlier_one_that_says_the_opposite():
    signed = statement(status=AFFECTED, source=VEX)
    found = Statements([signed, statement(at=LATER, source=UNSIGNED)], NOW)
    assert found.excuse(vulnerability(guarded={REGISTRY})) is None


@pytest.mark.parametrize(
    ("reports", "guarded"),
    [
        ([report(flaw(), source=ATTACHED)], set()),
        ([report(flaw(), source=SCANNER)], {REGISTRY}),
        ([report(flaw(), source=SCANNER), report(flaw(), source=POSTED), report(source=UNSIGNED)], {REGISTRY, REPORT}),
        ([report(flaw("GHSA-a"), source=POSTED), report(flaw(aliases=["GHSA-a"]), source=ATTACHED)], {REPORT}),
    ],
)
def test_of_a_vulnerability_it_is_known_which_guarded_reports_tell_of_it(reports, guarded):
    (found,) = counted(*reports)
    assert found.guarded == guarded


def test_a_statement_on_a_package_url_is_found_for_a_report_that_has_none():
    found = Statements([statement(components=[OPENSSL])], NOW)
    assert found.excuse(vulnerability(component="openssl@3.0.1")) is not None
    assert found.excuse(vulnerability(component="pkg:npm/openssl@3.0.1")) is None


def test_of_more_statements_than_anybody_writes_none_counts():
    many = [f"pkg:deb/debian/p{at}" for at in range(1_000)]
    flooding = statement(*(f"V-{at}" for at in range(MOST_PAIRS // 1_000)), components=many)
    found = Statements([statement(), flooding], NOW)
    assert found.too_many
    assert found.excuse(vulnerability()) is None
