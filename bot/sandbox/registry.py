"""A real container registry on a free loopback port, and pushing images to it as a client does."""

import asyncio
import json
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import aiohttp

from bot.sandbox.registry_artifacts import Artifact, Layers, cosign_image, referrer, referrers_index, tag_of
from bot.sandbox.registry_attestations import Attestation
from bot.sandbox.registry_blobs import Stored
from bot.sandbox.registry_images import PLATFORMS, Image, ImageFormat, PlatformImage, build_image
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access, RegistryProcess, RegistryRequest
from bot.sandbox.registry_tokens import TokenServer
from bot.sandbox.registry_wire import Wire

OUR_AGENT = "niro-sandbox"


class SandboxRegistry:
    """A running registry. It belongs to no event loop: start it in one and use it in others."""

    def __init__(self, process: RegistryProcess, access: Access, host: str) -> None:
        self.host = host
        self._process = process
        self._access = access

    @classmethod
    async def start(
        cls, directory: Path, *, access: Access = Access.OPEN, anonymous_pull: bool = True, tls: bool = False
    ) -> Self:
        """Start a registry with its storage in a new folder of `directory` and return it ready.

        With Access.TOKEN a token server is started beside it (`.tokens`); anonymous_pull says whether that one lets
        nobody in particular read. tls: both speak TLS only, with certificates of an authority that only who is given
        `.certificate_authority` trusts. Raises RegistryMissingError or RegistryNotStartedError.
        """
        process = RegistryProcess.spawn(directory, access, anonymous_pull=anonymous_pull, tls=tls)
        return cls(process, access, await process.listening())

    async def stop(self) -> None:
        """Stop the registry and remove all it stored; a second call does nothing."""
        self._process.end()

    @property
    def tokens(self) -> TokenServer:
        """The token server beside the registry; only with Access.TOKEN."""
        if self._process.tokens is None:
            raise LookupError("This registry was started without a token server: use Access.TOKEN")
        return self._process.tokens

    @property
    def certificate_authority(self) -> str:
        """The certificate, as PEM, of the authority behind this registry's TLS; only when it was started with it."""
        if self._process.authority is None:
            raise LookupError("This registry speaks no TLS: start it with tls=True")
        return self._process.authority.certificate

    def requests(self) -> list[RegistryRequest]:
        """Return what others than the sandbox asked since the start, in order. A request is listed once answered."""
        return [request for request in self._process.requests() if request.agent != OUR_AGENT]

    async def push(
        self,
        repository: str,
        tag: str,
        platforms: Sequence[str] = PLATFORMS,
        *,
        index: bool | None = None,
        created: datetime | None = None,
        content: str = "",
        image_format: ImageFormat = ImageFormat.OCI,
        attestations: bool | Sequence[Attestation] = False,
        labels: Mapping[str, str] | None = None,
        layers: Sequence[int] = (),
    ) -> str:
        """Build an image (see `build_image`), push it whole and return the digest that the tag now points at.

        As a client does: blobs first, then each platform's manifest by digest, the tag last. Pushing another
        `content` to the same tag moves the tag.
        """
        image = build_image(
            f"{repository}:{tag}",
            platforms,
            index=index,
            created=created,
            content=content,
            image_format=image_format,
            attestations=attestations,
            labels=labels,
            layers=layers,
        )
        return await self.push_image(repository, tag, image)

    async def push_image(self, repository: str, tag: str, image: Image) -> str:
        """Push a built image under a tag and return the digest of what the tag points at."""
        async with self._wire(repository) as wire:
            for part in image.parts:
                await _put_part(wire, part, part.manifest.digest)
            await wire.put_manifest(image.top, tag)
        return image.top.digest

    async def push_platform(self, repository: str, tag: str, image: Image, platform: str) -> str:
        """Push one platform only, and let the tag point at its plain manifest: a build that is not complete yet.

        Later `push_image` of the same image moves the tag to the index. Returns the platform's manifest digest.
        """
        part = image.part(platform)
        async with self._wire(repository) as wire:
            await _put_part(wire, part, tag)
        return part.manifest.digest

    async def attach(
        self,
        repository: str,
        digest: str,
        artifact_type: str,
        layers: Layers,
        annotations: Mapping[str, str] | None = None,
    ) -> str:
        """Attach an artifact to the manifest `digest` as a referrer and return the artifact's digest.

        layers: media type, bytes and annotations of each. Where the registry keeps no referrers of its own, the index
        under the fallback tag gets one entry more, as the distribution specification wants of clients. Raises
        LookupError when the repository has no manifest `digest`.
        """
        async with self._wire(repository) as wire:
            artifact = referrer(await _standing(wire, digest), artifact_type, layers, annotations or {})
            if not await _put_artifact(wire, artifact, artifact.manifest.digest):
                standing = await wire.manifest(tag_of(digest))
                index = referrers_index(standing.content if standing else None, artifact)
                await wire.put_manifest(index, tag_of(digest))
        return artifact.manifest.digest

    async def attest(self, repository: str, digest: str, layers: Layers, *, suffix: str = "att") -> str:
        """Keep layers beside `digest` as cosign does, under the tag `sha256-<hex>.<suffix>`, and return their digest.

        layers: as for `attach`. suffix: `sig`, `att` or `sbom`. What the tag held before is no longer under it.
        """
        artifact = cosign_image(layers)
        async with self._wire(repository) as wire:
            await _put_artifact(wire, artifact, tag_of(digest, suffix))
        return artifact.manifest.digest

    async def tags(self, repository: str) -> list[str]:
        """Return the names of a repository's tags in order, none when there is no such repository."""
        async with self._wire(repository) as wire:
            content = await wire.tag_list()
        return sorted(json.loads(content)["tags"] or ()) if content else []

    async def digest_of(self, repository: str, tag: str) -> str | None:
        """Return the digest that a tag points at, computed from the manifest's bytes; None: there is no such tag."""
        async with self._wire(repository) as wire:
            manifest = await wire.manifest(tag)
        return manifest.digest if manifest else None

    async def manifest(self, repository: str, reference: str) -> Stored:
        """Return the manifest that a tag or digest stands for; raises LookupError."""
        async with self._wire(repository) as wire:
            return await _standing(wire, reference)

    async def blob(self, repository: str, digest: str) -> bytes | None:
        """Return the bytes of a blob of this repository; None: it has no such blob."""
        async with self._wire(repository) as wire:
            return await wire.blob(digest)

    async def push_manifest_only(self, repository: str, tag: str, manifest: Stored) -> str:
        """Store only these bytes as a manifest, without what they name, and return their digest.

        Past the registry's own check, straight into its storage: so look real registries that lost a child to
        garbage collection, or that do not check.
        """
        await asyncio.to_thread(self._store_manifest, repository, tag, manifest)
        return manifest.digest

    async def delete_tag(self, repository: str, tag: str) -> None:
        """Remove a tag; what it pointed at stays. This registry's protocol cannot, so its storage is changed."""
        await asyncio.to_thread(shutil.rmtree, self._manifests(repository) / "tags" / tag)

    async def delete_manifest(self, repository: str, digest: str) -> None:
        """Remove a manifest by its digest, and with it all tags that point at it; an index that names it stays."""
        async with self._wire(repository) as wire:
            await wire.delete_manifest(digest)

    def _wire(self, repository: str) -> Wire:
        scheme = "https" if self._process.authority else "http"
        return Wire(self._session(repository), f"{scheme}://{self.host}/v2/{repository}")

    def _session(self, repository: str) -> aiohttp.ClientSession:
        headers = {"User-Agent": OUR_AGENT}
        if self._access is Access.TOKEN:
            # Under a name of our own, which no limit that a test sets is for.
            token = self.tokens.token([f"repository:{repository}:pull,push,delete"], OUR_AGENT)
            headers["Authorization"] = f"Bearer {token}"
        elif self._access is Access.PASSWORD:
            headers["Authorization"] = aiohttp.encode_basic_auth(ACCOUNT, PASSWORD)
        authority = self._process.authority
        connector = aiohttp.TCPConnector(ssl=authority.client_context() if authority else True)
        return aiohttp.ClientSession(headers=headers, connector=connector, trust_env=False)

    def _store_manifest(self, repository: str, tag: str, manifest: Stored) -> None:
        algorithm, _, digits = manifest.digest.partition(":")
        data = self._process.storage / "blobs" / algorithm / digits[:2] / digits / "data"
        manifests = self._manifests(repository)
        links = (
            manifests / "revisions" / algorithm / digits / "link",
            manifests / "tags" / tag / "index" / algorithm / digits / "link",
            manifests / "tags" / tag / "current" / "link",
        )
        for path in (data, *links):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(manifest.content if path is data else manifest.digest.encode())

    def _manifests(self, repository: str) -> Path:
        return self._process.storage / "repositories" / repository / "_manifests"


async def _put_part(wire: Wire, part: PlatformImage, reference: str) -> None:
    for blob in part.blobs:
        await wire.put_blob(blob)
    await wire.put_manifest(part.manifest, reference)


async def _put_artifact(wire: Wire, artifact: Artifact, reference: str) -> bool:
    for blob in artifact.blobs:
        await wire.put_blob(blob)
    return await wire.put_manifest(artifact.manifest, reference)


async def _standing(wire: Wire, reference: str) -> Stored:
    if (manifest := await wire.manifest(reference)) is None:
        raise LookupError(f"The repository has no manifest {reference}")
    return manifest
