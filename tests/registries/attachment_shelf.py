"""A repository of a scripted registry, with images and what is attached to them, as a test wants it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.registries import Access, Attachments, Registries
from bot.registries.access import ANONYMOUS
from tests.registries.scripted import Reply, ScriptedServer

INDEX = "application/vnd.oci.image.index.v1+json"
MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIGURATION = "application/vnd.oci.image.config.v1+json"
EMPTY = "application/vnd.oci.empty.v1+json"
SPDX = "application/spdx+json"
IN_TOTO = "application/vnd.in-toto+json"
MISSING = f"sha256:{'0' * 64}"

Descriptor = dict[str, Any]


def digest_of(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class Shelf:
    """The repository a/b."""

    def __init__(self, server: ScriptedServer, registries: Registries) -> None:
        self.server = server
        self.registries = registries

    def blob(self, content: bytes = b"{}", media_type: str = SPDX, **fields: Any) -> Descriptor:
        """Serve a blob, and return what names it; fields: over those of the descriptor."""
        digest = digest_of(content)
        self.server.on(f"/v2/a/b/blobs/{digest}", Reply(200, content))
        return {"mediaType": media_type, "digest": digest, "size": len(content)} | fields

    def manifest(self, fields: Mapping[str, Any], *tags: str, media_type: str = MANIFEST) -> Descriptor:
        """Serve a manifest by its digest and by tags, and return what names it."""
        body = json.dumps({"schemaVersion": 2, "mediaType": media_type, **fields}).encode()
        digest = digest_of(body)
        headers = {"Content-Type": media_type, "Docker-Content-Digest": digest}
        for reference in (digest, *tags):
            self.server.on(f"/v2/a/b/manifests/{reference}", Reply(200, body, headers))
        return {"mediaType": media_type, "digest": digest, "size": len(body)}

    def image(self, architecture: str = "amd64", **fields: Any) -> Descriptor:
        """Serve an image of one platform; fields: over those of its descriptor."""
        configuration = json.dumps({"os": "linux", "architecture": architecture}).encode()
        named = self.manifest({"config": self.blob(configuration, CONFIGURATION), "layers": []})
        return named | {"platform": {"os": "linux", "architecture": architecture}} | fields

    def index(self, *children: Descriptor) -> Descriptor:
        return self.manifest({"manifests": list(children)}, media_type=INDEX)

    def artifact(
        self,
        about: str,
        *layers: Descriptor,
        artifact_type: str = SPDX,
        annotations: Mapping[str, str] | None = None,
        **fields: Any,
    ) -> Descriptor:
        """Serve an artifact that refers to a digest, and return what names it in a list of referrers."""
        content: dict[str, Any] = {
            "config": self.blob(b"{}", EMPTY),
            "artifactType": artifact_type,
            "layers": list(layers),
            "subject": {"mediaType": MANIFEST, "digest": about, "size": 1},
            "annotations": annotations or {},
        }
        named = self.manifest({name: told for name, told in (content | fields).items() if told is not None})
        return named | {"artifactType": artifact_type, "annotations": dict(annotations or {})}

    def attestation(self, subject: str, *layers: Descriptor, **fields: Any) -> Descriptor:
        """Serve an attestation manifest of BuildKit's, and return what names it in its index."""
        named = self.manifest({"config": self.blob(b"{}", CONFIGURATION), "layers": list(layers)})
        annotations = {"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": subject}
        platform = {"os": "unknown", "architecture": "unknown"}
        return named | {"annotations": annotations, "platform": platform} | fields

    def refer(self, subject: str, *referrers: Descriptor) -> None:
        """Answer the referrers API for a digest with one page."""
        self.server.on(f"/v2/a/b/referrers/{subject}", Reply(200, page(referrers), {"Content-Type": INDEX}))

    def no_referrers(self, *subjects: str) -> None:
        for subject in subjects:
            self.refer(subject)

    async def attachments(self, digest: str, access: Access = ANONYMOUS) -> Attachments:
        return await self.registries.attachments(self.server.host, "a/b", digest, access)


def page(referrers: Sequence[Descriptor]) -> dict[str, Any]:
    return {"schemaVersion": 2, "mediaType": INDEX, "manifests": list(referrers)}
