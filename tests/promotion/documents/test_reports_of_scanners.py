"""What is read from the reports of scanners."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.promotion import Vulnerability
from bot.promotion.documents.told import Unreadable
from tests.promotion.documents import shapes

LIBSSL = "pkg:apk/alpine/libssl3@3.5.1-r0?arch=x86_64&distro=3.22.1"
LOG4J = "pkg:maven/org.apache.logging.log4j/log4j-core@2.17.0"
NOON = datetime(2026, 1, 4, 12, tzinfo=UTC)
VULNERABILITIES = "https://cosign.sigstore.dev/attestation/vuln/v1"


def in_cosign(result):
    return shapes.statement(shapes.cosign_vulnerabilities(result), predicate_type=VULNERABILITIES)


@pytest.mark.parametrize(
    ("document", "found"),
    [
        (shapes.trivy(), [Vulnerability("CVE-2026-1000", LIBSSL, "critical", 9.8)]),
        (shapes.trivy(vulnerabilities=[]), []),
        (
            shapes.grype(),
            [Vulnerability("GHSA-aaaa-bbbb-cccc", LOG4J, "high", 7.5, frozenset({"CVE-2021-44832"}))],
        ),
        (shapes.grype(matches=[]), []),
        (shapes.harbor(), [Vulnerability("CVE-2026-2000", "openssl@3.0.1", "high", 8.1)]),
        (shapes.harbor_answer(), [Vulnerability("CVE-2026-2000", "openssl@3.0.1", "high", 8.1)]),
        (shapes.harbor(vulnerabilities=None), []),
        (shapes.amazon_basic(), [Vulnerability("CVE-2019-5188", "e2fsprogs@1.44.1-1ubuntu1.1", "medium", 4.6)]),
        (
            shapes.amazon_enhanced(),
            [
                Vulnerability("CVE-2026-3000", "libxml2@2.9.14", "high", 8.8),
                Vulnerability("CVE-2026-3000", "libxml2-utils@2.9.14", "high", 8.8),
            ],
        ),
        (shapes.amazon_enhanced(status="CLOSED"), []),
        (in_cosign(shapes.trivy()), [Vulnerability("CVE-2026-1000", LIBSSL, "critical", 9.8)]),
        (in_cosign(shapes.grype(matches=[])), []),
    ],
)
def test_a_report_tells_its_vulnerabilities(told, document, found):
    assert told(document).vulnerabilities == tuple(found)


def suppressing(*suppressed):
    document = shapes.trivy(vulnerabilities=[])
    document["Results"][1]["ExperimentalModifiedFindings"] = list(suppressed)
    return document


@pytest.mark.parametrize(
    ("document", "names"),
    [
        (shapes.grype(matches=[], ignored=[shapes.grype_match(id="CVE-1")]), ["CVE-1"]),
        (shapes.grype(matches=[], ignored=[shapes.grype_match(id="CVE-1", severity="")]), []),
        (
            shapes.grype([shapes.grype_match(id="CVE-1")], ignored=[shapes.grype_match(id="CVE-2")]),
            ["CVE-1", "CVE-2"],
        ),
        (suppressing(shapes.trivy_suppressed(VulnerabilityID="CVE-1")), ["CVE-1"]),
        (suppressing(shapes.trivy_suppressed("not_affected", VulnerabilityID="CVE-1")), ["CVE-1"]),
        (suppressing(shapes.trivy_suppressed(kind="secret")), []),
        (suppressing(shapes.trivy_suppressed(Severity="")), []),
    ],
)
def test_what_a_scanner_was_told_to_ignore_is_there_all_the_same(told, document, names):
    assert [found.id for found in told(document).vulnerabilities] == names


@pytest.mark.parametrize(
    "document",
    [
        shapes.trivy(ArtifactType="cyclonedx"),
        shapes.trivy(ArtifactType="spdx"),
        shapes.grype(kind="sbom"),
        shapes.grype(kind="sbom-file"),
    ],
)
def test_the_scan_of_an_sbom_is_one_of_its_image(told, document):
    assert len(told(document).vulnerabilities) == 1


@pytest.mark.parametrize(
    "document",
    [
        shapes.trivy(ArtifactType="filesystem"),
        shapes.trivy(ArtifactType="repository"),
        shapes.trivy(ArtifactType="vm"),
        shapes.trivy(ArtifactType=None),
        shapes.grype(kind="directory"),
        shapes.grype(kind="file"),
        shapes.grype(kind=None),
        in_cosign(shapes.trivy(ArtifactType="filesystem")),
    ],
)
def test_the_scan_of_something_else_than_an_image_counts_for_nothing(told, document):
    with pytest.raises(Unreadable, match="something else than an image"):
        told(document)


@pytest.mark.parametrize(("ended", "counts"), [(True, False), (False, True), (None, True)])
def test_a_report_on_a_distribution_without_security_data_counts_for_nothing(told, ended, counts):
    document = shapes.trivy()
    document["Metadata"]["OS"]["EOSL"] = ended
    if counts:
        assert len(told(document).vulnerabilities) == 1
    else:
        with pytest.raises(Unreadable, match="gets no security data any more"):
            told(document)


@pytest.mark.parametrize(
    ("document", "at"),
    [
        (shapes.trivy(), datetime(2026, 1, 4, 10, 0, 0, 123456, tzinfo=UTC)),
        (shapes.trivy(CreatedAt="2026-01-04T10:00:00"), None),
        (shapes.trivy(CreatedAt="0001-01-01T00:00:00Z"), None),
        (shapes.trivy(CreatedAt=""), None),
        (shapes.grype(), datetime(2026, 1, 4, 10, 30, 0, 500000, tzinfo=UTC)),
        (shapes.harbor(), NOON),
        (shapes.amazon_basic(), NOON),
        (shapes.amazon({"findings": [], "imageScanCompletedAt": "2026-01-04T13:00:00+01:00"}), NOON),
        (shapes.amazon({"findings": [], "imageScanCompletedAt": 1e300}), None),
        (shapes.amazon({"findings": []}, readAt=1767531600.0), NOON),
        (shapes.amazon({"findings": []}, "ACTIVE", readAt=1767531600.0), NOON + timedelta(hours=1)),
        (shapes.amazon({"imageScanCompletedAt": None}, "ACTIVE", readAt=1767531600.0), NOON + timedelta(hours=1)),
        (shapes.amazon({"findings": []}, "ACTIVE"), NOON),
        (in_cosign(shapes.trivy(CreatedAt="")), datetime(2026, 1, 4, 10, 5, tzinfo=UTC)),
        (in_cosign(shapes.trivy(CreatedAt="2026-01-02T00:00:00Z")), datetime(2026, 1, 2, tzinfo=UTC)),
        (in_cosign(shapes.trivy(CreatedAt="2026-01-09T00:00:00Z")), datetime(2026, 1, 4, 10, 5, tzinfo=UTC)),
    ],
)
def test_a_report_is_as_old_as_the_look_of_its_scanner(told, document, at):
    assert told(document).at == at


def with_database(database):
    document = shapes.grype()
    document["descriptor"]["db"] = database
    return document


def updated(result, at):
    document = shapes.cosign_vulnerabilities(result)
    document["scanner"]["db"] = {"uri": "", "version": "", "lastUpdate": at}
    return shapes.statement(document, predicate_type=VULNERABILITIES)


@pytest.mark.parametrize(
    ("document", "at"),
    [
        (shapes.grype(), datetime(2026, 1, 4, tzinfo=UTC)),
        (with_database({"built": "2026-01-03T00:00:00Z", "schemaVersion": 5}), datetime(2026, 1, 3, tzinfo=UTC)),
        (with_database({"status": {"built": "yesterday"}}), None),
        (with_database("new"), None),
        (shapes.trivy(), None),
        (
            shapes.trivy(Trivy={"Server": {"VulnerabilityDB": {"Version": 2, "UpdatedAt": "2026-01-04T12:00:00Z"}}}),
            NOON,
        ),
        (shapes.trivy(Trivy={"Server": {"VulnerabilityDB": "new"}}), None),
        (shapes.harbor(), None),
        (shapes.amazon_basic(), None),
        (shapes.amazon({"findings": [], "vulnerabilitySourceUpdatedAt": 1767528000.0}), NOON),
        (updated(shapes.trivy(), "2026-01-04T12:00:00Z"), NOON),
        (updated(shapes.grype(), "2026-01-04T12:00:00Z"), datetime(2026, 1, 4, tzinfo=UTC)),
        (updated(shapes.trivy(), None), None),
    ],
)
def test_a_report_tells_how_old_its_scanners_database_is_where_it_says_so(told, document, at):
    assert told(document).database_at == at


@pytest.mark.parametrize(
    ("changed", "component"),
    [
        ({}, LIBSSL),
        ({"PkgIdentifier": {}}, "libssl3@3.5.1-r0"),
        ({"PkgIdentifier": "no object"}, "libssl3@3.5.1-r0"),
        ({"PkgIdentifier": {"PURL": f"pkg:npm/{'a' * 9_000}"}}, "libssl3@3.5.1-r0"),
    ],
)
def test_a_component_without_a_package_url_is_named_by_its_version(told, changed, component):
    document = shapes.trivy([shapes.trivy_vulnerability(**changed)])
    assert told(document).vulnerabilities[0].component == component


@pytest.mark.parametrize(
    ("rating", "score"),
    [
        ({"nvd": {"V2Score": 5.0}}, 5.0),
        ({"nvd": {"V3Score": 5.0, "V40Score": 9.9}}, 9.9),
        ({"nvd": {"V3Score": 11}}, None),
        ({"nvd": {"V3Score": -1}}, None),
        ({"nvd": {"V3Score": "7.5"}}, 7.5),
        ({"nvd": {"V3Score": True}}, None),
        ({"nvd": []}, None),
        ([], None),
    ],
)
def test_the_highest_score_counts_and_none_beyond_the_scale(told, rating, score):
    document = shapes.trivy([shapes.trivy_vulnerability(CVSS=rating)])
    assert told(document).vulnerabilities[0].score == score


@pytest.mark.parametrize(
    ("name", "related", "aliases"),
    [
        ("GHSA-1", ["CVE-1"], {"CVE-1"}),
        ("CVE-1", ["CVE-1"], set()),
        ("CVE-1", ["GHSA-1", "DSA-5", "ALAS-7"], {"GHSA-1"}),
        ("RHSA-2026:1", ["CVE-1", "CVE-2"], set()),
    ],
)
def test_an_advisory_of_a_distribution_makes_no_two_vulnerabilities_one(told, name, related, aliases):
    match = shapes.grype_match(id=name) | {"relatedVulnerabilities": [{"id": other} for other in related]}
    assert told(shapes.grype([match])).vulnerabilities[0].aliases == aliases


def test_of_the_other_names_of_a_finding_fifty_are_read(told):
    match = shapes.grype_match() | {"relatedVulnerabilities": [{"id": f"CVE-{number}"} for number in range(1_000)]}
    assert told(shapes.grype([match])).vulnerabilities[0].aliases == {f"CVE-{number}" for number in range(50)}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (shapes.trivy(Results=[{"Target": "app", "Class": "secret"}]), "did not look through all packages"),
        (shapes.trivy(Results=[{"Target": "app", "Class": "lang-pkgs"}]), "did not look through all packages"),
        (shapes.trivy(Results=None), "did not look through all packages"),
        (shapes.trivy(Results={"Class": "os-pkgs"}), "did not look through all packages"),
        (shapes.trivy(vulnerabilities={}), "not what it should be"),
        (shapes.trivy(vulnerabilities=["CVE-1"]), "not what it should be"),
        (shapes.trivy(vulnerabilities=[{"Severity": "LOW"}]), "no identifier"),
        (shapes.grype(matches=[None]), "not what it should be"),
        (shapes.grype(ignored=[{"artifact": {}, "vulnerability": {"severity": "Low"}}]), "no identifier"),
        (shapes.grype() | {"ignoredMatches": {}}, "not what it should be"),
        (suppressing("CVE-1"), "not what it should be"),
        (shapes.grype(matches=[{}]), "no identifier"),
        ({"scanner": {}, "vulnerabilities": "many"}, "not what it should be"),
        (shapes.harbor_answer({"severity": "None"}), "without a list of vulnerabilities"),
        (shapes.amazon({"findings": []}, status="IN_PROGRESS"), "not complete"),
        (shapes.amazon({"findings": []}, status="FAILED"), "not complete"),
        (shapes.amazon({"findings": []}, nextToken="x"), "only a part"),
        (in_cosign({"runs": []}), "no scanner that is read here"),
        (in_cosign("[]"), "not an object"),
    ],
)
def test_a_report_that_may_leave_something_out_counts_for_nothing(told, document, sentence):
    with pytest.raises(Unreadable, match=sentence):
        told(document)


@pytest.mark.parametrize("system", [None, {}, {"Family": "none", "Name": ""}])
def test_an_image_without_an_operating_system_needs_no_result_for_one(told, system):
    document = shapes.trivy(Results=[{"Target": "app", "Class": "lang-pkgs", "Type": "gobinary"}])
    document["Metadata"]["OS"] = system
    assert told(document).vulnerabilities == ()


@pytest.mark.parametrize("kinds", [None, [], ["secret"], ["config"], ["license"], ["license-file", "secret"]])
@pytest.mark.parametrize("metadata", [{}, {"OS": {"Family": "none"}}, {"OS": {"Family": "alpine"}}])
def test_a_report_in_which_nothing_shows_that_packages_were_looked_through_counts_for_nothing(told, kinds, metadata):
    results = None if kinds is None else [{"Target": "app", "Class": kind} for kind in kinds]
    with pytest.raises(Unreadable, match="did not look through all packages"):
        told(shapes.trivy(Results=results, Metadata=metadata))
