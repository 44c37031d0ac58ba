"""Writes a small image as a folder in the OCI image layout, for programs that are not ours to push."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"

Descriptor = dict[str, Any]


def write_layout(folder: Path, tag: str, platforms: Sequence[str], *, created: datetime | None = None) -> None:
    """Write an image for these platforms (`os/architecture[/variant]`) under a tag into a new folder.

    An index when there are several platforms, else one plain manifest (OCI Image Layout Specification 1.0). created:
    what the configurations of all platforms say; None: they say nothing.
    """
    blobs = folder / "blobs/sha256"
    blobs.mkdir(parents=True)
    images = [_image(blobs, f"{tag} for {platform}", platform, created) for platform in platforms]
    top = images[0] if len(images) == 1 else _document(blobs, INDEX, {"manifests": images})
    named = {**top, "annotations": {"org.opencontainers.image.ref.name": tag}}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [named]}))
    (folder / "oci-layout").write_text(json.dumps({"imageLayoutVersion": "1.0.0"}))


def _image(blobs: Path, text: str, platform: str, created: datetime | None) -> Descriptor:
    archive = _archive(text.encode())
    fields = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
    configuration: dict[str, Any] = {
        **fields,
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": [_digest(archive)]},
        "history": [{"created_by": "a test"}],
    }
    if created:
        configuration["created"] = created.isoformat()
    config = _blob(blobs, CONFIGURATION, json.dumps(configuration).encode())
    layer = _blob(blobs, LAYER, gzip.compress(archive, mtime=0))
    return {**_document(blobs, MANIFEST, {"config": config, "layers": [layer]}), "platform": fields}


def _document(blobs: Path, media_type: str, content: Mapping[str, Any]) -> Descriptor:
    return _blob(blobs, media_type, json.dumps({"schemaVersion": 2, "mediaType": media_type, **content}).encode())


def _blob(blobs: Path, media_type: str, content: bytes) -> Descriptor:
    digest = _digest(content)
    (blobs / digest.removeprefix("sha256:")).write_bytes(content)
    return {"mediaType": media_type, "digest": digest, "size": len(content)}


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _archive(content: bytes) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        entry = tarfile.TarInfo("text")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return output.getvalue()
