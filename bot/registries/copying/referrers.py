"""What is attached to an image goes along: referrers, by the API or its tags, and the tags of cosign."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.registries.copying.blobs import Blobs
from bot.registries.copying.listed import INDEX, MOST_PAGES, MOST_REFERRERS, Descriptor, Listed, read_list, referrers_of
from bot.registries.copying.nodes import Node, Reading, every_blob
from bot.registries.copying.several import each
from bot.registries.copying.writing import put_manifest, put_missing
from bot.registries.errors import InvalidAnswer
from bot.registries.manifests import read_digest
from bot.registries.referrers_tag import tag_of
from bot.registries.repository import Repository

# Cosign's own place for signatures, attestations and SBOMs: cosign's "Signature Specification", "Storage".
COSIGN: Final = ("sig", "att", "sbom")
# What is attached to what is attached: a signature of an SBOM.
MOST_STEPS = 2
AT_ONCE = 4


@dataclass(slots=True)
class Attached:
    """Brings what is attached to manifests from the source to the target, which keeps what it has.

    left_out: how many are listed for one manifest though they say themselves that they are attached to another.
    """

    source: Repository
    target: Repository
    blobs: Blobs
    reading: Reading
    written: int = 0
    seen: int = 0
    left_out: int = 0

    async def bring(self, subjects: Iterable[str], steps: int = MOST_STEPS) -> None:
        """Bring all that is attached to these digests, whose manifests the target has; `written` counts them.

        steps: how often what is attached is looked for in its turn. Raises InvalidAnswer where that is too much to be
        copied, and all that Blobs.bring and Reading.node raise.
        """
        await each(subjects, AT_ONCE, lambda digest: self._bring(digest, steps))

    async def _bring(self, subject: str, steps: int) -> None:
        for suffix in COSIGN:
            await self._bring_tag(f"{tag_of(subject)}.{suffix}")
        listed = self._counted(await referrers_of(self.source, subject))
        if not listed.digests:
            return
        there = await referrers_of(self.target, subject)
        missing = [digest for digest in dict.fromkeys(listed.digests) if digest not in there.digests]
        brought = list(filter(None, [await self._bring_referrer(digest, subject) for digest in missing]))
        if brought and not there.by_api:
            await self._list(subject, brought)
        self.written += len(brought)
        if steps > 1:
            await self.bring([descriptor["digest"] for descriptor in brought], steps - 1)

    def _counted(self, listed: Listed) -> Listed:
        self.reading.bounds.read(listed.bytes)
        self.seen += len(listed.digests)
        if self.seen > MOST_REFERRERS:
            raise InvalidAnswer(self.source.host, f"has more than {MOST_REFERRERS} referrers below one image")
        if not listed.is_whole:
            raise InvalidAnswer(self.source.host, f"has more than {MOST_PAGES} pages of referrers of one manifest")
        return listed

    async def _bring_referrer(self, digest: str, subject: str) -> Descriptor | None:
        """Bring what is listed for a subject, and return how it is listed; None where it is attached to another."""
        node = await self.reading.node(digest)
        if node.subject not in {None, subject}:
            self.left_out += 1
            return None
        await self._bring_manifest(node)
        return described(node)

    async def _bring_manifest(self, node: Node) -> None:
        nodes = (*node.below(), node)
        await self.blobs.bring(every_blob(nodes))
        for each_node in nodes:
            await put_missing(self.target, each_node)

    async def _bring_tag(self, tag: str) -> None:
        """Copy a tag of cosign's; one that the target has is left as it is, because its signatures are its own."""
        digest = await read_digest(self.source, tag)
        if digest is None or await read_digest(self.target, tag) is not None:
            return
        node = await self.reading.node(digest)
        await self._bring_manifest(node)
        await put_manifest(self.target, node, tag)
        self.written += 1

    async def _list(self, subject: str, brought: Sequence[Descriptor]) -> None:
        """Add to the list that stands for the API: OCI distribution 1.1, "Pushing Manifests with Subject"."""
        tag = tag_of(subject)
        fields = await read_list(self.target, tag) or {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        known = {entry["digest"] for entry in fields["manifests"]}
        added = [dict(descriptor) for descriptor in brought if descriptor["digest"] not in known]
        content = json.dumps({**fields, "manifests": [*fields["manifests"], *added]}, separators=(",", ":")).encode()
        await put_manifest(self.target, Node("", str(fields.get("mediaType") or INDEX), content), tag)


def described(node: Node) -> Descriptor:
    """Return how a list of referrers names a manifest, by nothing but the manifest itself.

    OCI distribution 1.1, "Pushing Manifests with Subject": the type of the configuration stands in for a missing type
    of the artifact, and the manifest's annotations are repeated.
    """
    fields = json.loads(node.content)
    config = fields.get("config")
    artifact_type = fields.get("artifactType") or (config.get("mediaType") if isinstance(config, dict) else None)
    annotations = fields.get("annotations")
    return {
        "mediaType": node.content_type,
        "digest": node.digest,
        "size": len(node.content),
        **({"artifactType": artifact_type} if isinstance(artifact_type, str) else {}),
        **({"annotations": annotations} if annotations and isinstance(annotations, dict) else {}),
    }
