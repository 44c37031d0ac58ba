"""Builds tiny images, byte for byte the same for the same wish, as a registry stores them."""

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

PLATFORMS = ("linux/amd64", "linux/arm64")


@dataclass(frozen=True, slots=True)
class MediaTypes:
    """The four names that one family of image formats uses."""

    index: str
    manifest: str
    config: str
    layer: str


class ImageFormat(Enum):
    """The two families of media types; today's builders write OCI, older ones Docker's."""

    OCI = MediaTypes(
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.image.layer.v1.tar+gzip",
    )
    DOCKER = MediaTypes(
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
    )


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that a registry keeps under their digest."""

    media_type: str
    content: bytes

    @property
    def digest(self) -> str:
        """The address of the bytes: `sha256:` and 64 hexadecimal digits."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"

    def descriptor(self) -> dict[str, Any]:
        """How another manifest names these bytes."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.content)}


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """One platform's part of an image: its blobs, and the manifest that names them."""

    platform: str
    blobs: tuple[Stored, ...]
    manifest: Stored


@dataclass(frozen=True, slots=True)
class Image:
    """A whole image: its platforms and what the tag points at (an index, or the only platform's manifest)."""

    parts: tuple[PlatformImage, ...]
    top: Stored

    def part(self, platform: str) -> PlatformImage:
        """Return the part for a platform; raises KeyError when the image was not built for it."""
        return {part.platform: part for part in self.parts}[platform]


def build_image(
    name: str,
    platforms: Sequence[str] = PLATFORMS,
    *,
    index: bool | None = None,
    created: datetime | None = None,
    content: str = "",
    image_format: ImageFormat = ImageFormat.OCI,
    attestations: bool = False,
    labels: Mapping[str, str] | None = None,
) -> Image:
    """Build an image of one small layer for each platform (`os/architecture[/variant]`).

    index: whether the tag points at an index; by default when there is more than one platform. Different `content`
    under the same name gives different digests. attestations: the index also lists an `unknown/unknown` child, as
    BuildKit adds for provenance. labels: what the configuration of each platform says of the image.
    """
    types = image_format.value
    told = _Told(created, labels or {})
    parts = tuple(_platform_image(name, platform, told, content, types) for platform in platforms)
    if not (len(parts) > 1 if index is None else index):
        return Image(parts, parts[0].manifest)
    if attestations:
        parts = (*parts, _platform_image(name, "unknown/unknown", told, content, types))
    return Image(parts, _index(parts, types))


class _Told(NamedTuple):
    """What an image's configuration says of it."""

    created: datetime | None
    labels: Mapping[str, str]


def _platform_image(name: str, platform: str, told: _Told, content: str, types: MediaTypes) -> PlatformImage:
    archive = _archive(f"{name} {platform} {content}\n".encode())
    layer = Stored(types.layer, gzip.compress(archive, mtime=0))
    config: dict[str, Any] = {
        **platform_fields(platform),
        "config": {"Cmd": ["/hello"], **({"Labels": dict(told.labels)} if told.labels else {})},
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(archive).hexdigest()}"]},
    }
    if told.created is not None:
        config["created"] = told.created.isoformat()
    configuration = Stored(types.config, _json(config))
    manifest = {"config": configuration.descriptor(), "layers": [layer.descriptor()]}
    return PlatformImage(platform, (configuration, layer), _manifest(types.manifest, manifest))


def _index(parts: Sequence[PlatformImage], types: MediaTypes) -> Stored:
    children = [{**part.manifest.descriptor(), "platform": platform_fields(part.platform)} for part in parts]
    return _manifest(types.index, {"manifests": children})


def _manifest(media_type: str, fields: Mapping[str, Any]) -> Stored:
    return Stored(media_type, _json({"schemaVersion": 2, "mediaType": media_type, **fields}))


def platform_fields(platform: str) -> dict[str, str]:
    """Return `linux/arm/v7` as the fields os, architecture and (if there is one) variant."""
    return dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))


def _archive(content: bytes) -> bytes:
    output = io.BytesIO()
    with tarfile.open(fileobj=output, mode="w") as archive:
        entry = tarfile.TarInfo("hello")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return output.getvalue()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
