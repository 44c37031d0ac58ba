"""Which keys there are, and what is said of one that is not among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.policies.models import (
    AutoMergeSection,
    DefaultsSection,
    FileSection,
    ImageSection,
    PullRequestSection,
    UpdateSection,
)
from bot.policies.problems import shown_key, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.policies.section import Section

_SECTIONS: Final[Mapping[str, type[Section]]] = {
    "": FileSection,
    "defaults": DefaultsSection,
    "images": ImageSection,
    "update": UpdateSection,
    "pull-request": PullRequestSection,
    "auto-merge": AutoMergeSection,
}
_POLICY_KEYS_TO_COME: Final = frozenset(
    [
        "clock",
        "credential",
        "filter",
        "group",
        "min-age",
        "order",
        "pin",
        "pin-digest",
        "poll",
        "track",
        "updates",
        "variant",
        "versioning",
    ]
)
_FILE_KEYS_TO_COME: Final = frozenset(
    [
        "dashboard",
        "enforce",
        "environments",
        "findings",
        "flux",
        "groups",
        "limits",
        "promotions",
        "pull-secrets",
    ]
)
_KEYS_TO_COME: Final[Mapping[str, frozenset[str]]] = {
    "": _FILE_KEYS_TO_COME,
    "defaults": _POLICY_KEYS_TO_COME,
    "images": _POLICY_KEYS_TO_COME,
    "update": frozenset({"mode", "workflows"}),
    "pull-request": frozenset({"delivery", "commit-message", "reviewers", "assignees"}),
    "auto-merge": frozenset({"updates", "window", "require-checks"}),
}


def complaint(location: Sequence[str | int]) -> str:
    """Say what is wrong with the key at the end of `location`, which its section does not have."""
    *above, key = location
    section = next((step for step in reversed(above) if isinstance(step, str)), "")
    to_come = _KEYS_TO_COME.get(section, frozenset())
    if key in to_come:
        return f"{shown_key(str(key))} is not yet understood"
    known = _keys_of(section) | to_come
    where = f" of {shown_key(section)}" if section else ""
    return f"{shown_key(str(key))} is not a key{where}{suggestion(str(key), known)}"


def _keys_of(section: str) -> frozenset[str]:
    model = _SECTIONS.get(section)
    return frozenset(field.alias or name for name, field in model.model_fields.items()) if model else frozenset()
