"""Issues, pull requests and what stands in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model.people import Account
    from bot.sandbox.model.repositories import Repository
    from bot.sandbox.model.reviews import Review, ReviewThread


class MergeMethod(StrEnum):
    """How a pull request becomes part of its base."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"


@dataclass(eq=False)
class Label:
    """A label of a repository."""

    id: int
    node_id: str
    name: str
    color: str = "ededed"
    description: str | None = None


@dataclass(eq=False)
class Reaction:
    """One account's reaction to a comment: ``eyes``, ``+1``, ``confused`` and the like."""

    id: int
    node_id: str
    author: Account
    content: str
    created_at: datetime


@dataclass(eq=False)
class Comment:
    """A comment on an issue or a pull request."""

    id: int
    node_id: str
    body: str
    author: Account
    created_at: datetime
    updated_at: datetime
    minimized_reason: str | None = None
    reactions: list[Reaction] = field(default_factory=list)


@dataclass(eq=False)
class Issue:
    """An issue; a pull request is one too."""

    id: int
    node_id: str
    number: int
    repository: Repository
    title: str
    body: str | None
    author: Account
    created_at: datetime
    updated_at: datetime
    state: str = "open"  # open | closed
    closed_at: datetime | None = None
    closed_by: Account | None = None
    labels: list[Label] = field(default_factory=list)
    assignees: list[Account] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    locked: bool = False  # only who may write may still speak


@dataclass(eq=False)
class AutoMerge:
    """A pull request's standing wish to be merged when it may."""

    enabled_by: Account
    method: MergeMethod
    enabled_at: datetime
    title: str | None = None
    message: str | None = None


@dataclass(eq=False, kw_only=True)
class PullRequest(Issue):
    """A pull request; ``fork`` holds its branch, if another does. Head and base oid stand still once it is closed."""

    issue_node_id: str
    head_branch: str
    head_oid: str
    base_branch: str
    base_oid: str
    fork: Repository | None = None
    draft: bool = False
    maintainer_can_modify: bool = False
    merged_at: datetime | None = None
    merged_by: Account | None = None
    merge_commit_oid: str | None = None
    auto_merge: AutoMerge | None = None
    requested_reviewers: list[Account] = field(default_factory=list)
    approvals: list[Account] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)  # oldest first, pending ones too
    threads: list[ReviewThread] = field(default_factory=list)  # oldest first
    emptied: bool = False  # once had nothing ahead of its base: closed for good
    unknown_mergeability: int = 0  # how many readings still answer "unknown", as GitHub's do at first

    @property
    def home(self) -> Repository:
        """The repository that its branch is in."""
        return self.fork or self.repository

    @property
    def merged(self) -> bool:
        """Whether it was merged."""
        return self.merged_at is not None


@dataclass(eq=False)
class QueueEntry:
    """A pull request in the merge queue, with the commit on which its checks run."""

    id: int
    node_id: str
    pull: PullRequest
    enqueued_by: Account
    enqueued_at: datetime
    group_branch: str
    group_oid: str
    base_oid: str
