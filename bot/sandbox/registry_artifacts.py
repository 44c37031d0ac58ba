"""What is kept beside an image: referrers with their fallback tag, and the tags that cosign writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.sandbox.registry_blobs import Stored, json_bytes

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
EMPTY = Stored("application/vnd.oci.empty.v1+json", b"{}")

# A layer of an artifact: its media type, its bytes, and the annotations of its descriptor.
Layers = Sequence[tuple[str, bytes, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A manifest that is no runnable image, and the blobs it names."""

    blobs: tuple[Stored, ...]
    manifest: Stored


def referrer(subject: Stored, artifact_type: str, layers: Layers, annotations: Mapping[str, str]) -> Artifact:
    """Return the manifest of an artifact that refers to `subject`.

    Shape: "Guidelines for Artifact Usage", image manifest of the OCI image specification 1.1.
    """
    blobs = tuple(Stored(media_type, content) for media_type, content, _ in layers) or (EMPTY,)
    fields: dict[str, Any] = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "artifactType": artifact_type,
        "config": EMPTY.descriptor(),
        "layers": _described(layers) or [EMPTY.descriptor()],
        "subject": subject.descriptor(),
    }
    if annotations:
        fields["annotations"] = dict(annotations)
    return Artifact((EMPTY, *blobs), Stored(MANIFEST, json_bytes(fields)))


def referrers_index(standing: bytes | None, artifact: Artifact) -> Stored:
    """Return the index for the fallback tag, with one artifact more than `standing` has (None: no such index yet).

    Shape: "Referrers Tag Schema", OCI distribution specification 1.1.
    """
    new = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
    index: dict[str, Any] = json.loads(standing) if standing else new
    manifest = json.loads(artifact.manifest.content)
    entry = {**artifact.manifest.descriptor(), "artifactType": manifest["artifactType"]}
    if "annotations" in manifest:
        entry["annotations"] = manifest["annotations"]
    others = [one for one in index["manifests"] if one["digest"] != entry["digest"]]
    return Stored(INDEX, json_bytes({**index, "manifests": [*others, entry]}))


def cosign_image(layers: Layers) -> Artifact:
    """Return the manifest that cosign keeps under `sha256-<hex>.sig`, `.att` or `.sbom`.

    Shape: SIGNATURE_SPEC.md and ATTESTATION_SPEC.md of cosign's specifications.
    """
    blobs = tuple(Stored(media_type, content) for media_type, content, _ in layers)
    rootfs = {"type": "layers", "diff_ids": [blob.digest for blob in blobs]}
    config = Stored(CONFIG, json_bytes({"architecture": "", "os": "", "config": {}, "rootfs": rootfs}))
    fields = {
        "schemaVersion": 2,
        "mediaType": MANIFEST,
        "config": config.descriptor(),
        "layers": _described(layers),
    }
    return Artifact((config, *blobs), Stored(MANIFEST, json_bytes(fields)))


def tag_of(digest: str, suffix: str = "") -> str:
    """Return the tag that stands for what is kept beside a digest: `sha256-<hex>`, and `.suffix` where one is given."""
    return digest.replace(":", "-") + (f".{suffix}" if suffix else "")


def _described(layers: Layers) -> list[dict[str, Any]]:
    return [
        {**Stored(media_type, content).descriptor(), **({"annotations": dict(notes)} if notes else {})}
        for media_type, content, notes in layers
    ]
