"""Finds every runnable image under a digest, and the attestations that stand beside them in the index."""

import asyncio
from dataclasses import dataclass

from bot.registries.attachments import AttachmentKind, PlatformImage
from bot.registries.attachments_manifests import Descriptor, MalformedManifest, RawManifest, read_manifest
from bot.registries.documents import INDEX_TYPES, MANIFEST_TYPES, MOST_CHILDREN, UNKNOWN, read_platform
from bot.registries.errors import ImageNotFound, InvalidAnswer
from bot.registries.manifests import MOST_CHILDREN_READ, describe, read_document
from bot.registries.repository import Repository

# moby/buildkit, docs/attestations/attestation-storage.md.
REFERENCE_TYPE = "vnd.docker.reference.type"
REFERENCE_DIGEST = "vnd.docker.reference.digest"
ATTESTATION = "attestation-manifest"
# OCI image-spec, layer.md; and of Docker's manifests (distribution, manifest-v2-2.md).
IMAGE_LAYERS = ("application/vnd.oci.image.layer.", "application/vnd.docker.image.rootfs.")


@dataclass(frozen=True, slots=True)
class Holder:
    """A manifest that may hold documents about `subject`. descriptor: how it is named where it was found."""

    kind: AttachmentKind
    subject: str
    descriptor: Descriptor


@dataclass(frozen=True, slots=True)
class Images:
    """What stands under a digest: images that can be run, and the attestation manifests of their indexes."""

    platforms: tuple[PlatformImage, ...]
    attestations: tuple[Holder, ...] = ()


async def read_images(repository: Repository, digest: str) -> Images:
    """Return the images under a digest; what is no index is its own only image.

    Whatever a container runtime could choose counts as an image, whatever else its descriptor says of it: an image
    that went unseen here would be promoted unseen. A platform that cannot be read is None. Left out is only what no
    platform fits: one that is unknown by name, and artifacts without a platform. Raises ImageNotFound, InvalidAnswer
    (also for indexes nested more than two deep, or of more than 200 manifests together).
    """
    manifest = await read_manifest(repository, digest)
    if manifest.media_type not in INDEX_TYPES:
        image = await _silent_image(repository, digest)
        return Images((image or PlatformImage(None, digest),))
    children = await _all_children(repository, manifest)
    attestations = tuple(
        Holder(AttachmentKind.ATTESTATION, child.annotations.get(REFERENCE_DIGEST, ""), child)
        for child in children
        if _is_attestation(child)
    )
    return Images(
        await _platforms(repository, [child for child in children if not _is_unrunnable(child)]), attestations
    )


async def _all_children(repository: Repository, index: RawManifest) -> list[Descriptor]:
    """Return what an index names, and in place of each index within it what that names."""
    children: list[Descriptor] = []
    for child in index.children:
        if child.media_type in INDEX_TYPES:
            inner = await read_manifest(repository, child.digest)
            if any(each.media_type in INDEX_TYPES for each in inner.children):
                raise InvalidAnswer(repository.host, "sent indexes that are nested more than two deep")
            children.extend(inner.children)
        else:
            children.append(child)
        if len(children) > MOST_CHILDREN:
            raise InvalidAnswer(repository.host, f"sent an index of more than {MOST_CHILDREN} manifests")
    return children


def _is_attestation(child: Descriptor) -> bool:
    return _is_unrunnable(child) and child.annotations.get(REFERENCE_TYPE) == ATTESTATION


def _is_unrunnable(child: Descriptor) -> bool:
    return child.platform is not None and UNKNOWN in (child.platform.get("os"), child.platform.get("architecture"))


async def _platforms(repository: Repository, children: list[Descriptor]) -> tuple[PlatformImage, ...]:
    silent = [child for child in children if child.platform is None]
    read = await asyncio.gather(*(_silent_image(repository, child.digest) for child in silent[:MOST_CHILDREN_READ]))
    told = dict(zip((child.digest for child in silent), read, strict=False))
    images = (
        told.get(child.digest, PlatformImage(None, child.digest))
        if child.platform is None
        else PlatformImage(read_platform(child.platform), child.digest)
        for child in children
    )
    return tuple(dict.fromkeys(image for image in images if image))


async def _silent_image(repository: Repository, digest: str) -> PlatformImage | None:
    """Return an image with the platform of its configuration; None for an artifact, which is no image.

    What has the layers of an image is one, whatever its configuration is called: some runtimes do not ask.
    """
    try:
        document = await read_document(repository, digest)
        if document.media_type not in MANIFEST_TYPES:
            return PlatformImage(None, digest)
        if document.configuration is None:
            return PlatformImage(None, digest) if await _has_image_layers(repository, digest) else None
        described = await describe(repository, document)
    except ImageNotFound:
        return PlatformImage(None, digest)
    return PlatformImage(next(iter(described.platforms), None), digest)


async def _has_image_layers(repository: Repository, digest: str) -> bool:
    """Say whether a manifest may be run by its layers; one whose layers cannot be read may."""
    try:
        manifest = await read_manifest(repository, digest)
    except MalformedManifest:
        return True
    return any(layer.media_type.startswith(IMAGE_LAYERS) for layer in manifest.layers)
