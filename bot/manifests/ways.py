"""How the way to a value in a document is written: `spec.containers[0].image`, `data["app.yaml"]`."""

from __future__ import annotations

import json
import re
from typing import Final

_PLAIN_KEY: Final = re.compile(r"[A-Za-z0-9_/-]+")
_LONGEST_KEY: Final = 200


_LONGEST_WAY: Final = 1000


def below(way: str, key: str) -> str:
    """Write the way to the value of a key, from the way to the mapping ("" is the root of the document)."""
    way = _shortened(way)
    if len(key) > _LONGEST_KEY:
        key = key[:_LONGEST_KEY] + "..."
    if not _PLAIN_KEY.fullmatch(key):
        return f"{way}[{json.dumps(key, ensure_ascii=False)}]"
    return f"{way}.{key}" if way else key


def element(way: str, index: int) -> str:
    """Write the way to an element of a sequence, counted from 0."""
    return f"{_shortened(way)}[{index}]"


def _shortened(way: str) -> str:
    """Leave out the beginning of a way that is longer than anybody reads."""
    return way if len(way) <= _LONGEST_WAY else f"...{way[3 - _LONGEST_WAY :]}"
