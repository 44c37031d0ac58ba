"""Which attached documents are worth reading: the media types and predicates of components, findings and VEX."""

import re
from typing import Final

IN_TOTO: Final = "application/vnd.in-toto+json"
SPDX: Final = "application/spdx+json"
HARBOR_SBOM: Final = "application/vnd.goharbor.harbor.sbom.v1"

# A document by the media type of its blob, parameters left off.
DOCUMENTS: Final = frozenset(
    {
        IN_TOTO,
        "application/vnd.in-toto.spdx+dsse",
        "application/vnd.in-toto.cyclonedx+dsse",
        "application/vnd.dsse.envelope.v1+json",
        SPDX,
        "text/spdx+json",
        "application/vnd.cyclonedx+json",
        "application/vnd.cyclonedx+xml",
        "application/vnd.cyclonedx",
        "text/vex+json",
        "application/vnd.security.vulnerability.report",
        "application/vnd.scanner.adapter.vuln.report.harbor+json",
    }
)
# "application/vnd.dev.sigstore.bundle.v0.3+json", and of versions before it "...bundle+json;version=0.2" (sigstore's
# protobuf-specs, sigstore_bundle.proto).
BUNDLE: Final = re.compile(r"application/vnd\.dev\.sigstore\.bundle(\.v[0-9.]{1,8})?\+json")
# The JSON of scanners has no registered type, and OpenVEX several: people name the tool or the format between dots, as
# in "application/vnd.aquasec.trivy.report+json", "application/vnd.cncf.openvex.v1+json" or "application/openvex+json".
NAMED: Final = re.compile(r"application/([a-z0-9-]+\.)*(trivy|grype|openvex)(\.[a-z0-9-]+)*\+json")
# What a manifest is called whose layers say more: nothing, an image's or an empty configuration, BuildKit's attestation
# manifest (docs/attestations/attestation-storage.md of moby/buildkit), Harbor's own SBOM (proposal "SBOM generation" of
# goharbor/community), and those of cosign where it writes referrers.
HOLDERS: Final = frozenset(
    {
        "",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.empty.v1+json",
        "application/vnd.docker.attestation.manifest.v1+json",
        HARBOR_SBOM,
        "application/vnd.dev.cosign.artifact.sbom.v1+json",
        "application/vnd.dev.cosign.artifact.att.v1+json",
    }
)
# The media type of a blob that says nothing; then that of the manifest counts.
VAGUE: Final = frozenset({"", "application/json", "application/octet-stream", "application/vnd.oci.image.layer.v1.tar"})

# The beginnings of predicate types, whose ends are versions: of SPDX, CycloneDX, cosign's and in-toto's scans, OpenVEX.
PREDICATES: Final = (
    "https://spdx.dev/Document",
    "https://cyclonedx.org/",
    "https://cosign.sigstore.dev/attestation/vuln/",
    "cosign.sigstore.dev/attestation/vuln/",
    "https://in-toto.io/attestation/vulns",
    "https://openvex.dev/",
)
# What is attached to many images and is no evidence, so that nobody wonders why it is left out: signatures, and
# statements of how an image was built or by whom it was accepted.
BESIDE: Final = frozenset(
    {
        "application/vnd.dev.cosign.artifact.sig.v1+json",
        "application/vnd.dev.cosign.simplesigning.v1+json",
        "application/vnd.cncf.notary.signature",
        "application/vnd.cncf.notary.v2.signature",
        "application/vnd.in-toto.provenance+dsse",
    }
)
PREDICATES_BESIDE: Final = (
    "https://slsa.dev/",
    "https://in-toto.io/Link/",
    "https://in-toto.io/attestation/release",
    "https://sigstore.dev/cosign/sign/",
)
# Where the predicate's type is told: by BuildKit, by cosign beside its envelopes, beside sigstore's bundles.
PREDICATE_KEYS: Final = ("in-toto.io/predicate-type", "predicateType", "dev.sigstore.bundle.predicateType")


def plain(media_type: str) -> str:
    """Return a media type without its parameters, in lower case."""
    return media_type.partition(";")[0].strip().lower()


def is_document(media_type: str) -> bool:
    """Whether a blob of this media type may be a document of use."""
    kind = plain(media_type)
    return kind in DOCUMENTS or any(names.fullmatch(kind) is not None for names in (BUNDLE, NAMED))


def may_hold_documents(artifact_type: str) -> bool:
    """Whether a manifest of this artifact type may hold documents of use."""
    return plain(artifact_type) in HOLDERS or is_document(artifact_type)


def is_predicate_of_use(predicate_type: str) -> bool:
    """Whether a statement of this predicate is of use; one that nobody tells may be."""
    return not predicate_type or predicate_type.startswith(PREDICATES)


def goes_without_saying(media_type: str, predicate_type: str) -> bool:
    """Whether something is left out without a word."""
    return plain(media_type) in BESIDE or predicate_type.startswith(PREDICATES_BESIDE)


def document_type(layer_type: str, artifact_type: str) -> str:
    """Return the media type of a document: of its blob, or of its manifest where the blob's says nothing.

    Harbor keeps the SBOMs that it makes as layers without a type of their own; they are SPDX.
    """
    if plain(layer_type) not in VAGUE:
        return layer_type
    return SPDX if plain(artifact_type) == HARBOR_SBOM else artifact_type
