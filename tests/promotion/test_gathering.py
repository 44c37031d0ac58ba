"""Which platforms of an image a document counts for, and which documents count for nothing."""

from datetime import UTC, datetime

import pytest

from bot.images import Platform
from bot.policies.promotions import Evidence
from bot.promotion import Refused, Source
from bot.promotion.documents import FoundDocument
from bot.promotion.gathering import gathered
from tests.promotion.documents import shapes
from tests.promotion.documents.shapes import AMD, ARM, INDEX, OTHER

HERE = Source(Evidence.REFERRERS, "the referrer")
TWO = ((Platform("linux", "amd64"), AMD), (Platform("linux", "arm64"), ARM))
ONE = ((Platform("linux", "amd64"), AMD),)
WINDOWS = ((Platform("linux", "amd64"), AMD), (Platform("windows", "amd64"), ARM))
VARIANTS = ((Platform("linux", "arm", "v6"), AMD), (Platform("linux", "arm", "v7"), ARM))
SILENT = {"os": "", "architecture": ""}
NEITHER = {"manifestDigest": "", "os": "", "architecture": ""}


def found(document, subject=INDEX, source=HERE):
    return FoundDocument(subject, "", "", shapes.encoded(document), source)


def counted(evidence):
    """Give the digests of the platforms for which anything was found."""
    return [one.digest for one in evidence.platforms if one.inventories or one.reports or one.statements]


@pytest.mark.parametrize(
    ("document", "subject", "platforms", "digests"),
    [
        # Found at the image of a platform.
        (shapes.harbor(), AMD, TWO, [AMD]),
        (shapes.harbor(), ARM, TWO, [ARM]),
        (shapes.trivy(digests=[INDEX]), AMD, TWO, [AMD]),
        (shapes.trivy(digests=[OTHER, AMD]), AMD, TWO, [AMD]),
        (shapes.spdx(), AMD, TWO, [AMD]),
        (shapes.spdx([shapes.spdx_image(OTHER)]), AMD, TWO, [AMD]),
        (shapes.openvex(), ARM, TWO, [ARM]),
        (shapes.cyclonedx(digest=INDEX), AMD, TWO, [AMD]),
        (shapes.grype(manifestDigest=AMD), AMD, TWO, [AMD]),
        (shapes.grype(digests=[INDEX], manifestDigest=AMD), AMD, TWO, [AMD]),
        (shapes.spdx([shapes.spdx_image(ARM, ""), shapes.spdx_image(AMD, ""), shapes.spdx_package()]), AMD, TWO, [AMD]),
        # Found at the index, and naming a platform by its digest.
        (shapes.grype(manifestDigest=ARM), INDEX, TWO, [ARM]),
        (shapes.grype(digests=[ARM], manifestDigest=""), INDEX, TWO, [ARM]),
        (shapes.spdx([shapes.spdx_image(ARM)]), INDEX, TWO, [ARM]),
        (shapes.cyclonedx(digest=AMD), INDEX, TWO, [AMD]),
        (shapes.amazon_basic(), INDEX, TWO, [AMD]),
        # Found at the index, and naming a platform by its system and architecture.
        (shapes.trivy(), INDEX, TWO, [AMD]),
        (shapes.trivy(platform=("linux", "arm64")), INDEX, TWO, [ARM]),
        (shapes.trivy(platform=("linux", "aarch64")), INDEX, TWO, [ARM]),
        (shapes.trivy(platform=("windows", "amd64")), INDEX, WINDOWS, [ARM]),
        (shapes.grype(), INDEX, TWO, [AMD]),
        (shapes.cyclonedx(), INDEX, TWO, [AMD]),
        (shapes.spdx([shapes.spdx_image(OTHER, "arm64")]), INDEX, TWO, [ARM]),
        # Found at the index of one platform, or at an image that is no index.
        (shapes.harbor(), INDEX, ONE, [AMD]),
        (shapes.grype(**NEITHER), INDEX, ONE, [AMD]),
        (shapes.buildkit_spdx(), INDEX, ONE, [AMD]),
        (shapes.buildkit_spdx(), INDEX, ((None, INDEX),), [INDEX]),
        (shapes.trivy(platform=("linux", "s390x")), INDEX, ((None, INDEX),), [INDEX]),
        # What only explains vulnerabilities is about all of the index.
        (shapes.openvex(), INDEX, TWO, [AMD, ARM]),
        (shapes.openvex([{"@id": f"pkg:oci/app@{INDEX}"}]), INDEX, TWO, [AMD, ARM]),
        (shapes.openvex([{"@id": f"pkg:oci/app@{ARM}"}]), INDEX, TWO, [ARM]),
        (shapes.openvex([{"@id": f"pkg:oci/app@{OTHER}"}]), INDEX, TWO, []),
        # In a statement about what it was found at.
        (shapes.statement(shapes.spdx([shapes.spdx_image(ARM)]), subject=ARM), ARM, ((None, AMD), (None, ARM)), [ARM]),
        (shapes.statement(shapes.spdx(), subject=INDEX), INDEX, TWO, [AMD]),
    ],
)
def test_the_platforms_that_a_document_counts_for(document, subject, platforms, digests):
    evidence = gathered([found(document, subject)], platforms, INDEX)
    assert (counted(evidence), evidence.refused) == (digests, ())


