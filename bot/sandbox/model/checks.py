"""What has been said about commits: check runs, suites and statuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model.people import Account, App


@dataclass(eq=False)
class CheckSuite:
    """All check runs of one App for one commit."""

    id: int
    node_id: str
    app: App
    head_oid: str
    head_branch: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False)
class CheckRun:
    """One check of one commit."""

    id: int
    node_id: str
    suite: CheckSuite
    name: str
    head_oid: str
    status: str  # queued | in_progress | completed
    conclusion: str | None
    started_at: datetime | None
    completed_at: datetime | None
    external_id: str = ""
    details_url: str | None = None
    output: dict[str, Any] = field(default_factory=dict)  # title, summary, text
    annotations: list[dict[str, Any]] = field(default_factory=list)
    actions: list[dict[str, str]] = field(default_factory=list)

    @property
    def app(self) -> App:
        """The App whose check it is."""
        return self.suite.app


@dataclass(eq=False)
class CommitStatus:
    """The older kind of check: a state with a context on a commit."""

    id: int
    node_id: str
    oid: str
    context: str
    state: str  # error | failure | pending | success
    creator: Account
    created_at: datetime
    description: str | None = None
    target_url: str | None = None
