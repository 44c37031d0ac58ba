"""A real container registry on a free loopback port, and pushing small images to it as a client does."""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.registry_images import PLATFORMS, Image, ImageFormat, PlatformImage, Stored, build_image
from bot.sandbox.registry_process import ACCOUNT, PASSWORD, Access, RegistryProcess, RegistryRequest
from bot.sandbox.registry_tokens import TokenServer

OUR_AGENT = "niro-sandbox"


class PushError(RuntimeError):
    """The registry did not take what was pushed."""


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
        attestations: bool = False,
        labels: Mapping[str, str] | None = None,
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
        )
        return await self.push_image(repository, tag, image)

    async def push_image(self, repository: str, tag: str, image: Image) -> str:
        """Push a built image under a tag and return the digest of what the tag points at."""
        async with self._session(repository) as session:
            for part in image.parts:
                await self._put_part(session, repository, part, part.manifest.digest)
            await self._put_manifest(session, repository, image.top, tag)
        return image.top.digest

    async def push_platform(self, repository: str, tag: str, image: Image, platform: str) -> str:
        """Push one platform only, and let the tag point at its plain manifest: a build that is not complete yet.

        Later `push_image` of the same image moves the tag to the index. Returns the platform's manifest digest.
        """
        part = image.part(platform)
        async with self._session(repository) as session:
            await self._put_part(session, repository, part, tag)
        return part.manifest.digest

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
        async with self._session(repository) as session:
            await _call(session, "DELETE", f"{self._url(repository)}/manifests/{digest}", expected=202)

    def _url(self, repository: str) -> str:
        return f"{'https' if self._process.authority else 'http'}://{self.host}/v2/{repository}"

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

    async def _put_part(
        self, session: aiohttp.ClientSession, repository: str, part: PlatformImage, reference: str
    ) -> None:
        for blob in part.blobs:
            await self._put_blob(session, repository, blob)
        await self._put_manifest(session, repository, part.manifest, reference)

    async def _put_blob(self, session: aiohttp.ClientSession, repository: str, blob: Stored) -> None:
        opened = await _call(session, "POST", f"{self._url(repository)}/blobs/uploads/", expected=202)
        address = f"{opened['Location']}&{urlencode({'digest': blob.digest})}"
        headers = {"Content-Type": "application/octet-stream"}
        await _call(session, "PUT", address, expected=201, data=blob.content, headers=headers)

    async def _put_manifest(
        self, session: aiohttp.ClientSession, repository: str, manifest: Stored, reference: str
    ) -> None:
        address = f"{self._url(repository)}/manifests/{reference}"
        headers = {"Content-Type": manifest.media_type}
        await _call(session, "PUT", address, expected=201, data=manifest.content, headers=headers)

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


async def _call(
    session: aiohttp.ClientSession, method: str, address: str, *, expected: int, **request: Any
) -> dict[str, str]:
    async with session.request(method, address, **request) as answer:
        if answer.status != expected:
            text = (await answer.text())[:500]
            raise PushError(f"{method} {answer.url.path} was answered {answer.status} instead of {expected}: {text}")
        return dict(answer.headers)
