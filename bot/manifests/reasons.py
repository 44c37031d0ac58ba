"""Why something was left as it is: the closed set of reasons, and where each one applied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class SkipReason(StrEnum):
    """Why a file or a place in a file is not edited."""

    # the file as a whole
    UNSAFE_PATH = "unsafe-path"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"
    NOT_A_FILE = "not-a-file"
    WORKFLOW = "workflow"
    POLICY_FILE = "policy-file"
    TOO_LARGE = "too-large"
    BINARY = "binary"
    NAMED_OTHERWISE = "named-otherwise"
    LFS_POINTER = "lfs-pointer"
    NOT_UTF8 = "not-utf-8"
    BROKEN_YAML = "broken-yaml"
    TEMPLATE = "template"
    TOO_MANY_EVENTS = "too-many-events"
    TOO_DEEP = "too-deep"
    TOO_MANY_ALIASES = "too-many-aliases"
    CHECK_FAILED = "check-failed"
    # one place in a file
    ALIAS = "alias"
    MERGE_KEY = "merge-key"
    BLOCK_SCALAR = "block-scalar"
    ESCAPED = "escaped"
    TAGGED = "tagged"
    DUPLICATE_KEY = "duplicate-key"
    NOT_A_TEXT = "not-a-text"
    OUT_OF_PATHS = "out-of-paths"
    OTHER_POLICY = "other-policy"
    NOT_MARKED = "not-marked"
    MARKER_NOT_UNDERSTOOD = "marker-not-understood"
    DIFFERENT_IMAGE = "different-image"
    PINNED_TO_DIGEST = "pinned-to-digest"
    CLAIMED_TWICE = "claimed-twice"
    INVALID_TARGET = "invalid-target"
    NO_TAG = "no-tag"
    NO_PLACE_FOR_DIGEST = "no-place-for-digest"
    TEXT_IN_TEXT = "text-in-text"
    MARKS_NOTHING = "marks-nothing"
    PULL_SECRETS_STAND = "pull-secrets-stand"


NOT_LOOKED_INTO: Final = frozenset(
    {
        SkipReason.TOO_LARGE,
        SkipReason.BINARY,
        SkipReason.LFS_POINTER,
        SkipReason.NOT_UTF8,
        SkipReason.BROKEN_YAML,
        SkipReason.TEMPLATE,
        SkipReason.TOO_MANY_EVENTS,
        SkipReason.TOO_DEEP,
        SkipReason.TOO_MANY_ALIASES,
    }
)
"""Why nobody can look into a file at all."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """One thing that was not edited. `line` counts from 1, None is the file as a whole; `message` is a sentence."""

    path: str
    line: int | None
    reason: SkipReason
    message: str
