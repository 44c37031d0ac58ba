"""What is attached to an image goes along: referrers, by the API or its tags, and the tags of cosign."""

import json
from collections.abc import Mapping, Sequence
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
    """The descriptors of what is attached to a digest, and whether the registry keeps that list itself."""

    by_api: bool
    descriptors: tuple[Descriptor, ...]


@dataclass(slots=True)
class Attached:
    """Brings what is attached to manifests from the source to the target, which keeps what it has."""

    source: Repository
    target: Repository
    blobs: Blobs
    written: int = 0
    seen: int = 0

    async def bring(self, nodes: Sequence[Node], steps: int = MOST_STEPS) -> int:
        """Bring all that is attached to these manifests, which the target has; returns how many it lacked."""
        await each((node.digest for node in nodes), AT_ONCE, lambda digest: self._bring(digest, steps))
        return self.written

    async def _bring(self, subject: str, steps: int) -> None:
        for suffix in COSIGN:
            await self._bring_tag(f"{tag_of(subject)}.{suffix}")
        listed = await referrers_of(self.source, subject)
        self.seen += len(listed.descriptors)
        if self.seen > MOST_REFERRERS:
            raise InvalidAnswer(self.source.host, f"has more than {MOST_REFERRERS} referrers below one image")
        if not listed.descriptors:
            return
        there = await referrers_of(self.target, subject)
        known = {descriptor["digest"] for descriptor in there.descriptors}
        missing = [descriptor for descriptor in listed.descriptors if descriptor["digest"] not in known]
        brought = [await self._bring_manifest(descriptor["digest"]) for descriptor in missing]
        if missing and not there.by_api:
            await self._list(subject, missing)
        self.written += len(missing)
        if steps > 1:
            await self.bring(brought, steps - 1)

    async def _bring_manifest(self, digest: str) -> Node:
        node = await Reading(self.source).node(digest)
        nodes = (*node.below(), node)
        await self.blobs.bring(every_blob(self.source.host, nodes))
        for each_node in nodes:
            await put_missing(self.target, each_node)
        return node

    async def _bring_tag(self, tag: str) -> None:
        """Copy a tag of cosign's; one that the target has is left as it is, because its signatures are its own."""
        digest = await read_digest(self.source, tag)
        if digest is None or await read_digest(self.target, tag) is not None:
            return
        node = await self._bring_manifest(digest)
        await put_manifest(self.target, node, tag)
        self.written += 1

    async def _list(self, subject: str, missing: Sequence[Descriptor]) -> None:
        """Add to the list that stands for the API: OCI distribution 1.1, "Pushing Manifests with Subject"."""
        tag = tag_of(subject)
        fields = await _read_list(self.target, tag) or {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        known = {entry["digest"] for entry in fields["manifests"]}
        added = [dict(descriptor) for descriptor in missing if descriptor["digest"] not in known]
        content = json.dumps({**fields, "manifests": [*fields["manifests"], *added]}, separators=(",", ":")).encode()
        await put_manifest(self.target, Node("", str(fields.get("mediaType") or INDEX), content), tag)


def tag_of(digest: str) -> str:
    """Return the tag that stands for the referrers of a digest: OCI distribution 1.1, "Referrers Tag Schema"."""
    algorithm, _, encoded = digest.partition(":")
    return f"{algorithm[:32]}-{encoded[:64]}"


async def referrers_of(repository: Repository, subject: str) -> Listed:
    """Return what is attached to a digest: by the API, and where there is none, by the tag in its place."""
    descriptors: list[Descriptor] = []
    query: str | None = ""
    for _ in range(MOST_PAGES):
        path = f"referrers/{subject}"
        answer = await repository.get(path, query=query or "", accept=INDEX, largest=LARGEST_MANIFEST)
        if answer.status in NO_API or (answer.status == HTTPStatus.OK and answer.content_type not in INDEX_TYPES):
            fields = await _read_list(repository, tag_of(subject))
            return Listed(by_api=False, descriptors=tuple(fields["manifests"]) if fields else ())
        expect_ok(repository, answer, f"referrers of {repository.name}@{subject}")
        descriptors += _entries(repository, read_object(repository.host, answer.body))
        query = next_query(repository, answer, "referrers")
        if query is None or len(descriptors) > MOST_REFERRERS:
            break
    return Listed(by_api=True, descriptors=tuple(descriptors))


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


def _is_descriptor(entry: object) -> bool:
    digest = entry.get("digest") if isinstance(entry, dict) else None
    return isinstance(digest, str) and DIGEST.fullmatch(digest) is not None
