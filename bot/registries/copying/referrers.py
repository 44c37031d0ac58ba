"""What is attached to an image goes along: referrers, by the API or its tags, and the tags of cosign."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from bot.registries.copying.blobs import Blobs
from bot.registries.copying.nodes import Node, Reading, every_blob
from bot.registries.copying.several import each
from bot.registries.copying.writing import put_manifest, put_missing
from bot.registries.documents import DIGEST, INDEX_TYPES, read_object
from bot.registries.errors import InvalidAnswer
from bot.registries.manifests import ACCEPT, LARGEST_MANIFEST, read_digest
from bot.registries.repository import Repository, expect_ok
from bot.registries.tags import next_query

INDEX: Final = "application/vnd.oci.image.index.v1+json"
# Cosign's own place for signatures, attestations and SBOMs: cosign's "Signature Specification", "Storage".
COSIGN: Final = ("sig", "att", "sbom")
MOST_REFERRERS = 200
MOST_PAGES = 20
# What is attached to what is attached: a signature of an SBOM.
MOST_STEPS = 2
AT_ONCE = 4
NO_API = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.BAD_REQUEST})

Descriptor = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """The digests of what is attached to a digest, and whether the registry keeps that list itself.

    is_whole: whether there are no more. bytes: how many came.
    """

    by_api: bool
    digests: tuple[str, ...]
    is_whole: bool = True
    bytes: int = 0


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
        fields = await _read_list(self.target, tag) or {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
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


def tag_of(digest: str) -> str:
    """Return the tag that stands for the referrers of a digest: OCI distribution 1.1, "Referrers Tag Schema"."""
    algorithm, _, encoded = digest.partition(":")
    return f"{algorithm[:32]}-{encoded[:64]}"


async def referrers_of(repository: Repository, subject: str) -> Listed:
    """Return what is attached to a digest: by the API, and where there is none, by the tag in its place."""
    digests: list[str] = []
    size = 0
    query: str | None = ""
    for _ in range(MOST_PAGES):
        path = f"referrers/{subject}"
        answer = await repository.get(path, query=query or "", accept=INDEX, largest=LARGEST_MANIFEST)
        if answer.status in NO_API or (answer.status == HTTPStatus.OK and answer.content_type not in INDEX_TYPES):
            fields = await _read_list(repository, tag_of(subject))
            return Listed(by_api=False, digests=_digests(fields["manifests"]) if fields else ())
        expect_ok(repository, answer, f"referrers of {repository.name}@{subject}")
        size += len(answer.body)
        digests += _digests(_entries(repository, read_object(repository.host, answer.body)))
        query = next_query(repository, answer, "referrers")
        if query is None or len(digests) > MOST_REFERRERS:
            break
    return Listed(by_api=True, digests=tuple(digests), is_whole=query is None, bytes=size)


async def _read_list(repository: Repository, tag: str) -> dict[str, Any] | None:
    """Return the index under a tag, None where there is no such tag."""
    answer = await repository.get(f"manifests/{tag}", accept=ACCEPT, largest=LARGEST_MANIFEST)
    if answer.status == HTTPStatus.NOT_FOUND:
        return None
    expect_ok(repository, answer, f"{repository.name}:{tag}")
    fields = dict(read_object(repository.host, answer.body))
    _entries(repository, fields)
    return fields


def _entries(repository: Repository, fields: Mapping[str, Any]) -> list[Descriptor]:
    """Return the descriptors of a list of referrers; raises InvalidAnswer for what is none."""
    entries = fields.get("manifests")
    if not isinstance(entries, list) or not all(map(_is_descriptor, entries)):
        raise InvalidAnswer(repository.host, f"has a list of referrers of {repository.name} that is none")
    return entries


def _digests(entries: Sequence[Descriptor]) -> tuple[str, ...]:
    return tuple(entry["digest"] for entry in entries)


def _is_descriptor(entry: object) -> bool:
    digest = entry.get("digest") if isinstance(entry, dict) else None
    return isinstance(digest, str) and DIGEST.fullmatch(digest) is not None
