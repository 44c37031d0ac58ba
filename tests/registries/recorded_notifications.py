"""The notifications that registries document, each file named for its kind and naming its document."""

import copy
import json
from pathlib import Path
from typing import Any

from bot.registries.notifications import HookKind

FOLDER = Path(__file__).parent / "notifications"

Steps = tuple[str | int, ...]


def recorded(kind: str) -> Any:
    """Read the file of a kind: its document, the host of a hook for it, and its payloads by name."""
    name = HookKind.DISTRIBUTION if kind == HookKind.GITLAB else kind
    return json.loads((FOLDER / f"{name}.json").read_text())


def payload(kind: str, name: str = "") -> dict[str, Any]:
    """Read one payload of a kind; without a name the first, for registries a push."""
    payloads = recorded(kind)["payloads"]
    return payloads[name or next(iter(payloads))]


def host(kind: str) -> str:
    return recorded(kind)["host"]


def changed(payload: Any, path: Steps, value: Any) -> Any:
    """Give a copy with another value at a path of keys and places."""
    result = copy.deepcopy(payload)
    at = result
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return result
