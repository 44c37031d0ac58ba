"""Reads a manifest with all its descriptors, as far as attachments are found by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.registries.documents import DIGEST, parse_document, read_object, verify
from bot.registries.errors import InvalidAnswer
from bot.registries.manifests import ACCEPT, LARGEST_MANIFEST
from bot.registries.repository import Repository, expect_ok

LONGEST_TYPE = 255
MOST_DESCRIPTORS = 1000


class MalformedManifest(InvalidAnswer):
    """The bytes are those of the digest, but they are no manifest that can be read."""


@dataclass(frozen=True, slots=True)
class Descriptor:
    """How a manifest names a blob or another manifest (image-spec, descriptor.md). size: None for no usable number.

    platform: None where none is told.
    """

    digest: str
    media_type: str = ""
    artifact_type: str = ""
    size: int | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)
    platform: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RawManifest:
    """A manifest whose bytes are those of its digest. children: of an index. layers: of an image or an artifact.

    artifact_type: its own, else its configuration's media type, as the referrers API takes it. subject: what it is
    attached to, "" for nothing.
    """

    digest: str
    media_type: str
    artifact_type: str = ""
    subject: str = ""
    children: tuple[Descriptor, ...] = ()
    layers: tuple[Descriptor, ...] = ()
    annotations: Mapping[str, str] = field(default_factory=dict)


async def read_manifest(repository: Repository, digest: str) -> RawManifest:
    """Return the manifest of a digest.

    Raises ImageNotFound, MalformedManifest for what its pusher did wrong, InvalidAnswer for what the registry did
    wrong, and all that Repository.get raises.
    """
    answer = await repository.get(f"manifests/{digest}", accept=ACCEPT, largest=LARGEST_MANIFEST)
    expect_ok(repository, answer, f"{repository.name}@{digest}")
    host = repository.host
    verify(host, answer.body, digest)
    try:
        # Whatever is no manifest for an image is none here either.
        document = parse_document(host, digest, answer.content_type, answer.body, now=repository.clock())
        return _raw(host, digest, document.media_type, read_object(host, answer.body))
    except InvalidAnswer as error:
        raise MalformedManifest(host, str(error).removeprefix(f"{host}: ")) from None


def _raw(host: str, digest: str, media_type: str, fields: Mapping[str, Any]) -> RawManifest:
    configuration, subject = fields.get("config"), fields.get("subject")
    config_type = _text(configuration.get("mediaType")) if isinstance(configuration, dict) else ""
    about = subject.get("digest") if isinstance(subject, dict) else ""
    return RawManifest(
        digest,
        media_type,
        _text(fields.get("artifactType")) or config_type,
        about if isinstance(about, str) and DIGEST.fullmatch(about) else "",
        descriptors(host, fields.get("manifests")),
        descriptors(host, fields.get("layers")),
        texts_of(fields.get("annotations")),
    )


def descriptors(host: str, entries: object) -> tuple[Descriptor, ...]:
    """Read a list of descriptors; none for no list. Raises InvalidAnswer for what is none, and for too many."""
    if not isinstance(entries, list):
        return ()
    if len(entries) > MOST_DESCRIPTORS:
        raise InvalidAnswer(host, f"sent a manifest that names more than {MOST_DESCRIPTORS:,} things")
    return tuple(_descriptor(host, entry) for entry in entries)


def _descriptor(host: str, entry: object) -> Descriptor:
    digest = entry.get("digest") if isinstance(entry, dict) else None
    if not isinstance(entry, dict) or not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise InvalidAnswer(host, "sent a manifest that names something by a digest that is none")
    size, platform = entry.get("size"), entry.get("platform")
    return Descriptor(
        digest,
        _text(entry.get("mediaType")),
        _text(entry.get("artifactType")),
        size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        texts_of(entry.get("annotations")),
        platform if isinstance(platform, dict) else None,
    )


def texts_of(annotations: object) -> Mapping[str, str]:
    """Return those annotations that are texts."""
    if not isinstance(annotations, dict):
        return {}
    return {key: text for key, text in annotations.items() if isinstance(text, str)}


def _text(told: object) -> str:
    return told if isinstance(told, str) and len(told) <= LONGEST_TYPE else ""
