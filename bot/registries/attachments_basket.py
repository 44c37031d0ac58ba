"""Collects attached documents, within what may be held of them, and keeps account of what was left out."""

from dataclasses import dataclass, field

from bot.registries.attachments import Attachment, AttachmentKind, LeftOut
from bot.registries.attachments_images import Holder
from bot.registries.attachments_manifests import Descriptor, MalformedManifest, RawManifest, read_manifest
from bot.registries.attachments_types import (
    PREDICATE_KEYS,
    document_type,
    goes_without_saying,
    is_document,
    is_predicate_of_use,
    may_hold_documents,
)
from bot.registries.documents import INDEX_TYPES, verify
from bot.registries.errors import ImageNotFound, InvalidAnswer
from bot.registries.repository import Repository, expect_ok

MEBIBYTE = 1024 * 1024
LARGEST_DOCUMENT = 40 * MEBIBYTE  # as BuildKit's own
LARGEST_TOTAL = 200 * MEBIBYTE
MOST_ATTACHMENTS = 200
MOST_MANIFESTS = 400
MOST_LEFT_OUT = 200
LONGEST_DOCUMENT_SECONDS = 60
LONGEST_WORD = 100


@dataclass(slots=True)
class Basket:
    """What was collected of one repository. size: of all different blobs, in bytes."""

    repository: Repository
    found: list[Attachment] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    size: int = 0
    _blobs: dict[str, bytes] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    async def add(self, holder: Holder) -> None:
        """Read a manifest and the documents of use in it.

        What its pusher got wrong (a size, a list, a blob that is not there) leaves it out. Raises InvalidAnswer for
        bytes that are not those of their digest, and all else that Repository.get raises.
        """
        key = (holder.subject, holder.descriptor.digest)
        if key in self._seen:
            return
        place = f"{holder.kind.value} ({holder.descriptor.digest})"
        if goes_without_saying(holder.descriptor.artifact_type, predicate_of(holder.descriptor)):
            return
        if reason := self._why_not(holder):
            self.leave(place, reason)
            return
        self._seen.add(key)
        manifest = await self._manifest(holder, place)
        if manifest:
            for layer in manifest.layers:
                await self._add_layer(holder, manifest, layer)

    def leave(self, place: str, reason: str) -> None:
        """Note what is left out, as far as anybody reads such a list."""
        if len(self.left_out) < MOST_LEFT_OUT:
            self.left_out.append(LeftOut(place, reason))

    def _why_not(self, holder: Holder) -> str:
        """Return why a manifest is not read at all; "" when it is."""
        if len(self._seen) >= MOST_MANIFESTS:
            return f"more than {MOST_MANIFESTS} things are attached to this image"
        descriptor = holder.descriptor
        if not may_hold_documents(descriptor.artifact_type):
            return f"nothing here reads what is of the type {_word(descriptor.artifact_type)}"
        return _why_not_predicate(predicate_of(descriptor))

    async def _manifest(self, holder: Holder, place: str) -> RawManifest | None:
        try:
            manifest = await read_manifest(self.repository, holder.descriptor.digest)
        except ImageNotFound:
            self.leave(place, "its manifest is not there")
            return None
        except MalformedManifest as error:
            self.leave(place, f"its manifest cannot be read: {error}")
            return None
        if manifest.media_type in INDEX_TYPES:
            self.leave(place, "it is an index, which holds no documents itself")
        elif manifest.subject != holder.subject and (manifest.subject or holder.kind is AttachmentKind.REFERRER):
            self.leave(place, f"it does not say that it is about {holder.subject}")
        elif not may_hold_documents(manifest.artifact_type):
            self.leave(place, f"nothing here reads what is of the type {_word(manifest.artifact_type)}")
        else:
            return manifest
        return None

    async def _add_layer(self, holder: Holder, manifest: RawManifest, layer: Descriptor) -> None:
        place = f"{holder.kind.value} ({layer.digest})"
        media_type = document_type(layer.media_type, manifest.artifact_type)
        annotations = {**manifest.annotations, **layer.annotations}
        predicate_type = predicate_of(layer) or predicate_of(manifest)
        if goes_without_saying(media_type, predicate_type):
            return
        reason = _why_not_type(media_type) or _why_not_predicate(predicate_type) or self._why_no_room(layer)
        if reason:
            self.leave(place, reason)
            return
        content = await self._content(layer, place)
        if content is not None:
            kind, subject = holder.kind, holder.subject
            found = Attachment(kind, subject, media_type, content, layer.digest, predicate_type, annotations)
            self.found.append(found)

    def _why_no_room(self, layer: Descriptor) -> str:
        if len(self.found) >= MOST_ATTACHMENTS:
            return f"more than {MOST_ATTACHMENTS} documents are attached to this image"
        if layer.digest in self._blobs:
            return ""
        if layer.size is None:
            return "its manifest does not say how large it is"
        if layer.size > LARGEST_DOCUMENT:
            return f"it is larger than {LARGEST_DOCUMENT // MEBIBYTE} MiB"
        if self.size + layer.size > LARGEST_TOTAL:
            return f"all documents together are larger than {LARGEST_TOTAL // MEBIBYTE} MiB"
        return ""

    async def _content(self, layer: Descriptor, place: str) -> bytes | None:
        """Return the bytes of a blob, once fetched for all that name it; None where it was left out."""
        if layer.digest in self._blobs:
            return self._blobs[layer.digest]
        size, repository = layer.size or 0, self.repository
        path = f"blobs/{layer.digest}"
        try:
            answer = await repository.get(path, accept="*/*", largest=size, seconds=LONGEST_DOCUMENT_SECONDS)
            expect_ok(repository, answer, f"blob {layer.digest} in {repository.name}")
        except ImageNotFound:
            self.leave(place, "it is not there")
            return None
        except InvalidAnswer as error:
            self.leave(place, f"it cannot be read: {error}")
            return None
        verify(repository.host, answer.body, layer.digest)
        self._blobs[layer.digest] = answer.body
        self.size += len(answer.body)
        return answer.body


def predicate_of(named: Descriptor | RawManifest) -> str:
    """Return the predicate's type that annotations tell, "" where they tell none."""
    return next(filter(None, (named.annotations.get(key) for key in PREDICATE_KEYS)), "")


def _why_not_type(media_type: str) -> str:
    return "" if is_document(media_type) else f"nothing here reads what is of the type {_word(media_type)}"


def _why_not_predicate(predicate_type: str) -> str:
    if is_predicate_of_use(predicate_type):
        return ""
    return f"no criterion is about what is stated by {_word(predicate_type)}"


def _word(told: str) -> str:
    """Return a word of the pusher's, short and of visible letters, for a sentence."""
    visible = "".join(letter if "!" <= letter <= "~" else "?" for letter in told[:LONGEST_WORD])
    return visible if len(told) <= LONGEST_WORD else f"{visible}..."
