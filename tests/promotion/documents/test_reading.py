"""How a document is told from others, unwrapped, and refused where it is not what it is called."""

import pytest

from bot.promotion.documents import of_report
from bot.promotion.documents.told import Unreadable
from tests.promotion.documents import shapes

SPDX = "https://spdx.dev/Document"
IN_TOTO = "application/vnd.in-toto+json"
PROVENANCE = "https://slsa.dev/provenance/v1"


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (shapes.spdx(), "application/spdx+json"),
        (shapes.spdx(), "text/spdx+json"),
        (shapes.spdx(), "application/json"),
        (shapes.cyclonedx(), "application/vnd.cyclonedx+json; version=1.6"),
        (shapes.statement(shapes.spdx()), IN_TOTO),
        (shapes.statement(shapes.spdx(), predicate_type=f"{SPDX}/v2.3"), IN_TOTO),
        (shapes.statement({"Data": shapes.encoded(shapes.spdx()).decode()}), IN_TOTO),
        (shapes.statement(shapes.encoded(shapes.spdx()).decode()), IN_TOTO),
        (shapes.envelope(shapes.statement(shapes.spdx())), "application/vnd.dsse.envelope.v1+json"),
        (shapes.bundle(shapes.statement(shapes.spdx())), "application/vnd.dev.sigstore.bundle.v0.3+json"),
    ],
)
def test_components_are_found_however_they_are_wrapped(told, document, media_type):
    assert [component.is_package for component in told(document, media_type).components].count(True) == 1


@pytest.mark.parametrize(
    ("document", "media_type"),
    [
        (shapes.harbor(), "application/vnd.security.vulnerability.report; version=1.1"),
        (shapes.harbor(), "application/vnd.scanner.adapter.vuln.report.harbor+json; version=1.0"),
        (shapes.trivy(), "application/json"),
        (
            shapes.statement(
                shapes.cosign_vulnerabilities(shapes.trivy()),
                predicate_type="cosign.sigstore.dev/attestation/vuln/v1",
            ),
            IN_TOTO,
        ),
    ],
)
def test_a_report_is_found_by_what_it_is_called_or_by_its_shape(told, document, media_type):
    assert len(told(document, media_type).vulnerabilities) == 1


@pytest.mark.parametrize(
    ("document", "predicate_type"),
    [
        (shapes.statement({"buildDefinition": {}}, predicate_type=PROVENANCE), ""),
        (shapes.statement({}, predicate_type="https://slsa.dev/verification_summary/v1"), ""),
        (shapes.envelope(shapes.statement({}, predicate_type=PROVENANCE)), ""),
        ({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": {}}, ""),
        (b"never looked at", PROVENANCE),
    ],
)
def test_what_is_beside_the_point_says_nothing_and_is_no_mistake(told, document, predicate_type):
    assert told(document, predicate_type=predicate_type) is None


@pytest.mark.parametrize(
    ("document", "media_type", "sentence"),
    [
        (shapes.spdx(), "application/vnd.cyclonedx+json", "called CycloneDX, but is none"),
        (shapes.cyclonedx(), "application/spdx+json", "called SPDX, but is none"),
        (shapes.statement(shapes.cyclonedx()), IN_TOTO, "called SPDX, but is none"),
        ({}, "application/vnd.security.vulnerability.report; version=1.1", "called Harbor's report, but is none"),
        (shapes.spdx(), IN_TOTO, "called an in-toto statement, but is none"),
        ({"hello": "world"}, "", "of no kind"),
        (shapes.statement({}, predicate_type="https://example.com/mine"), IN_TOTO, "of no kind"),
        (shapes.envelope(shapes.spdx()), "", "holds no in-toto statement"),
        (shapes.envelope(shapes.statement(shapes.spdx()), "text/plain"), "", "holds no in-toto statement"),
        ({"payloadType": IN_TOTO, "payload": "%%%"}, "", "not base64"),
        ({"payloadType": IN_TOTO, "payload": "ä"}, "", "not base64"),
        ({"payloadType": IN_TOTO, "payload": None}, "", "has no payload"),
        ({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json"}, "", "holds no in-toto statement"),
        (shapes.statement(shapes.spdx(), subject=shapes.ARM), "", "about another digest"),
        (shapes.envelope(shapes.statement(shapes.spdx(), subject=shapes.ARM)), "", "about another digest"),
        (shapes.statement(shapes.spdx(), subject=shapes.AMD.upper()), "", "about another digest"),
        (shapes.statement(shapes.spdx()) | {"subject": []}, "", "about nothing"),
        (shapes.statement(shapes.spdx()) | {"subject": [{"digest": {"sha1": "a"}}]}, "", "about nothing"),
        (shapes.statement(None), "", "without a predicate"),
    ],
)
def test_what_does_not_belong_counts_for_nothing(told, document, media_type, sentence):
    with pytest.raises(Unreadable, match=sentence):
        told(document, media_type)


@pytest.mark.parametrize(
    ("report", "image"),
    [
        (shapes.trivy(digests=[shapes.AMD]), ("ghcr.io/o/app", shapes.AMD)),
        (shapes.grype(digests=[shapes.INDEX]), ("ghcr.io/o/app", shapes.INDEX)),
        (
            shapes.trivy(Metadata={"RepoDigests": [f"alpine@{shapes.AMD}"]}),
            ("docker.io/library/alpine", shapes.AMD),
        ),
        (shapes.trivy(digests=[shapes.AMD, shapes.AMD]), ("ghcr.io/o/app", shapes.AMD)),
        (shapes.trivy(digests=[shapes.AMD, shapes.ARM]), None),
        (shapes.trivy(), None),
        (shapes.trivy(Metadata={"RepoDigests": ["no image", "a:1", f"A B@{shapes.AMD}"]}), None),
        (shapes.grype(matches=[]), None),
        (shapes.spdx(), None),
        ([], None),
    ],
)
def test_which_image_a_posted_report_names(report, image):
    assert of_report(shapes.encoded(report)) == image


def test_a_report_that_is_no_json_names_no_image():
    assert of_report(b"\xff") is None
