"""What people attach to an image in its registry: attestations, lists of components, reports and their signatures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from bot.images import Platform


class AttachmentKind(Enum):
    """How a document is attached."""

    ATTESTATION = "an attestation in the index"
    REFERRER = "a referrer"
    COSIGN = "a tag of cosign's"


@dataclass(frozen=True, slots=True)
class PlatformImage:
    """One runnable image. platform: None where it does not say one that can be read."""

    platform: Platform | None
    digest: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """One document that is attached to an image; its bytes are those of `digest`, and else nothing is proven of it.

    subject: the digest that it is attached to, of the index or of one platform's image. media_type: of the document,
    as its descriptor tells it. predicate_type: of an in-toto statement in it, "" where nothing tells it. annotations:
    of the manifest that holds it, and over them those of its own descriptor (where cosign keeps signatures).
    """

    kind: AttachmentKind
    subject: str
    media_type: str
    content: bytes = field(repr=False)
    digest: str
    predicate_type: str = ""
    annotations: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What was found and not read. place: what it is and where. reason: a sentence, such as why it is too large."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Attachments:
    """All that is attached to an image, as far as it is of use.

    digest: of the image. platforms: every image that an index holds, those of an index within it too; an image is its
    own only one. found: each document once for each digest that it is attached to.
    """

    digest: str
    platforms: tuple[PlatformImage, ...]
    found: tuple[Attachment, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
