"""Markers: the comments by which a line says which policy it follows."""

from __future__ import annotations

import json
from typing import Final

from bot.manifests.occurrences import Part

MARKER_KEY: Final = "$imagepolicy"
_LONGEST: Final = 4096
_SUFFIXES: Final = {":tag": Part.TAG, ":name": Part.NAME, ":digest": Part.DIGEST}


def parse_marker(comment: str) -> str | None:
    """Read the policy that a comment names ("team:app", "app:tag"); None for a comment that is no marker.

    Flux's rule (image-automation-controller, update/setters.go): the comment without its `#` is one JSON object of
    strings with the key `$imagepolicy`; other keys are allowed, other text is not. Never raises.
    """
    text = comment.strip().lstrip("#").strip()
    if len(text) > _LONGEST or not text.startswith("{"):
        return None
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in fields.values()):
        return None
    marker = str(fields.get(MARKER_KEY, ""))
    return marker if marker and marker.isprintable() else None


def part_asked(marker: str) -> Part | None:
    """Tell the part of the image that a marker asks for (`:tag`, `:name`, `:digest`); None where it asks for all."""
    policy, colon, part = marker.rpartition(":")
    return _SUFFIXES.get(colon + part) if policy else None


def without_part(marker: str) -> str:
    """Give the policy that a marker names, without the part of the image that it asks for."""
    return marker if part_asked(marker) is None else marker.rpartition(":")[0]
