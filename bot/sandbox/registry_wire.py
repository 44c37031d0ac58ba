"""Speaks to a registry as a client that pushes does: blobs in one piece, manifests under a tag or their digest."""

from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.registry_blobs import Blob, Stored
from bot.sandbox.registry_images import ImageFormat

ACCEPT = ", ".join(
    name for image_format in ImageFormat for name in (image_format.value.index, image_format.value.manifest)
)


class PushError(RuntimeError):
    """The registry did not take what was pushed, or has not what was asked for."""


class Wire:
    """One repository of a registry, over one session; used as an async context manager."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        """address: `http://host/v2/repository`."""
        self._session = session
        self._address = address

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def put_blob(self, blob: Blob) -> None:
        """Store a blob; raises PushError."""
        opened, _ = await self._call("POST", f"{self._address}/blobs/uploads/", expected=202)
        address = f"{opened['Location']}&{urlencode({'digest': blob.digest})}"
        headers = {"Content-Type": "application/octet-stream"}
        await self._call("PUT", address, expected=201, data=blob.content, headers=headers)

    async def put_manifest(self, manifest: Stored, reference: str) -> bool:
        """Store a manifest under a tag or its digest; True when the registry keeps its `subject`. Raises PushError."""
        headers = {"Content-Type": manifest.media_type}
        answer, _ = await self._call(
            "PUT", f"{self._address}/manifests/{reference}", expected=201, data=manifest.content, headers=headers
        )
        return "OCI-Subject" in answer

    async def delete_manifest(self, digest: str) -> None:
        """Remove a manifest; raises PushError."""
        await self._call("DELETE", f"{self._address}/manifests/{digest}", expected=202)

    async def manifest(self, reference: str) -> Stored | None:
        """Return the manifest that a tag or digest stands for; None: there is none. Raises PushError."""
        answer, content = await self._call(
            "GET", f"{self._address}/manifests/{reference}", expected=200, headers={"Accept": ACCEPT}, missing=404
        )
        return None if content is None else Stored(answer["Content-Type"], content)

    async def blob(self, digest: str) -> bytes | None:
        """Return a blob's bytes; None: this repository has no such blob. Raises PushError."""
        return (await self._call("GET", f"{self._address}/blobs/{digest}", expected=200, missing=404))[1]

    async def tag_list(self) -> bytes | None:
        """Return the registry's JSON about the tags; None: there is no such repository. Raises PushError."""
        return (await self._call("GET", f"{self._address}/tags/list", expected=200, missing=404))[1]

    async def _call(
        self, method: str, address: str, *, expected: int, missing: int | None = None, **request: Any
    ) -> tuple[dict[str, str], bytes | None]:
        async with self._session.request(method, address, **request) as answer:
            content = await answer.read()
            if answer.status == missing:
                return {}, None
            if answer.status != expected:
                text = content.decode(errors="replace")[:500]
                raise PushError(
                    f"{method} {answer.url.path} was answered {answer.status} instead of {expected}: {text}"
                )
            return dict(answer.headers), content
