"""Hostile JSON as values: bounded before it is parsed, and typed when it is looked into."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from bot.promotion.documents.told import Unreadable

LARGEST: Final = 100 * 1024 * 1024
LARGEST_IN_MEMORY: Final = 500 * 1024 * 1024
LONGEST_TEXT: Final = 4_096
MOST_ENTRIES: Final = 100_000

# What CPython needs for an object, a list, and one more value with its key.
_OBJECT, _LIST, _VALUE = 240, 100, 100
_WIDEST: Final = re.compile(rb"[\xf0-\xf4]")
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


def loaded(content: bytes) -> dict[str, Any]:
    """Read a JSON object; raise Unreadable where it is none, is ambiguous, or would need too much memory.

    RFC 8259, and stricter: no name twice in one object, no NaN or Infinity.
    """
    if len(content) > LARGEST:
        raise Unreadable("it is larger than 100 MB")
    if memory_wanted(content) > LARGEST_IN_MEMORY:
        raise Unreadable("it holds too many values")
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise Unreadable("it is not JSON: it is not UTF-8") from None
    except RecursionError:
        raise Unreadable("its values are nested too deeply") from None
    except ValueError:
        raise Unreadable("it is not JSON") from None
    if not isinstance(value, dict):
        raise Unreadable("it is JSON, but not an object")
    return value


def memory_wanted(content: bytes) -> int:
    """Estimate from above the bytes of memory that the JSON in `content` takes while it is parsed."""
    # CPython holds a text at the width of its widest character.
    width = 1 if content.isascii() else 4 if _WIDEST.search(content) else 2
    text_and_its_parts = (width + 1) * len(content)
    objects_and_lists = _OBJECT * content.count(b"{") + _LIST * content.count(b"[")
    return text_and_its_parts + objects_and_lists + _VALUE * content.count(b",")


def mapping(value: object) -> dict[str, Any]:
    """Give an object as it is, and anything else as one without members."""
    return value if isinstance(value, dict) else {}


def objects(value: object) -> list[dict[str, Any]]:
    """Give the objects of a list; none where it is no list. Raise Unreadable where it is longer than anyone writes."""
    if not isinstance(value, list):
        return []
    if len(value) > MOST_ENTRIES:
        raise Unreadable(f"it has more than {MOST_ENTRIES:,} entries in one list")
    return [entry for entry in value if isinstance(entry, dict)]


def entries(value: object) -> list[dict[str, Any]]:
    """Give the objects of a list that must be complete; none where the list is absent or null.

    Raise Unreadable where it is no list, or holds anything else: to leave that out would make too little of it.
    """
    if value is None:
        return []
    found = objects(value)
    if not isinstance(value, list) or len(found) != len(value):
        raise Unreadable("one of its lists is not what it should be")
    return found


def identifier(value: object) -> str:
    """Give the identifier of a vulnerability; raise Unreadable where it has none and so could not be counted."""
    if not (found := text(value)):
        raise Unreadable("one of its vulnerabilities has no identifier")
    return found


def texts(value: object) -> list[str]:
    """Give the texts of a list, as `text` gives them, without empty ones."""
    return [found for entry in value if (found := text(entry))] if isinstance(value, list) else []


def text(value: object) -> str:
    """Give a text, "" for anything else; raise Unreadable where it is longer than any name.

    What no database stores (NUL, halves of surrogate pairs) becomes U+FFFD.
    """
    if not isinstance(value, str):
        return ""
    if len(value) > LONGEST_TEXT:
        raise Unreadable(f"it has a name of more than {LONGEST_TEXT:,} characters")
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)


def shortened(value: object, longest: int = 1_000) -> str:
    """Give a text as `text` does, cut with an ellipsis where it is longer than `longest` characters."""
    if isinstance(value, str) and len(value) > longest:
        return text(value[:longest]) + "\N{HORIZONTAL ELLIPSIS}"
    return text(value)


def number(value: object) -> float | None:
    """Give a number, also one written as a text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > LONGEST_TEXT:
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def digest(value: object) -> str:
    """Find the digest in such as `host/repository@sha256:...` or `sha256:...`; "" where there is none."""
    found = text(value).rpartition("@")[2]
    return found if _DIGEST.fullmatch(found) else ""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("it has a name twice in one object, so it can be read in two ways")
    return members


def _no_constant(_: str) -> None:
    raise Unreadable("it has a number that is none (NaN or Infinity)")
