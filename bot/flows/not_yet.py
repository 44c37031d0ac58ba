"""What a policy file may say and the running bot does not act on yet: one table, told to those who write such a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.policies.policy import FluxMode

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.policies import PolicyFile


@dataclass(frozen=True, slots=True)
class _Written:
    """A policy file that was understood, and the repository (`owner/name`) that it stands in."""

    file: PolicyFile
    full_name: str

    def has_key(self, key: str) -> bool:
        """Whether the key stands at the top of the file."""
        return key in self.file.written


@dataclass(frozen=True, slots=True)
class _NotYet:
    """A key, whether a file uses it, and what happens instead ("" where nothing does)."""

    key: str
    is_used: Callable[[_Written], bool]
    instead: str = ""


_TABLE: Final = (
    _NotYet(
        "pull-secrets",
        lambda written: written.has_key("pull-secrets"),
        "reviews suggest them, and nothing else writes them into manifests",
    ),
    _NotYet("enforce", lambda written: written.has_key("enforce")),
    _NotYet("flux", lambda written: written.file.flux is not FluxMode.OFF),
    _NotYet(
        "the organisation's file",
        lambda written: written.full_name.endswith("/.github"),
        "other repositories do not read this one",
    ),
)
"""Whoever builds one of these takes its row away."""


def not_yet(policy_file: PolicyFile, full_name: str) -> str:
    """Name in one sentence the keys of a policy file that are read and not acted on yet; "" when there are none.

    `full_name` is the repository's.
    """
    written = _Written(policy_file, full_name)
    used = [row for row in _TABLE if row.is_used(written)]
    if not used:
        return ""
    shown = ", ".join(f"`{row.key}`" + (f" ({row.instead})" if row.instead else "") for row in used)
    return f"Read, but not acted on yet: {shown}."


def has_remarks(policy_file: PolicyFile, full_name: str) -> bool:
    """Whether there is something to say about a policy file although it was understood."""
    return bool(not policy_file.enabled or policy_file.problems or not_yet(policy_file, full_name))
