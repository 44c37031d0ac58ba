"""What BuildKit attests of an image in its index: in-toto statements, as the layers of a manifest of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.registry_blobs import Stored, json_bytes

IN_TOTO = "application/vnd.in-toto+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"


@dataclass(frozen=True, slots=True)
class Attestation:
    """A statement about one platform's image, or (platform "") about each of them.

    predicate: what is said, such as an SPDX document; the statement around it names the platform's manifest. statement:
    exactly these bytes instead, however wrong.
    """

    predicate_type: str
    predicate: Mapping[str, Any] = field(default_factory=dict)
    platform: str = ""
    statement: bytes | None = None

    def of(self, subject: Stored) -> bytes:
        """Return the in-toto statement (JSON) about a manifest."""
        if self.statement is not None:
            return self.statement
        return in_toto_statement(self.predicate_type, self.predicate, subject.digest)


def in_toto_statement(predicate_type: str, predicate: Mapping[str, Any], digest: str, name: str = "image") -> bytes:
    """Return an in-toto statement, version 0.1 as BuildKit and cosign write it, about `digest` as JSON."""
    algorithm, _, digits = digest.partition(":")
    return json_bytes(
        {
            "_type": "https://in-toto.io/Statement/v0.1",
            "predicateType": predicate_type,
            "subject": [{"name": name, "digest": {algorithm: digits}}],
            "predicate": predicate,
        }
    )


def attestation_manifest(subject: Stored, attestations: Sequence[Attestation]) -> tuple[tuple[Stored, ...], Stored]:
    """Return the blobs and the manifest that hold what is attested of a platform's manifest.

    Shapes: "Image attestation storage" in BuildKit's documentation (docs/attestations/attestation-storage.md).
    """
    layers = [Stored(IN_TOTO, attestation.of(subject)) for attestation in attestations]
    rootfs = {"type": "layers", "diff_ids": [layer.digest for layer in layers]}
    config = Stored(CONFIG, json_bytes({"architecture": "unknown", "os": "unknown", "config": {}, "rootfs": rootfs}))
    named = [
        {**layer.descriptor(), "annotations": {"in-toto.io/predicate-type": attestation.predicate_type}}
        for layer, attestation in zip(layers, attestations, strict=True)
    ]
    manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config.descriptor(), "layers": named}
    return (config, *layers), Stored(MANIFEST, json_bytes(manifest))
