"""What is copied from where to where, and what came of it, as plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.registries.access import Access


@dataclass(frozen=True, slots=True)
class Side:
    """A repository at a registry as an ImageReference names them, and who reads or writes there."""

    host: str
    repository: str
    access: Access


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """One image to copy.

    digest: of the image or index, which `source_tag` has to stand for still when the target's tag is set.
    referrers: also copy what is attached to the image and its platforms (signatures, SBOMs). overwrite: a target tag
    that stands for something else may be moved.
    """

    source: Side
    target: Side
    digest: str
    source_tag: str
    target_tag: str
    referrers: bool = False
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a copy is: bytes that went through this process, and blobs that the target has by now, of how many."""

    streamed_bytes: int
    blobs: int
    of_blobs: int


Report = Callable[[Progress], None]
BeforeTag = Callable[[], Awaitable[None]]
"""Asked right before a copy looks at both tags for the last time; what it raises ends the copy without a tag."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy did.

    already: the tag stood at this digest before, and nothing but missing referrers was sent. streamed_bytes: of blobs
    that went through this process. mounted, present: blobs that the registry took from the source itself, and that the
    target had. manifests, referrers: how many were written; referrers counts those attached to the image. replaced:
    the digest that the tag stood for before, None where there was no tag or the same one. left_out: how many were
    listed as attached to the image, and are attached to something else by their own word; they were not copied.
    """

    digest: str
    already: bool = False
    streamed_bytes: int = 0
    mounted: int = 0
    present: int = 0
    manifests: int = 0
    referrers: int = 0
    replaced: str | None = None
    left_out: int = 0
