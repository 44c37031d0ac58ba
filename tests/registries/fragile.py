"""A registry in memory that breaks where a test tells it to: streams, uploads, tags and answers."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar"

Hook = Callable[[web.Request], Awaitable[web.StreamResponse | None]]


def digest_of(content: bytes) -> str:
    """Name some bytes."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def described(media_type: str, content: bytes, **more: Any) -> dict[str, Any]:
    """Name some bytes as a manifest does."""
    return {"mediaType": media_type, "digest": digest_of(content), "size": len(content), **more}


@dataclass
class Fragile:
    """What it keeps and where it breaks.

    ranges: whether a part of a blob can be asked for. resumable: whether an upload that broke off goes on. get_breaks,
    patch_breaks: after how many bytes each next download or upload breaks off. hook: asked first; what it returns is
    the answer.
    """

    host: str = ""
    ranges: bool = True
    resumable: bool = True
    referrers: bool = False
    get_breaks: list[int] = field(default_factory=list)
    patch_breaks: list[int] = field(default_factory=list)
    hook: Hook | None = None
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    uploads: dict[str, bytearray] = field(default_factory=dict)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    attached: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))

    def add_manifest(self, fields: dict[str, Any], tag: str | None = None) -> str:
        """Keep a manifest, and let a tag stand for it."""
        content = json.dumps({"schemaVersion": 2, **fields}).encode()
        return self._keep(fields["mediaType"], content, tag)

    def add_image(self, *layers: bytes, tag: str | None = "1.0", size: int | None = None) -> str:
        """Keep an image of these layers. size: what the manifest says of each, where it lies."""
        configuration = json.dumps({"os": "linux", "architecture": "amd64"}).encode()
        for content in (configuration, *layers):
            self.blobs[digest_of(content)] = content
        named = [described(LAYER, layer) for layer in layers]
        if size is not None:
            named = [{**layer, "size": size} for layer in named]
        config = described(CONFIGURATION, configuration)
        return self.add_manifest({"mediaType": MANIFEST, "config": config, "layers": named}, tag)

    def methods(self, *methods: str) -> list[str]:
        """The paths that were asked for by these methods, in order."""
        return [path for method, path, _ in self.seen if method in methods]

    async def start(self) -> web.AppRunner:
        """Listen on a free port."""
        application = web.Application(client_max_size=2**30)
        application.router.add_route("*", "/v2/{name:[^/]+/[^/]+}/{kind}/{rest:.*}", self._answer)
        runner = web.AppRunner(application, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.host = f"127.0.0.1:{runner.addresses[0][1]}"
        return runner

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.raw_path, dict(request.headers)))
        if self.hook and (answer := await self.hook(request)):
            return answer
        kind, rest = request.match_info["kind"], request.match_info["rest"]
        if kind == "manifests":
            return await self._manifest(request, rest)
        if kind == "blobs" and rest.startswith("uploads/"):
            return await self._upload(request, rest.removeprefix("uploads/"))
        if kind == "referrers" and self.referrers:
            index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": self.attached[rest]}
            return web.Response(body=json.dumps(index), content_type=INDEX)
        return await self._blob(request, rest) if kind == "blobs" else web.Response(status=404)

    async def _manifest(self, request: web.Request, reference: str) -> web.Response:
        if request.method == "PUT":
            content, tag = await request.read(), None if reference.startswith("sha256:") else reference
            self._keep(request.headers["Content-Type"], content, tag)
            fields = json.loads(content)
            headers = {}
            if self.referrers and (subject := fields.get("subject")):
                entry = described(request.content_type, content, artifactType=fields.get("artifactType", ""))
                self.attached[subject["digest"]].append(entry)
                headers["OCI-Subject"] = subject["digest"]
            return web.Response(status=201, headers=headers)
        digest = self.tags.get(reference, reference)
        if digest not in self.manifests:
            return web.Response(status=404)
        media_type, content = self.manifests[digest]
        headers = {"Docker-Content-Digest": digest, "Content-Type": media_type}
        return web.Response(body=content, headers=headers)

    async def _blob(self, request: web.Request, digest: str) -> web.StreamResponse:
        if digest not in self.blobs:
            return web.Response(status=404)
        content, status, headers = self.blobs[digest], 200, {"Content-Type": "application/octet-stream"}
        if self.ranges and (asked := request.headers.get("Range")):
            first = int(asked.removeprefix("bytes=").partition("-")[0])
            headers["Content-Range"] = f"bytes {first}-{len(content) - 1}/{len(content)}"
            content, status = content[first:], 206
        response = web.StreamResponse(status=status, headers={**headers, "Content-Length": str(len(content))})
        await response.prepare(request)
        if request.method == "HEAD":
            return response
        breaks = self.get_breaks.pop(0) if self.get_breaks else len(content)
        await response.write(content[:breaks])
        if breaks < len(content):
            break_off(request)
        return response

    async def _upload(self, request: web.Request, session: str) -> web.Response:
        if request.method == "POST":
            session = str(len(self.uploads) + 1)
            self.uploads[session] = bytearray()
            return self._place(request, session, 202)
        if session not in self.uploads:
            return web.Response(status=404)
        if request.method == "DELETE":
            del self.uploads[session]
            return web.Response(status=204)
        if request.method == "GET":
            return self._place(request, session, 204)
        return await self._take(request, session)

    async def _take(self, request: web.Request, session: str) -> web.Response:
        held = self.uploads[session]
        first = request.headers.get("Content-Range", f"{len(held)}-").partition("-")[0]
        if int(first) != len(held):
            return web.Response(status=416)
        breaks = self.patch_breaks.pop(0) if request.method == "PATCH" and self.patch_breaks else None
        async for piece in request.content.iter_any():
            held += piece
            if breaks is not None and len(held) >= breaks:
                del held[breaks:]
                if not self.resumable:
                    del self.uploads[session]
                return break_off(request)
        return self._place(request, session, 202) if request.method == "PATCH" else self._finish(request, bytes(held))

    def _finish(self, request: web.Request, content: bytes) -> web.Response:
        digest = request.query["digest"]
        if digest_of(content) != digest:
            return web.json_response({"errors": [{"code": "DIGEST_INVALID"}]}, status=400)
        self.blobs[digest] = content
        return web.Response(status=201)

    def _place(self, request: web.Request, session: str, status: int) -> web.Response:
        location = f"/v2/{request.match_info['name']}/blobs/uploads/{session}"
        held = len(self.uploads[session])
        headers = {"Location": location, **({"Range": f"0-{held - 1}"} if held else {})}
        return web.Response(status=status, headers=headers)

    def _keep(self, media_type: str, content: bytes, tag: str | None) -> str:
        digest = digest_of(content)
        self.manifests[digest] = (media_type, content)
        if tag:
            self.tags[tag] = digest
        return digest


def break_off(request: web.Request) -> web.Response:
    """Close the connection when what was written has arrived, and return what nobody will see."""
    assert request.transport
    request.transport.close()
    return web.Response()