@pytest.mark.parametrize(
    ("document", "subject", "platforms", "reason"),
    [
        (shapes.harbor(), OTHER, TWO, "it is about a digest that is no part of this image"),
        (shapes.trivy(digests=[OTHER]), AMD, TWO, "it names the digest of another image"),
        (shapes.trivy(digests=[OTHER]), INDEX, ONE, "it names the digest of another image"),
        (shapes.grype(digests=[OTHER]), AMD, TWO, "it names the digest of another image"),
        (shapes.amazon_basic(), INDEX, ((None, OTHER),), "it names the digest of another image"),
        (shapes.cyclonedx(properties=[f"o/app@{OTHER}"]), AMD, TWO, "it names the digest of another image"),
        (shapes.trivy(digests=[ARM]), AMD, TWO, "it names the digest of another platform"),
        (shapes.amazon_basic(), ARM, TWO, "it names the digest of another platform"),
        (shapes.cyclonedx(digest=AMD), ARM, TWO, "it names the digest of another platform"),
        (shapes.grype(manifestDigest=ARM, **SILENT), AMD, TWO, "it names the digest of another platform"),
        (shapes.spdx([shapes.spdx_image(AMD, "")]), ARM, TWO, "it names the digest of another platform"),
        (shapes.trivy(platform=("linux", "arm64")), AMD, TWO, "it is about another platform (linux/arm64)"),
        (shapes.trivy(platform=("linux", "s390x")), INDEX, TWO, "it is about another platform (linux/s390x)"),
        (shapes.trivy(platform=("linux", "`@me`")), INDEX, ONE, "it is about another platform (one that nobody knows)"),
        (shapes.cyclonedx(), INDEX, WINDOWS, "it is about the index, and what it says fits more than one platform"),
        (shapes.harbor(), INDEX, TWO, "it is about the index, and does not say which platform it is about"),
        (shapes.grype(**NEITHER), INDEX, TWO, "it is about the index, and does not say which platform it is about"),
        (shapes.buildkit_spdx(), INDEX, TWO, "it is about the index, and does not say which platform it is about"),
        (
            shapes.statement(shapes.spdx(), subject=ARM),
            AMD,
            TWO,
            "it is a statement about another digest than the one it was found at",
        ),
    ],
)
def test_a_document_about_something_else_is_refused_with_the_reason(document, subject, platforms, reason):
    evidence = gathered([found(document, subject)], platforms, INDEX)
    assert (counted(evidence), evidence.refused) == ([], (Refused("the referrer", reason),))


def test_a_variant_of_arm_is_told_apart():
    document = shapes.trivy()
    document["Metadata"]["ImageConfig"] = {"os": "linux", "architecture": "arm", "variant": "v6"}
    assert counted(gathered([found(document)], VARIANTS, INDEX)) == [AMD]


def test_an_architecture_without_a_variant_fits_each_of_its_variants():
    document = shapes.trivy(platform=("linux", "arm"))
    [refused] = gathered([found(document)], VARIANTS, INDEX).refused
    assert refused.reason.endswith("fits more than one platform")


@pytest.mark.parametrize(("signer", "counts"), [("", []), ("ci@example.com", [AMD])])
def test_only_signed_documents_count_where_signatures_are_required(signer, counts):
    source = Source(Evidence.ATTESTATION, "the attestation", signer=signer)
    evidence = gathered([found(shapes.trivy(), AMD, source)], TWO, INDEX, signed_only=True)
    assert (counted(evidence), len(evidence.refused)) == (counts, not counts)


def test_documents_of_one_platform_stand_side_by_side():
    documents = [found(shapes.trivy()), found(shapes.grype()), found(shapes.spdx()), found(shapes.openvex())]
    amd, arm = gathered(documents, TWO, INDEX).platforms
    assert (len(amd.reports), len(amd.inventories), len(amd.statements)) == (2, 1, 1)
    assert (len(arm.reports), len(arm.inventories), len(arm.statements)) == (0, 0, 1)


def test_a_document_that_cannot_be_read_takes_no_other_along():
    documents = [FoundDocument(INDEX, "", "", b"{", HERE), found(shapes.trivy())]
    evidence = gathered(documents, TWO, INDEX)
    assert (counted(evidence), evidence.refused) == ([AMD], (Refused("the referrer", "it is not JSON"),))


def test_what_the_caller_knows_already_is_kept():
    known = Refused("the attestation", "its signature is broken")
    evidence = gathered([], TWO, INDEX, pending=["Harbor is scanning linux/arm64"], refused=[known])
    assert (evidence.pending, evidence.refused) == (("Harbor is scanning linux/arm64",), (known,))


REGISTRY = Source(Evidence.REGISTRY, "Harbor's scanner")
REPORT = Source(Evidence.REPORT, "a report posted to ci")


