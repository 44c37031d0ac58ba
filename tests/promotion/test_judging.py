"""Judging images: each criterion on every platform, what is unknown, and what the verdict says of it."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policies.promotions import (
    AllOf,
    AnyOf,
    ComponentCriterion,
    Evidence,
    LicenseCriterion,
    NumberOperator,
    RequiredSignature,
    TagCriterion,
    TextOperator,
    VulnerabilityCriterion,
    VulnerabilitySeverity,
)
from bot.promotion import Component, Exploitability, Outcome, Refused, Severities, Source, judge
from tests.promotion.known import (
    AMD64,
    ARM64,
    ATTACHED,
    NOW,
    OPENSSL,
    POSTED,
    SCANNER,
    UNSIGNED,
    evidence,
    flaw,
    flaws,
    image,
    licensed,
    named,
    promotion,
    report,
    statement,
)

TRUE, FALSE, UNKNOWN = Outcome.TRUE, Outcome.FALSE, Outcome.UNKNOWN


def component(operator, *values):
    return ComponentCriterion(TextOperator(operator), values)


def licence(operator, *values):
    return LicenseCriterion(TextOperator(operator), values)


def vulnerabilities(severity, operator, count):
    return VulnerabilityCriterion(VulnerabilitySeverity(severity), NumberOperator(operator), count)


def tag(operator, *values):
    return TagCriterion(TextOperator(operator), values)


def judged(criterion, *platforms, now=NOW, severities=Severities.DEFAULT, **facts):
    verdict = judge(promotion(criterion, **facts), "1.0-stable", evidence(*platforms), now, severities)
    return verdict.judged[0]


NONE_CRITICAL = vulnerabilities("critical", "at-most", 0)
NO_LOG4J = component("not-one-of", "log4j-core")


@pytest.mark.parametrize(
    ("criterion", "outcome"),
    [
        (tag("equals", "1.0-stable"), TRUE),
        (tag("equals", "1.0"), FALSE),
        (tag("starts-with", "1."), TRUE),
        (tag("starts-with", "2."), FALSE),
        (tag("ends-with", "-stable"), TRUE),
        (tag("ends-with", "-rc"), FALSE),
        (tag("contains", "0-s"), TRUE),
        (tag("contains", "rc"), FALSE),
        (tag("one-of", "1.0", "1.0-stable"), TRUE),
        (tag("one-of", "1.0", "2.0"), FALSE),
        (tag("not-one-of", "1.0", "2.0"), TRUE),
        (tag("not-one-of", "1.0", "1.0-stable"), FALSE),
        (tag("matches", r"^\d\.\d-"), TRUE),
        (tag("matches", r"^\d$"), FALSE),
    ],
)
def test_a_tag_is_judged_without_any_evidence(criterion, outcome):
    assert judge(promotion(criterion), "1.0-stable", None, NOW).outcome is outcome


PARTS = named("busybox", "openssl", "log4j-core")


@pytest.mark.parametrize(
    ("criterion", "outcome"),
    [
        (component("equals", "busybox"), TRUE),
        (component("equals", "Busybox"), FALSE),
        (component("starts-with", "log4j"), TRUE),
        (component("starts-with", "zlib"), FALSE),
        (component("ends-with", "ssl"), TRUE),
        (component("ends-with", "tls"), FALSE),
        (component("contains", "sybo"), TRUE),
        (component("contains", "musl"), FALSE),
        (component("one-of", "musl", "openssl"), TRUE),
        (component("one-of", "musl", "zlib"), FALSE),
        (component("not-one-of", "musl", "zlib"), TRUE),
        (component("not-one-of", "musl", "log4j-core"), FALSE),
        (component("matches", r"^log\dj"), TRUE),
        (component("matches", r"^ssl"), FALSE),
    ],
)
def test_some_component_compares_so_or_none_is_listed(criterion, outcome):
    assert judged(criterion, image(components=PARTS)).outcome is outcome


@pytest.mark.parametrize("operator", TextOperator)
def test_without_a_list_of_components_each_operator_is_unknown(operator):
    assert judged(component(operator, "busybox"), image()).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("criterion", "outcome"),
    [
        (component("equals", "a"), FALSE),
        (NO_LOG4J, TRUE),
        (licence("one-of", "MIT"), UNKNOWN),
        (licence("not-one-of", "MIT"), UNKNOWN),
    ],
)
def test_an_empty_list_of_components_is_a_list_but_tells_no_licences(criterion, outcome):
    assert judged(criterion, image(components=[])).outcome is outcome


@pytest.mark.parametrize(
    ("criterion", "parts", "outcome"),
    [
        (component("equals", "app.jar"), [], TRUE),
        (component("not-one-of", "app.jar"), [], FALSE),
        (licence("not-one-of", "MIT"), [], UNKNOWN),
        (licence("one-of", "MIT"), [], UNKNOWN),
        (licence("not-one-of", "MIT"), licensed("ISC"), TRUE),
        (licence("one-of", "MIT"), licensed("ISC"), FALSE),
    ],
)
def test_what_is_no_package_has_a_name_and_no_licence_to_look_for(criterion, parts, outcome):
    known = image(components=[Component("app.jar", is_package=False), *parts])
    assert judged(criterion, known).outcome is outcome


@pytest.mark.parametrize("name", ["core", "org.apache/core"])
def test_a_component_has_its_group_in_a_name_too(name):
    parts = [Component("core", "1.0", group="org.apache")]
    assert judged(component("equals", name), image(components=parts)).outcome is TRUE


def test_each_version_of_a_component_is_told():
    parts = [Component("log4j-core", version) for version in ("2.14", "2.17", "2.14")]
    assert judged(NO_LOG4J, image(components=parts)).seen == "log4j-core@2.14, log4j-core@2.17"


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([report(is_partial=True)], UNKNOWN),
        ([report(flaw(), is_partial=True)], UNKNOWN),
        ([report(is_partial=True), report()], TRUE),
        ([report(flaw(), is_partial=True), report()], FALSE),
    ],
)
def test_what_is_no_whole_report_adds_to_others_and_shows_nothing_alone(reports, outcome):
    assert judged(NONE_CRITICAL, image(reports=reports)).outcome is outcome


@pytest.mark.parametrize("name", ["angular core", "core", "@angular/core"])
def test_a_component_has_the_names_of_its_package_url(name):
    parts = [Component("angular core", "17.0", "pkg:npm/%40angular/core@17.0")]
    assert judged(component("equals", name), image(components=parts)).outcome is TRUE


@pytest.mark.parametrize("purl", ["nonsense", "pkg:", "pkg:npm", "pkg:\ud800/x"])
def test_a_package_url_of_no_sense_names_nothing(purl):
    found = judged(component("equals", "core"), image(components=[Component("core", purl=purl)]))
    assert found.outcome is TRUE


def test_all_lists_of_components_count():
    one, other = image(components=named("a")), image(components=named("log4j-core"))
    both = image(components=None).__class__(None, one.digest, (*one.inventories, *other.inventories))
    assert judged(NO_LOG4J, both).outcome is FALSE


@pytest.mark.parametrize(
    ("parts", "one_of", "not_one_of"),
    [
        (licensed("MIT"), TRUE, FALSE),
        (licensed("ISC"), FALSE, TRUE),
        (licensed("ISC", "MIT"), TRUE, FALSE),
        (licensed("ISC", None), UNKNOWN, UNKNOWN),
        (licensed("MIT", None), TRUE, FALSE),
        (licensed("NOASSERTION"), UNKNOWN, UNKNOWN),
        (licensed("MIT OR ISC"), TRUE, TRUE),
        (licensed("MIT AND ISC"), FALSE, FALSE),
        (licensed(["MIT", "ISC"]), FALSE, FALSE),
        (licensed(["ISC", "NOASSERTION"]), FALSE, UNKNOWN),
        (licensed(["MIT", "MIT"]), TRUE, FALSE),
        (licensed("no licence ("), UNKNOWN, UNKNOWN),
    ],
)
def test_one_of_needs_some_component_and_not_one_of_needs_every_one(parts, one_of, not_one_of):
    found = [judged(licence(operator, "MIT"), image(components=parts)) for operator in ("one-of", "not-one-of")]
    assert [each.outcome for each in found] == [one_of, not_one_of]


COUNTS = {"critical": 2, "high": 3, "medium": 1, "low": 1, "negligible": 1, "unknown": 1}


@pytest.mark.parametrize(("severity", "count"), [("critical", 2), ("major", 3), ("minor", 4), ("all", 9)], ids=str)
@pytest.mark.parametrize("operator", NumberOperator)
def test_each_severity_is_compared_by_each_operator(severity, count, operator):
    known = image(reports=[report(*flaws(**COUNTS))])
    outcomes = [judged(vulnerabilities(severity, operator, count + more), known).outcome for more in (-1, 0, 1)]
    expected = {
        NumberOperator.AT_LEAST: [TRUE, TRUE, FALSE],
        NumberOperator.MORE_THAN: [TRUE, FALSE, FALSE],
        NumberOperator.EQUALS: [FALSE, TRUE, FALSE],
        NumberOperator.NOT_EQUALS: [TRUE, FALSE, TRUE],
        NumberOperator.AT_MOST: [FALSE, TRUE, TRUE],
        NumberOperator.LESS_THAN: [FALSE, FALSE, TRUE],
    }
    assert outcomes == expected[operator]


def test_the_operators_words_for_severities_count():
    severities = Severities.parse("critical=critical,low;major=high;minor=medium")
    assert judged(NONE_CRITICAL, image(reports=[report(*flaws(low=1))]), severities=severities).outcome is FALSE


@pytest.mark.parametrize("operator", NumberOperator)
def test_without_a_report_each_comparison_is_unknown(operator):
    assert judged(vulnerabilities("all", operator, 1), image(components=PARTS)).outcome is UNKNOWN


@pytest.mark.parametrize(
    ("age", "outcome"),
    [
        (timedelta(0), TRUE),
        (timedelta(hours=24), TRUE),
        (timedelta(hours=24, seconds=1), UNKNOWN),
        (timedelta(days=4000), UNKNOWN),
        (timedelta(minutes=-5), TRUE),
        (timedelta(minutes=-5, seconds=-1), UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_report_counts_while_it_is_young(age, outcome):
    found = report(made_at=None if age is None else NOW - age)
    assert judged(NONE_CRITICAL, image(reports=[found])).outcome is outcome


def test_the_promotion_says_how_old_a_report_may_be():
    old = report(made_at=NOW - timedelta(days=6))
    assert judged(NONE_CRITICAL, image(reports=[old]), max_report_age=timedelta(days=7)).outcome is TRUE


def test_a_report_that_is_too_old_adds_nothing_to_one_that_counts():
    old = report(flaw(), made_at=NOW - timedelta(days=2))
    found = judged(NONE_CRITICAL, image(reports=[old, report()]))
    assert (found.outcome, "more than 24h ago" in found.seen) == (TRUE, True)


OLD, TO_COME = NOW - timedelta(days=2), NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("reports", "outcome"),
    [
        ([report(flaw(), source=SCANNER, made_at=OLD)], UNKNOWN),
        ([report(source=SCANNER, made_at=OLD)], UNKNOWN),
        ([report(source=SCANNER, made_at=TO_COME)], UNKNOWN),
        ([report(source=SCANNER, made_at=None)], UNKNOWN),
        ([report(source=POSTED, made_at=OLD)], UNKNOWN),
        ([report(source=POSTED, made_at=OLD), report(source=SCANNER)], TRUE),
        ([report(source=POSTED, made_at=OLD), report(source=SCANNER, is_partial=True)], UNKNOWN),
        ([report(source=POSTED, made_at=OLD), report(source=POSTED, is_partial=True)], UNKNOWN),
        ([report(source=POSTED, made_at=OLD, is_partial=True)], UNKNOWN),
        ([report(source=POSTED, made_at=OLD, is_partial=True), report(source=POSTED, is_partial=True)], TRUE),
        ([report(source=POSTED, made_at=OLD), report(source=POSTED)], TRUE),
        ([report(source=UNSIGNED, made_at=OLD)], TRUE),
        ([report(flaw(), source=ATTACHED), report(source=POSTED, made_at=OLD)], FALSE),
        ([], TRUE),
    ],
)
def test_a_fresh_report_of_who_pushes_takes_the_place_of_no_other(reports, outcome):
    known = image(reports=[*reports, report(source=ATTACHED)])
    assert judged(NONE_CRITICAL, known, evidence=tuple(Evidence)).outcome is outcome


def test_a_platform_waits_for_its_own_report_alone():
    fresh = image(AMD64, reports=[report()])
    old = image(ARM64, reports=[report(made_at=OLD), report(source=ATTACHED)])
    assert judged(NONE_CRITICAL, fresh, old).outcome is UNKNOWN


def test_a_report_that_the_promotion_lets_not_count_holds_nothing_back():
    known = image(reports=[report(source=POSTED, made_at=OLD), report(source=ATTACHED)])
    assert judged(NONE_CRITICAL, known).outcome is TRUE


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SCANNER, "no report of the registry is of an age to count"),
        (POSTED, "no posted report is of an age to count"),
    ],
)
def test_whose_report_must_be_made_anew_is_told(source, said):
    known = image(reports=[report(source=source, made_at=OLD), report(source=ATTACHED)])
    found = judged(NONE_CRITICAL, known, evidence=tuple(Evidence))
    old = f"{source.place} is from 2026-11-20 12:00 UTC, more than 24h ago"
    assert found.seen == f"0 critical ({old}), but {said}"


@pytest.mark.parametrize(
    ("statements", "outcome"),
    [
        ([statement()], TRUE),
        ([statement(status=Exploitability.AFFECTED)], FALSE),
        ([statement(components=["pkg:deb/debian/zlib"])], FALSE),
    ],
)
def test_a_vulnerability_that_vex_excuses_is_not_counted(statements, outcome):
    known = image(reports=[report(flaw())], statements=statements)
    assert judged(NONE_CRITICAL, known).outcome is outcome


@pytest.mark.parametrize(
    ("source", "statements", "outcome"),
    [
        (ATTACHED, [statement(source=UNSIGNED)], TRUE),
        (POSTED, [statement(source=UNSIGNED)], FALSE),
        (POSTED, [statement(source=POSTED)], TRUE),
        (POSTED, [statement()], TRUE),
    ],
)
def test_who_pushes_excuses_no_more_than_what_they_reported_themselves(source, statements, outcome):
    known = image(reports=[report(flaw(), source=source)], statements=statements)
    assert judged(NONE_CRITICAL, known, evidence=tuple(Evidence)).outcome is outcome


@pytest.mark.parametrize(
    ("reports", "criterion", "outcome"),
    [
        # An alias makes one of two that the registry found.
        (
            [report(flaw("A"), flaw("B")), report(flaw("A", aliases=["B"]), source=ATTACHED)],
            vulnerabilities("critical", "at-most", 1),
            FALSE,
        ),
        # A worse severity takes it out of the count of the milder one.
        (
            [report(flaw(severity="high")), report(flaw(severity="critical"), source=ATTACHED)],
            vulnerabilities("major", "at-most", 0),
            FALSE,
        ),
        # An alias brings the excuse of another vulnerability along.
        (
            [report(flaw()), report(flaw(aliases=["GHSA-excused"]), source=ATTACHED)],
            NONE_CRITICAL,
            FALSE,
        ),
        # An alias makes one of what two reports found that are not of who pushes.
        (
            [
                report(flaw("A")),
                report(flaw("B"), source=POSTED),
                report(flaw("A", aliases=["B"]), source=ATTACHED),
            ],
            vulnerabilities("critical", "at-most", 1),
            FALSE,
        ),
    ],
)
def test_no_report_makes_the_count_of_another_smaller(reports, criterion, outcome):
    known = image(reports=reports, statements=[statement("GHSA-excused")])
    assert judged(criterion, known, evidence=tuple(Evidence)).outcome is outcome


@given(
    st.lists(
        st.lists(
            st.builds(
                flaw,
                st.sampled_from(["CVE-1", "CVE-2", "A", "B"]),
                st.sampled_from(["critical", "high", "odd"]),
                aliases=st.sets(st.sampled_from(["CVE-1", "A", "B", "C"])),
            ),
            max_size=4,
        ).map(lambda found: report(*found)),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(["critical", "major", "minor", "all"]),
)
def test_where_all_reports_together_hold_so_does_each_alone(reports, severity):
    criterion = vulnerabilities(severity, "at-most", 1)
    if judged(criterion, image(reports=reports)).outcome is TRUE:
        assert all(judged(criterion, image(reports=[each])).outcome is TRUE for each in reports)


ODD = flaw("CVE-2026-9", "catastrophic")


@pytest.mark.parametrize(
    ("found", "criterion", "outcome"),
    [
        ([ODD], NONE_CRITICAL, UNKNOWN),
        ([ODD], vulnerabilities("major", "at-most", 0), UNKNOWN),
        ([ODD], vulnerabilities("minor", "at-most", 0), UNKNOWN),
        ([ODD], vulnerabilities("all", "at-most", 0), FALSE),
        ([ODD], vulnerabilities("all", "at-most", 1), TRUE),
        ([ODD], vulnerabilities("critical", "at-most", 1), TRUE),
        ([ODD, flaw()], NONE_CRITICAL, FALSE),
        ([ODD, flaw("CVE-2026-8", "strange")], vulnerabilities("critical", "equals", 1), UNKNOWN),
        ([ODD, flaw("CVE-2026-8", "strange")], vulnerabilities("critical", "equals", 3), FALSE),
        ([ODD, flaw("CVE-2026-9")], vulnerabilities("critical", "at-most", 1), TRUE),
        ([ODD, flaw("CVE-2026-9", "high")], NONE_CRITICAL, UNKNOWN),
        ([ODD, flaw("CVE-2026-9", "high")], vulnerabilities("minor", "at-most", 0), TRUE),
        ([flaw(severity="catastrophic", score=5.0)], NONE_CRITICAL, TRUE),
        ([flaw(severity="informational")], NONE_CRITICAL, TRUE),
        ([flaw(severity="untriaged")], NONE_CRITICAL, TRUE),
    ],
)
def test_a_word_for_a_severity_that_nobody_knows_leaves_open_what_depends_on_it(found, criterion, outcome):
    assert judged(criterion, image(reports=[report(*found)])).outcome is outcome


def test_a_word_that_nobody_knows_is_shown():
    found = judged(NONE_CRITICAL, image(reports=[report(ODD)]))
    assert found.seen == ("0 critical (1 more may be, of a severity that is not known, catastrophic: CVE-2026-9)")


GOOD = {"components": PARTS[:2], "reports": [report()]}
BAD = {"components": PARTS, "reports": [report(flaw())]}


@pytest.mark.parametrize("criterion", [NO_LOG4J, NONE_CRITICAL], ids=["components", "vulnerabilities"])
@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        (GOOD, GOOD, TRUE),
        (GOOD, BAD, FALSE),
        (BAD, GOOD, FALSE),
        (GOOD, {}, UNKNOWN),
        ({}, GOOD, UNKNOWN),
        ({}, BAD, FALSE),
        ({}, {}, UNKNOWN),
    ],
)
def test_the_worst_platform_counts(criterion, first, second, outcome):
    assert judged(criterion, image(AMD64, **first), image(ARM64, **second)).outcome is outcome


def test_on_every_platform_there_are_at_least_so_many():
    asked = vulnerabilities("critical", "at-least", 1)
    assert judged(asked, image(AMD64, **GOOD), image(ARM64, **BAD)).outcome is FALSE


def test_an_image_of_no_platform_is_unknown():
    assert judged(NONE_CRITICAL).outcome is UNKNOWN


OUTCOMES = {
    TRUE: tag("ends-with", "-stable"),
    FALSE: tag("equals", "2.0"),
    UNKNOWN: NONE_CRITICAL,
}


@pytest.mark.parametrize(("one", "other"), list(product(Outcome, repeat=2)), ids=lambda each: each.value)
def test_all_must_hold_and_any_is_enough(one, other):
    pair = (OUTCOMES[one], OUTCOMES[other])
    order = [FALSE, UNKNOWN, TRUE]
    outcomes = [judge(promotion(group(pair)), "1.0-stable", None, NOW).outcome for group in (AllOf, AnyOf)]
    assert outcomes == [min(one, other, key=order.index), max(one, other, key=order.index)]


def test_without_criteria_every_tag_is_promoted():
    verdict = judge(promotion(), "anything", None, NOW)
    assert (verdict.outcome, verdict.judged) == (TRUE, ())


def test_every_criterion_is_listed_also_what_changes_nothing_any_more():
    group = AnyOf((tag("equals", "2.0"), AllOf((NO_LOG4J,))))
    verdict = judge(promotion(tag("equals", "2.0"), NONE_CRITICAL, group), "1.0", None, NOW)
    assert [(each.criterion, each.outcome) for each in verdict.judged] == [
        ("tag: equals 2.0", FALSE),
        ("vulnerabilities: critical at most 0", UNKNOWN),
        ("any of these", UNKNOWN),
    ]
    assert [each.criterion for each in verdict.judged[2].inner] == ["tag: equals 2.0", "all of these"]


@pytest.mark.parametrize(
    ("criterion", "platforms", "seen"),
    [
        (tag("equals", "2.0"), [], "1.0-stable"),
        (NO_LOG4J, [image(AMD64, PARTS)], "log4j-core in linux/amd64"),
        (NO_LOG4J, [image(AMD64, PARTS[:2])], "none such among 2 components in linux/amd64"),
        (NO_LOG4J, [image()], "no list of components"),
        (licence("not-one-of", "MIT"), [image(components=[])], "no package among the components"),
        (
            NONE_CRITICAL,
            [image(reports=[report(is_partial=True)])],
            "no report on vulnerabilities that counts (Harbor's scanner tells of single vulnerabilities alone)",
        ),
        (
            licence("not-one-of", "MIT"),
            [image(AMD64, licensed("ISC", "MIT"))],
            "MIT of part-1 in linux/amd64",
        ),
        (
            licence("not-one-of", "MIT"),
            [image(AMD64, licensed("ISC", None, "AGPLv3"))],
            "no licence that is understood for 2 components: part-1 (none told), part-2 (AGPLv3) in linux/amd64",
        ),
        (licence("not-one-of", "MIT"), [image(None, licensed("ISC"))], "none of 1 component needs one of them"),
        (licence("one-of", "MIT"), [image(None, licensed("ISC"))], "no licence of 1 component is among them"),
        (
            NONE_CRITICAL,
            [image(AMD64, **GOOD), image(ARM64, reports=[report(flaw("CVE-2026-2"), flaw("CVE-2026-1"))])],
            "2 critical: CVE-2026-1, CVE-2026-2 in linux/arm64; 0 critical in linux/amd64",
        ),
        (vulnerabilities("all", "at-most", 0), [image(reports=[report(flaw())])], "1 vulnerability: CVE-2026-1"),
        (
            NONE_CRITICAL,
            [image(reports=[report(flaw())], statements=[statement()])],
            "0 critical (1 left out, not affected or fixed by VEX: CVE-2026-1)",
        ),
        (
            NONE_CRITICAL,
            [image(reports=[report(made_at=None)])],
            "no report on vulnerabilities that counts (Harbor's scanner does not say when it was made)",
        ),
        (
            NONE_CRITICAL,
            [image(reports=[report(made_at=NOW + timedelta(days=1))])],
            (
                "no report on vulnerabilities that counts "
                "(Harbor's scanner is from 2026-11-23 12:00 UTC, which is still to come)"
            ),
        ),
        (AnyOf((tag("equals", "2.0"), tag("ends-with", "stable"))), [], "1 of 2 criteria holds"),
    ],
)
def test_the_value_seen_is_told(criterion, platforms, seen):
    assert judged(criterion, *platforms).seen == seen


def test_where_a_value_is_from_is_told():
    found = judged(NONE_CRITICAL, image(reports=[report(flaw())], statements=[statement()]))
    assert found.sources == (
        "Harbor's scanner, made 2026-11-22 11:00 UTC",
        "the referrer sha256:34cd, signed by security@acme.example",
    )


def test_each_report_that_counted_is_told_and_how_old_its_scanners_database_was():
    built = NOW - timedelta(days=400)
    reports = [report(database_at=built), report(source=ATTACHED), report(source=UNSIGNED, made_at=OLD)]
    found = judged(NONE_CRITICAL, image(reports=reports))
    assert found.sources == (
        "Harbor's scanner, made 2026-11-22 11:00 UTC, with a database of 2025-10-18 12:00 UTC",
        "the attestation sha256:78ab",
    )


def test_who_signed_a_source_is_told():
    signed = Source(Evidence.ATTESTATION, "the attestation", signer="ci@acme.example")
    found = judged(NO_LOG4J, image(components=PARTS, source=signed))
    assert found.sources == ("the attestation, signed by ci@acme.example",)


@pytest.mark.parametrize(
    ("criterion", "platforms", "sentence"),
    [
        (tag("ends-with", "stable"), [], "The criterion holds."),
        (
            NONE_CRITICAL,
            [image(platform, reports=BAD["reports"], statements=[statement()]) for platform in (AMD64, ARM64)],
            (
                "The criterion holds. 1 vulnerability is left out, not affected or fixed by VEX of "
                "the referrer sha256:34cd, signed by security@acme.example."
            ),
        ),
        (
            NONE_CRITICAL,
            [image(AMD64, **BAD)],
            'The criterion "vulnerabilities: critical at most 0" does not hold: 1 critical: CVE-2026-1 in linux/amd64.',
        ),
        (
            AllOf((tag("ends-with", "stable"), NO_LOG4J)),
            [image()],
            (
                'Whether the criterion "component: not one of log4j-core" holds is not known yet: '
                "no list of components. Harbor is scanning."
            ),
        ),
    ],
)
def test_a_verdict_has_a_sentence(criterion, platforms, sentence):
    known = evidence(*platforms, pending=("Harbor is scanning.",) if "Harbor" in sentence else ())
    assert judge(promotion(criterion), "1.0-stable", known, NOW).sentence == sentence


def test_what_was_refused_and_what_is_being_made_is_kept():
    refused = (Refused("the referrer", "it is about another image"),)
    verdict = judge(promotion(NO_LOG4J), "1", evidence(image(), refused=refused, pending=("Harbor is scanning.",)), NOW)
    assert (verdict.refused, verdict.pending) == (refused, ("Harbor is scanning.",))


@pytest.mark.parametrize(
    "missing", [{"pending": ("Harbor is scanning.",)}, {"unread": ("Harbor's report is too large",)}]
)
@pytest.mark.parametrize(
    ("criterion", "known", "outcome"),
    [
        (NONE_CRITICAL, GOOD, UNKNOWN),
        (vulnerabilities("critical", "at-least", 1), BAD, UNKNOWN),
        (NONE_CRITICAL, BAD, FALSE),
        (NO_LOG4J, GOOD, TRUE),
    ],
    ids=["few", "many", "too many", "components"],
)
def test_reports_that_are_not_there_yet_may_tell_of_more_vulnerabilities(criterion, known, outcome, missing):
    verdict = judge(promotion(criterion), "1", evidence(image(**known), **missing), NOW)
    assert verdict.outcome is outcome


def test_which_report_is_not_there_is_told():
    known = evidence(image(**GOOD), pending=("Harbor is scanning",), unread=("the report is too large",))
    (found,) = judge(promotion(NONE_CRITICAL), "1", known, NOW).judged
    assert found.seen == "0 critical, but not every report is there: Harbor is scanning, the report is too large"


def test_where_signatures_are_required_reports_that_nobody_signs_hold_nothing_back():
    required = RequiredSignature("*@acme.example", "https://issuer.example")
    signed = Source(Evidence.ATTESTATION, "the attestation", signer="ci@acme.example")
    known = evidence(image(reports=[report(source=signed)]), pending=("Harbor is scanning",))
    assert judge(promotion(NONE_CRITICAL, require_signed=required), "1", known, NOW).outcome is TRUE


@pytest.mark.parametrize(
    ("allowed", "outcome", "refused"),
    [
        ((Evidence.REGISTRY, Evidence.REPORT), TRUE, ()),
        ((Evidence.REGISTRY,), UNKNOWN, (Refused(POSTED.place, "the promotion's `evidence` does not list `report`"),)),
    ],
)
def test_only_what_is_from_where_the_promotion_allows_counts(allowed, outcome, refused):
    posted = image(AMD64, reports=[report(source=POSTED)])
    verdict = judge(promotion(NONE_CRITICAL, evidence=allowed), "1", evidence(posted), NOW)
    assert (verdict.outcome, verdict.refused) == (outcome, refused)


@pytest.mark.parametrize(("signer", "outcome"), [("ci@acme.example", TRUE), ("", UNKNOWN)])
def test_where_signatures_are_required_nothing_else_counts(signer, outcome):
    required = RequiredSignature("*@acme.example", "https://issuer.example")
    source = Source(Evidence.ATTESTATION, "the attestation", signer=signer)
    known = image(components=PARTS[:2], source=source)
    assert judged(NO_LOG4J, known, require_signed=required).outcome is outcome


def test_a_statement_from_where_nothing_may_come_excuses_nothing():
    known = image(reports=[report(flaw())], statements=[statement(source=POSTED)])
    assert judged(NONE_CRITICAL, known).outcome is FALSE


HOSTILE = ["\x1b[31mred", "a\nb", "\u202etxt.exe", "x" * 10_000, "", "\ud800", "@everyone", "|", "`"]


@given(
    st.lists(st.sampled_from(HOSTILE) | st.text(max_size=30), max_size=30),
    st.sampled_from(["a", "MIT"]),
)
def test_hostile_names_come_out_bounded_visible_and_on_one_line(texts, value):
    parts = [Component(text, text, text, (text,)) for text in texts]
    known = image(AMD64, parts, [report(*(flaw(text, text, text) for text in texts))])
    criteria = [
        component("not-one-of", value),
        component("matches", "."),
        licence("not-one-of", value),
        vulnerabilities("all", "at-most", 0),
    ]
    verdict = judge(promotion(*criteria), "1", evidence(known), NOW)
    said = [verdict.sentence, *(each.seen for each in verdict.judged)]
    assert all(len(each) <= 2_000 and each.isprintable() for each in said)


def test_of_many_only_the_first_are_named():
    found = judged(vulnerabilities("all", "at-most", 0), image(reports=[report(*flaws(critical=22))]))
    assert found.seen.endswith("and 12 more")


def test_of_many_platforms_what_decides_stands_first():
    platforms = [image(AMD64, **GOOD)] * 150 + [image(ARM64, **BAD)]
    found = judged(NONE_CRITICAL, *platforms)
    assert found.seen.startswith("1 critical: CVE-2026-1 in linux/arm64; 0 critical")
    assert found.seen.endswith("; and 141 more")


def test_licences_of_more_text_than_is_read_are_unknown():
    parts = [Component(f"p{at}", licenses=(f"MIT AND LicenseRef-{at}-" + "x" * 1_000,)) for at in range(1_200)]
    assert judged(licence("not-one-of", "GPL-2.0-only"), image(components=parts)).outcome is UNKNOWN


known_platforms = st.lists(
    st.builds(
        image,
        st.sampled_from([AMD64, ARM64]),
        st.none() | st.lists(st.sampled_from(PARTS), max_size=2),
        st.lists(
            st.lists(st.sampled_from(flaws(critical=2, low=1)), max_size=2).map(lambda each: report(*each)), max_size=2
        ),
    ),
    min_size=1,
    max_size=3,
)


@given(known_platforms, known_platforms)
def test_one_more_platform_never_makes_anything_better(platforms, more):
    order = [FALSE, UNKNOWN, TRUE]
    for criterion in (NO_LOG4J, NONE_CRITICAL, component("equals", "openssl"), vulnerabilities("all", "at-least", 1)):
        fewer, all_of_them = (judged(criterion, *each).outcome for each in (platforms, platforms + more))
        assert order.index(all_of_them) <= order.index(fewer)


@given(known_platforms)
def test_an_image_without_facts_on_one_platform_is_never_promoted_for_facts(platforms):
    for criterion in (NO_LOG4J, NONE_CRITICAL, licence("not-one-of", "MIT")):
        assert judged(criterion, *platforms, image(ARM64)).outcome is not TRUE


def test_qualifiers_of_a_package_url_do_not_make_two_vulnerabilities():
    known = image(reports=[report(flaw(), flaw(component=OPENSSL.replace("amd64", "arm64")))])
    assert judged(vulnerabilities("all", "equals", 1), known).outcome is TRUE
