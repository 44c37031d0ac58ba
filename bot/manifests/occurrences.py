"""One place where an image stands in a file, with the exact bytes it takes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping  # noqa: TC003 - these annotations are read at run time to keep occurrences as JSON
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.images import ImageReference  # noqa: TC001
from bot.manifests.reasons import SkipReason  # noqa: TC001


class Part(StrEnum):
    """A part of an image reference that has its own bytes in the file."""

    WHOLE = "whole"
    REGISTRY = "registry"
    """The host, where it stands apart from the repository."""
    NAME = "name"
    TAG = "tag"
    DIGEST = "digest"


class Span(NamedTuple):
    """Half-open range of byte offsets in the file, its byte order mark included."""

    start: int
    end: int


class Obstacle(NamedTuple):
    """Why an occurrence can be read but not edited. `message` is one sentence."""

    reason: SkipReason
    message: str


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An image in a file.

    `text` is the value as a YAML reader sees it, of an image whose parts stand apart the reference that they make, and
    `reference` what it means (None: no image reference). `kind`, `namespace` and `name` tell the Kubernetes object,
    `container` the container's name, `field` the path of the value in its document
    ("spec.template.spec.containers[0].image"); what the file does not say is "". `document` counts the documents of the
    file from 0, `line` its lines from 1: the line of the tag where the parts stand apart. `marker` is the text of the
    `{"$imagepolicy": ...}` comment that says which policy is followed here. `parts` are the bytes of each part, at the
    anchor where an alias stands for it: empty where `obstacle` says why nothing can be edited. `standing` is what a
    marked value without an image's name stands at, as `stands_at` writes it ("1.9.0" of "APP_VERSION=1.9.0"), None
    where the reference tells.
    """

    path: str
    reference: ImageReference | None
    text: str
    kind: str
    namespace: str
    name: str
    container: str
    field: str
    line: int
    marker: str | None = None
    parts: Mapping[Part, Span] = dataclasses.field(default_factory=dict)
    document: int = 0
    obstacle: Obstacle | None = None
    standing: str | None = None


class Held(NamedTuple):
    """How one part of an occurrence is held in the file.

    `text` is the whole scalar as it reads and `start`, `end` the part's characters in it. `span` are the scalar's bytes
    without its quotes, None where they are not the text as it is (escapes, several lines), `line` the line on which
    they stand. `is_plain` says that quotes may be put around the scalar. `is_writable` is False where a marker asks for
    other parts only.
    """

    part: Part
    text: str
    start: int
    end: int
    span: Span | None
    line: int
    is_plain: bool = False
    is_writable: bool = True

    @property
    def value(self) -> str:
        """The text of the part alone."""
        return self.text[self.start : self.end]


class Found(NamedTuple):
    """An occurrence and how its parts are held: what the editor needs beside what everybody sees."""

    occurrence: Occurrence
    held: tuple[Held, ...]
