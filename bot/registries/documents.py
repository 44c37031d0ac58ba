"""Understands a manifest's bytes: an index with its children, or one image with its configuration."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.images import InvalidPlatform, Platform
from bot.registries.creation import annotated
from bot.registries.errors import InvalidAnswer
from bot.registries.labels import annotations_of

INDEX_TYPES = frozenset(
    {"application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"}
)
MANIFEST_TYPES = frozenset(
    {"application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"}
)
CONFIGURATION_TYPES = frozenset(
    {"application/vnd.oci.image.config.v1+json", "application/vnd.docker.container.image.v1+json"}
)
# What a server that does not know better calls a manifest; then the manifest's own word counts.
VAGUE_TYPES = frozenset({"", "application/json", "application/octet-stream", "text/plain"})
MOST_CHILDREN = 200
# Nothing but brackets unpacks to fifty times its size: counted before it is parsed.
MOST_VALUES = 200_000
DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Child:
    """A runnable image that an index names. platform: None when the index does not say."""

    digest: str
    platform: Platform | None


@dataclass(frozen=True, slots=True)
class Document:
    """A manifest as read.

    configuration: the digest of an image's configuration; None for an index or an artifact. created: the time in its
    own annotation. annotations: those that labels_of() would know as labels.
    """

    digest: str
    media_type: str
    children: tuple[Child, ...] = ()
    configuration: str | None = None
    created: datetime | None = None
    annotations: Mapping[str, str] = field(default_factory=dict)


def verify(host: str, body: bytes, digest: str) -> str:
    """Return the digest when the bytes have it, else raise InvalidAnswer."""
    if not DIGEST.fullmatch(digest):
        raise InvalidAnswer(host, "tells a digest that is none")
    algorithm = digest.partition(":")[0]
    if hashlib.new(algorithm, body).hexdigest() != digest.partition(":")[2]:
        raise InvalidAnswer(host, f"sent other bytes than those of {digest}")
    return digest


def parse_document(host: str, digest: str, content_type: str, body: bytes, *, now: datetime) -> Document:
    """Read a manifest whose digest was verified.

    content_type: of the answer; it must agree with the manifest's own mediaType. now: a time of creation that is far
    ahead of it is none. Attestations and other children that nobody can run (platform unknown/unknown, or an artifact)
    are left out. Raises InvalidAnswer.
    """
    fields = read_object(host, body)
    media_type = _media_type(host, content_type, fields)
    is_index = media_type in INDEX_TYPES
    return Document(
        digest,
        media_type,
        children=_children(host, fields) if is_index else (),
        configuration=None if is_index else _configuration(host, fields),
        created=annotated(fields, now),
        annotations=annotations_of(fields),
    )


def read_object(host: str, body: bytes) -> Mapping[str, Any]:
    """Return a JSON object; raises InvalidAnswer for everything else."""
    if sum(map(body.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InvalidAnswer(host, "sent a manifest or configuration of too many values to be read")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise InvalidAnswer(host, "sent a manifest or configuration that is no JSON object")
    return fields


def read_platform(fields: Mapping[str, Any]) -> Platform | None:
    """Return the platform that `os`, `architecture` and `variant` tell, spelled normally; None without a usable one."""
    parts = [fields.get("os"), fields.get("architecture"), fields.get("variant") or None]
    texts = [part for part in parts if isinstance(part, str)]
    if len(texts) < 2 + (parts[2] is not None) or UNKNOWN in texts[:2]:
        return None
    try:
        return Platform.parse("/".join(texts)).normalised()
    except InvalidPlatform:
        return None


def _media_type(host: str, content_type: str, fields: Mapping[str, Any]) -> str:
    """Return what the manifest is. Two readings of one document are refused (after CVE-2021-41190)."""
    is_index, is_image = "manifests" in fields, "config" in fields
    if is_index == is_image:
        raise InvalidAnswer(host, "sent a manifest that is both an index and an image, or neither")
    own = fields.get("mediaType")
    if own is not None and content_type not in VAGUE_TYPES and own != content_type:
        raise InvalidAnswer(host, "sent a manifest of another type than it says")
    told = own if own is not None else content_type
    if told in VAGUE_TYPES:
        family = "index" if is_index else "manifest"
        return f"application/vnd.oci.image.{family}.v1+json"
    if told not in (INDEX_TYPES if is_index else MANIFEST_TYPES):
        raise InvalidAnswer(host, "sent a manifest of a type that does not fit its content, or is not understood")
    return str(told)


def _children(host: str, fields: Mapping[str, Any]) -> tuple[Child, ...]:
    entries = fields["manifests"]
    if not isinstance(entries, list) or len(entries) > MOST_CHILDREN:
        raise InvalidAnswer(host, f"sent an index that is no list, or of more than {MOST_CHILDREN} manifests")
    return tuple(child for entry in entries if (child := _child(host, entry)))


def _child(host: str, entry: object) -> Child | None:
    if not isinstance(entry, dict):
        raise InvalidAnswer(host, "sent an index with an entry that is no object")
    if entry.get("mediaType") not in MANIFEST_TYPES or "artifactType" in entry:
        return None
    platform = entry.get("platform")
    if platform is None:
        return Child(_digest(host, entry), None)
    known = read_platform(platform) if isinstance(platform, dict) else None
    return Child(_digest(host, entry), known) if known else None


def _configuration(host: str, fields: Mapping[str, Any]) -> str | None:
    entry = fields["config"]
    if not isinstance(entry, dict):
        raise InvalidAnswer(host, "sent a manifest whose configuration is no object")
    return _digest(host, entry) if entry.get("mediaType") in CONFIGURATION_TYPES else None


def _digest(host: str, entry: Mapping[str, Any]) -> str:
    digest = entry.get("digest")
    if not isinstance(digest, str) or not DIGEST.fullmatch(digest):
        raise InvalidAnswer(host, "sent a manifest that names something by a digest that is none")
    return digest
