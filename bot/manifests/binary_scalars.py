"""Scalars with the tag `!!binary`, which stand for the text that their base64 encodes."""

from __future__ import annotations

import base64
import binascii
from typing import Final

from yaml.events import ScalarEvent

BINARY: Final = "tag:yaml.org,2002:binary"
"""The tag, as a parser gives it (YAML 1.1, binary)."""

_LONGEST: Final = 4_096


def decoded(event: ScalarEvent) -> ScalarEvent:
    """Give a scalar with this tag the text that Kubernetes reads in it (go-yaml decodes it, keys too).

    It keeps its tag, by which everybody sees that its bytes in the file are others. One that is longer than any image
    or key, is no base64 or no ASCII gets a text that is neither of an image nor of a key: its tag before what stands.
    """
    text = _text(str(event.value))
    value = f"!!binary {event.value}" if text is None else text
    return ScalarEvent(event.anchor, event.tag, event.implicit, value, event.start_mark, event.end_mark, event.style)


def _text(written: str) -> str | None:
    if len(written) > _LONGEST:
        return None
    try:
        return base64.b64decode(written.replace("\n", "").replace("\r", ""), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
