"""Builds images, byte for byte the same for the same wish, as a registry stores them."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from bot.sandbox.registry_attestations import Attestation, attestation_manifest
from bot.sandbox.registry_blobs import Blob, GrownLayer, Stored, json_bytes

PLATFORMS = ("linux/amd64", "linux/arm64")


@dataclass(frozen=True, slots=True)
class MediaTypes:
    """The names that one family of image formats uses."""

    index: str
    manifest: str
    config: str
    layer: str
    plain_layer: str


class ImageFormat(Enum):
    """The two families of media types; today's builders write OCI, older ones Docker's."""

    OCI = MediaTypes(
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.oci.image.layer.v1.tar+gzip",
        "application/vnd.oci.image.layer.v1.tar",
    )
    DOCKER = MediaTypes(
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.container.image.v1+json",
        "application/vnd.docker.image.rootfs.diff.tar.gzip",
        "application/vnd.docker.image.rootfs.diff.tar",
    )


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """One platform's part of an image: its blobs, the manifest that names them, and what an index notes beside it."""

    platform: str
    blobs: tuple[Blob, ...]
    manifest: Stored
    annotations: Mapping[str, str] = field(default_factory=dict)

    def descriptor(self) -> dict[str, Any]:
        """How an index names this part."""
        told = {"annotations": dict(self.annotations)} if self.annotations else {}
        return {**self.manifest.descriptor(), "platform": platform_fields(self.platform), **told}


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
    attestations: bool | Sequence[Attestation] = False,
    labels: Mapping[str, str] | None = None,
    layers: Sequence[int] = (),
) -> Image:
    """Build an image of one small layer for each platform (`os/architecture[/variant]`).

    index: whether the tag points at an index; by default when there is more than one platform. Different `content`
    under the same name gives different digests. attestations: True: the index also lists an `unknown/unknown` child, as
    BuildKit adds for provenance; a list: one such child for each platform, as BuildKit writes it, with what the list
    attests of that platform. labels: what the configuration of each platform says of the image. layers: the sizes, in
    bytes, of further layers for each platform; their bytes do not compress, are made when they are pushed, and are the
    same for the same `content`, whatever the image's name.
    """
    types = image_format.value
    told = _Told(created, labels or {}, tuple(layers))
    parts = tuple(_platform_image(name, platform, told, content, types) for platform in platforms)
    if not (len(parts) > 1 if index is None else index):
        return Image(parts, parts[0].manifest)
    if attestations is True:
        parts = (*parts, _platform_image(name, "unknown/unknown", told, content, types))
    elif attestations:
        parts = (*parts, *(_attested(part, attestations) for part in parts))
    return Image(parts, _index(parts, types))


def _attested(part: PlatformImage, attestations: Sequence[Attestation]) -> PlatformImage:
    """Return the child of an index that holds what is attested of another child, by its annotations."""
    about = [attestation for attestation in attestations if attestation.platform in {"", part.platform}]
    blobs, manifest = attestation_manifest(part.manifest, about)
    notes = {
        "vnd.docker.reference.digest": part.manifest.digest,
        "vnd.docker.reference.type": "attestation-manifest",
    }
    return PlatformImage("unknown/unknown", blobs, manifest, notes)


class _Told(NamedTuple):
    """What an image's configuration says of it, and the sizes of its further layers."""

    created: datetime | None
    labels: Mapping[str, str]
    layers: tuple[int, ...]


def _platform_image(name: str, platform: str, told: _Told, content: str, types: MediaTypes) -> PlatformImage:
    archive = _archive(f"{name} {platform} {content}\n".encode())
    layer = Stored(types.layer, gzip.compress(archive, mtime=0))
    grown = tuple(
        GrownLayer.grow(f"{platform} {content} {number}", size, types.plain_layer)
        for number, size in enumerate(told.layers)
    )
    diff_ids = [f"sha256:{hashlib.sha256(archive).hexdigest()}", *(layer.digest for layer in grown)]
    config: dict[str, Any] = {
        **platform_fields(platform),
        "config": {"Cmd": ["/hello"], **({"Labels": dict(told.labels)} if told.labels else {})},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    if told.created is not None:
        config["created"] = told.created.isoformat()
    configuration = Stored(types.config, json_bytes(config))
    manifest = {
        "config": configuration.descriptor(),
        "layers": [layer.descriptor(), *(one.descriptor() for one in grown)],
    }
    return PlatformImage(platform, (configuration, layer, *grown), _manifest(types.manifest, manifest))


def _index(parts: Sequence[PlatformImage], types: MediaTypes) -> Stored:
    return _manifest(types.index, {"manifests": [part.descriptor() for part in parts]})


def _manifest(media_type: str, fields: Mapping[str, Any]) -> Stored:
    return Stored(media_type, json_bytes({"schemaVersion": 2, "mediaType": media_type, **fields}))


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
