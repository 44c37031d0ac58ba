"""Documents in the shapes in which tools write them, and what they are wrapped in."""

import base64
import json

from tests.promotion.documents.digests import AMD, ARM, INDEX, OTHER
from tests.promotion.documents.shapes_of_sboms import (
    ALPINE,
    LOCK_FILE,
    buildkit_spdx,
    cyclonedx,
    cyclonedx_component,
    cyclonedx_vulnerability,
    spdx,
    spdx_image,
    spdx_package,
)
from tests.promotion.documents.shapes_of_scans import (
    amazon,
    amazon_basic,
    amazon_enhanced,
    cosign_vulnerabilities,
    grype,
    grype_match,
    harbor,
    harbor_answer,
    trivy,
    trivy_suppressed,
    trivy_vulnerability,
)

__all__ = [
    "ALPINE",
    "AMD",
    "ARM",
    "INDEX",
    "LOCK_FILE",
    "OTHER",
    "amazon",
    "amazon_basic",
    "amazon_enhanced",
    "buildkit_spdx",
    "bundle",
    "cosign_vulnerabilities",
    "cyclonedx",
    "cyclonedx_component",
    "cyclonedx_vulnerability",
    "encoded",
    "envelope",
    "grype",
    "grype_match",
    "harbor",
    "harbor_answer",
    "openvex",
    "spdx",
    "spdx_image",
    "spdx_package",
    "statement",
    "trivy",
    "trivy_suppressed",
    "trivy_vulnerability",
]


def encoded(document):
    return json.dumps(document).encode()


def openvex(products=None, status="not_affected", **changed):
    """OpenVEX 0.2.0 (openvex/spec, OPENVEX-SPEC.md)."""
    statement = {
        "vulnerability": {"name": "CVE-2026-1000", "aliases": ["GHSA-aaaa-bbbb-cccc"]},
        "products": [{"@id": f"pkg:oci/app@{INDEX}?repository_url=ghcr.io%2Fo%2Fapp"}]
        if products is None
        else products,
        "status": status,
        "justification": "vulnerable_code_not_in_execute_path",
    }
    return {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": "https://openvex.dev/docs/public/vex-1",
        "author": "Security <security@example.com>",
        "timestamp": "2026-01-03T00:00:00.000000001Z",
        "version": 1,
        "statements": [statement | changed],
    }


def statement(predicate, subject=AMD, predicate_type="https://spdx.dev/Document", version="v0.1"):
    """An in-toto statement (in-toto/attestation); BuildKit writes v0.1, with a package URL as the subject's name."""
    return {
        "_type": f"https://in-toto.io/Statement/{version}",
        "predicateType": predicate_type,
        "subject": [
            {
                "name": "pkg:docker/ghcr.io/o/app@1.2?platform=linux%2Famd64",
                "digest": {"sha256": subject.removeprefix("sha256:")},
            }
        ],
        "predicate": predicate,
    }


def envelope(document, payload_type="application/vnd.in-toto+json"):
    """A DSSE envelope as cosign writes it (secure-systems-lab/dsse, envelope.md)."""
    payload = base64.b64encode(encoded(document)).decode()
    return {"payloadType": payload_type, "payload": payload, "signatures": [{"keyid": "", "sig": "MEUCIQ=="}]}


def bundle(document):
    """A Sigstore bundle as an OCI referrer holds it (sigstore/protobuf-specs, sigstore_bundle.proto)."""
    return {
        "mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json",
        "verificationMaterial": {"certificate": {"rawBytes": "MIIC"}, "tlogEntries": []},
        "dsseEnvelope": envelope(document),
    }
