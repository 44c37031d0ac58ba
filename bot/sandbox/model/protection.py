"""What protects branches: classic protection and rulesets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A check that must succeed; ``app_id`` None means by whomever."""

    context: str
    app_id: int | None = None


@dataclass(eq=False)
class BranchProtection:
    """Classic protection of one branch."""

    required_checks: list[RequiredCheck] = field(default_factory=list)
    strict: bool = False
    required_approvals: int = 0
    conversation_resolution: bool = False  # all review threads must be resolved
    enforce_admins: bool = False
    allow_force_pushes: bool = False
    allow_deletions: bool = False
    pushers: list[str] | None = None  # logins of who may push; None: whoever may write


@dataclass(eq=False)
class Ruleset:
    """A set of rules for the branches that match ``include``: ``~DEFAULT_BRANCH``, ``~ALL`` or a pattern."""

    id: int
    node_id: str
    name: str
    rules: list[dict[str, Any]]  # GitHub's own shape: {"type": "required_status_checks", "parameters": {...}}
    include: list[str] = field(default_factory=lambda: ["~DEFAULT_BRANCH"])
    exclude: list[str] = field(default_factory=list)
    enforcement: str = "active"  # active | evaluate | disabled
    bypass: list[int] = field(default_factory=list)  # ids of Apps
