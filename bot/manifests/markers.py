"""Markers: the comments by which a line says which policy it follows."""

from __future__ import annotations

import json
from typing import Final

MARKER_KEY: Final = "$imagepolicy"
_KEY_BYTES: Final = MARKER_KEY.encode()
_LONGEST_COMMENT: Final = 4096
_CLOSERS: Final = b" \t,}]"


def may_hold_markers(content: bytes) -> bool:
    """Whether any line of the file can hold a marker: a quick look at the bytes."""
    return _KEY_BYTES in content


def marker_after(content: bytes, end: int) -> str | None:
    """Read the marker in the comment behind a value that ends before the byte `end`, on the same line.

    Flux's rule (image-automation-controller, update/setters.go): the comment without its `#` is a JSON object of
    strings. Here the comment may also stand behind the brackets that close a flow collection.
    """
    line = content[end : end + _LONGEST_COMMENT].partition(b"\n")[0].partition(b"\r")[0]
    before, hash_sign, comment = line.partition(b"#")
    if not hash_sign or before.strip(_CLOSERS):
        return None
    return _marker_in(comment.lstrip(b"#").strip())


def _marker_in(comment: bytes) -> str | None:
    if not comment.startswith(b"{"):
        return None
    try:
        fields = json.loads(comment)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(value, str) for value in fields.values()):
        return None
    marker = fields.get(MARKER_KEY)
    return marker if isinstance(marker, str) else None
