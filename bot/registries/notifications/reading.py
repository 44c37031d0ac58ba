"""How the readers of notifications look into a payload of which nothing can be trusted."""

import base64
import binascii
import json
import re
from typing import Any

Payload = dict[str, Any]

_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class UnreadableNotification(ValueError):
    """The payload does not look like what this registry sends."""


def value_at(payload: object, *path: str) -> Any:
    """Return what stands at the end of a path of keys; None where a part of it is missing or is no object."""
    found: Any = payload
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def text_at(payload: object, *path: str) -> str | None:
    """Return the text at the end of a path of keys; None where there is none, or an empty one."""
    found = value_at(payload, *path)
    return found if isinstance(found, str) and found else None


def wanted_text(payload: object, *path: str) -> str:
    """Return the text at the end of a path of keys; raises UnreadableNotification where there is none."""
    found = text_at(payload, *path)
    if found is None:
        raise UnreadableNotification(f"the notification should have a text at {'.'.join(path)}; this one has not")
    return found


def digest_or_none(found: object) -> str | None:
    """Return what is a SHA-256 digest as registries write it, and None for all else."""
    return found if isinstance(found, str) and _DIGEST.fullmatch(found) else None


def without_tag(name: str) -> str:
    """Cut off an image's tag and digest, also those that are empty or cannot be."""
    name = name.partition("@")[0]
    path, slash, last = name.rpartition("/")
    return path + slash + last.partition(":")[0]


def json_in_base64(text: str) -> Payload:
    """Decode an object that was written as JSON and then as base64; raises UnreadableNotification."""
    try:
        found = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, RecursionError) as problem:
        raise UnreadableNotification(f"the data in base64 is not JSON: {type(problem).__name__}") from None
    if not isinstance(found, dict):
        raise UnreadableNotification(f"the data in base64 is a JSON {type(found).__name__}, not an object")
    return found
