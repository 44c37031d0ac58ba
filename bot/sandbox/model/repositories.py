"""A repository with everything that belongs to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox.model.conversations import MergeMethod, PullRequest

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.git import GitRepository
    from bot.sandbox.model.checks import CheckRun, CheckSuite, CommitStatus
    from bot.sandbox.model.conversations import Issue, Label, QueueEntry
    from bot.sandbox.model.people import Account, Role
    from bot.sandbox.model.protection import BranchProtection, Ruleset
    from bot.sandbox.model.releases import Release


@dataclass(eq=False)
class Repository:
    """A repository: GitHub's records about it, and the real bare git repository."""

    id: int
    node_id: str
    owner: Account
    name: str
    git: GitRepository
    created_at: datetime
    pushed_at: datetime
    default_branch: str = "main"
    parent: Repository | None = None  # what it is a fork of
    private: bool = False
    archived: bool = False
    allow_auto_merge: bool = False
    delete_branch_on_merge: bool = False
    merge_methods: set[MergeMethod] = field(default_factory=lambda: set(MergeMethod))
    collaborators: dict[str, Role] = field(default_factory=dict)  # by login, lower case
    custom_roles: dict[str, str] = field(default_factory=dict)  # names of roles an organisation made, by login
    protections: dict[str, BranchProtection] = field(default_factory=dict)  # by branch
    rulesets: list[Ruleset] = field(default_factory=list)
    labels: dict[str, Label] = field(default_factory=dict)  # by name, lower case
    issues: dict[int, Issue] = field(default_factory=dict)  # by number; pull requests too
    check_suites: dict[int, CheckSuite] = field(default_factory=dict)
    check_runs: dict[int, CheckRun] = field(default_factory=dict)
    statuses: list[CommitStatus] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)  # oldest first
    queue: list[QueueEntry] = field(default_factory=list)
    verified: set[str] = field(default_factory=set)  # commits GitHub itself signed
    tree_limit: int = 100_000  # entries after which a recursive tree is cut short, as GitHub's is
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def full_name(self) -> str:
        """The name with its owner: ``acme/shop``."""
        return f"{self.owner.login}/{self.name}"

    @property
    def pulls(self) -> list[PullRequest]:
        """All pull requests, oldest first."""
        return [issue for issue in self.issues.values() if isinstance(issue, PullRequest)]
