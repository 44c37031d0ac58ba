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

    `text` is the value as a YAML reader sees it and `reference` what it means (None: no image reference).
    `kind`, `namespace` and `name` tell the Kubernetes object, `container` the container's name, `field` the path of
    the value in its document ("spec.template.spec.containers[0].image"); what the file does not say is "".
    `document` counts the documents of the file from 0, `line` its lines from 1. `marker` is the text that a
    `{"$imagepolicy": ...}` comment on the line holds. `parts` are the bytes that an edit may change: empty where
    `obstacle` says why there is none. `anchor` is where the value of an alias really stands.
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
    anchor: Span | None = None