@pytest.mark.parametrize("source", [REGISTRY, REPORT])
@pytest.mark.parametrize(
    ("document", "reason"),
    [
        ({}, "it is of no kind that is read here"),
        (shapes.harbor(vulnerabilities="many"), "one of its lists is not what it should be"),
        (shapes.harbor(), "it is about the index, and does not say which platform it is about"),
    ],
)
def test_a_listed_report_that_counts_for_nothing_is_said_to_be_unread(source, document, reason):
    evidence = gathered([found(document, INDEX, source)], TWO, INDEX)
    assert evidence.refused == (Refused(source.place, reason),)
    assert evidence.unread == (f"{source.place} counts for nothing: {reason}",)


@pytest.mark.parametrize(
    ("document", "subject", "source"),
    [
        (shapes.trivy(digests=[OTHER]), AMD, REPORT),
        (shapes.trivy(platform=("linux", "s390x")), AMD, REPORT),
        (shapes.harbor(), OTHER, REGISTRY),
        (shapes.statement(shapes.spdx(), subject=ARM), AMD, REPORT),
        ({}, AMD, HERE),
        ({}, AMD, Source(Evidence.ATTESTATION, "the attestation")),
    ],
)
def test_what_is_about_something_else_or_from_elsewhere_is_no_unread_report(document, subject, source):
    evidence = gathered([found(document, subject, source)], TWO, INDEX)
    assert (len(evidence.refused), evidence.unread) == (1, ())


def test_a_report_that_nobody_could_sign_is_no_unread_one():
    assert gathered([found({}, AMD, REGISTRY)], TWO, INDEX, signed_only=True).unread == ()


def test_unread_reports_that_the_caller_knows_come_first():
    evidence = gathered([found({}, AMD, REPORT)], TWO, INDEX, unread=["Harbor's report is too large"])
    assert evidence.unread[0] == "Harbor's report is too large"
    assert len(evidence.unread) == 2


@pytest.mark.parametrize("source", [REGISTRY, REPORT])
def test_what_a_pusher_attaches_leaves_room_for_listed_reports(source):
    large = found(shapes.trivy([{"VulnerabilityID": "CVE-1"}] * 99_999), AMD)
    evidence = gathered([large, large, found(shapes.harbor(), AMD, source)], TWO, INDEX)
    assert [report.source.kind for report in evidence.platforms[0].reports] == [source.kind, Evidence.REFERRERS]
    assert evidence.unread == ()


def test_posted_reports_leave_room_for_that_of_the_registry_and_are_unread_where_they_find_none():
    large = found(shapes.trivy([{"VulnerabilityID": "CVE-1"}] * 100_000), AMD, REPORT)
    evidence = gathered([large, found(shapes.trivy(), AMD, REGISTRY)], TWO, INDEX)
    assert [report.source.kind for report in evidence.platforms[0].reports] == [Evidence.REGISTRY]
    assert evidence.unread == (
        "a report posted to ci counts for nothing: the documents about this image hold more than can be read",
    )


def test_a_statement_for_many_platforms_counts_on_each_of_them():
    platforms = [(None, f"sha256:{number:064x}") for number in range(200)]
    names = {"name": "CVE-1", "aliases": [f"GHSA-{number}" for number in range(40)]}
    components = [{"@id": f"pkg:npm/{number}@1"} for number in range(100)]
    document = shapes.openvex([{"@id": f"pkg:oci/app@{INDEX}", "subcomponents": components}], vulnerability=names)
    evidence = gathered([found(document)], platforms, INDEX)
    assert (counted(evidence), [refused.reason for refused in evidence.refused]) == (
        [],
        ["the documents about this image hold more than can be read"],
    )


def test_the_source_names_the_tool_and_the_time_of_the_document():
    [platform, _] = gathered([found(shapes.harbor(), AMD)], TWO, INDEX).platforms
    [report] = platform.reports
    noon = datetime(2026, 1, 4, 12, tzinfo=UTC)
    assert report.source == Source(Evidence.REFERRERS, "the referrer, Trivy v0.61.0", noon)
    assert report.made_at == noon


def test_a_report_keeps_the_time_of_its_scanners_database():
    [platform, _] = gathered([found(shapes.grype(), AMD)], TWO, INDEX).platforms
    assert platform.reports[0].database_at == datetime(2026, 1, 4, tzinfo=UTC)


def test_the_tool_is_not_named_twice():
    source = Source(Evidence.REGISTRY, "Harbor's scanner Trivy v0.61.0")
    [platform, _] = gathered([found(shapes.harbor(), AMD, source)], TWO, INDEX).platforms
    assert platform.reports[0].source.place == "Harbor's scanner Trivy v0.61.0"


def test_the_time_of_the_source_is_not_when_the_scanner_looked():
    source = Source(Evidence.REPORT, "posted", datetime(2026, 1, 5, tzinfo=UTC))
    [platform, _] = gathered([found(shapes.trivy(CreatedAt=""), AMD, source)], TWO, INDEX).platforms
    assert platform.reports[0].made_at is None


def test_an_image_of_no_platform_has_no_evidence():
    assert gathered([found(shapes.openvex())], (), INDEX).platforms == ()
