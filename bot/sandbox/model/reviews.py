"""Reviews of pull requests: their threads, and what is said in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from bot.sandbox.model.conversations import PullRequest, Reaction
    from bot.sandbox.model.people import Account
    from bot.sandbox.model.repositories import Repository


@dataclass(eq=False)
class Review:
    """One review of a commit; only its author knows of it while it is pending."""

    id: int
    node_id: str
    pull: PullRequest
    author: Account
    commit_oid: str
    body: str
    created_at: datetime
    state: str = "pending"  # pending | commented | approved | changes_requested
    submitted_at: datetime | None = None

    @property
    def pending(self) -> bool:
        """Whether it is not yet submitted."""
        return self.state == "pending"

    @property
    def comments(self) -> list[ReviewComment]:
        """What it says in threads, oldest first."""
        found = [comment for thread in self.pull.threads for comment in thread.comments if comment.review is self]
        return sorted(found, key=lambda comment: comment.id)

    @property
    def repository(self) -> Repository:
        """Where it is."""
        return self.pull.repository


@dataclass(eq=False)
class ReviewThread:
    """A conversation about lines of a file's diff, or about a file.

    ``original_line`` stands in the diff between ``original_base_oid`` and ``original_oid`` (None: about the file);
    ``line`` is the same line in the diff of today, None where the thread is outdated.
    """

    id: int
    node_id: str
    pull: PullRequest
    path: str
    side: str  # LEFT: the old file | RIGHT: the new one
    start_side: str | None
    original_base_oid: str
    original_oid: str
    original_line: int | None
    original_start_line: int | None
    diff_hunk: str
    line: int | None = None
    start_line: int | None = None
    outdated: bool = False
    resolved_by: Account | None = None
    comments: list[ReviewComment] = field(default_factory=list)

    @property
    def subject_type(self) -> str:
        """What it is about: ``LINE`` or ``FILE``."""
        return "FILE" if self.original_line is None else "LINE"

    @property
    def resolved(self) -> bool:
        """Whether somebody resolved it."""
        return self.resolved_by is not None

    @property
    def body(self) -> str:
        """What its first comment says."""
        return self.comments[0].body

    @property
    def repository(self) -> Repository:
        """Where it is."""
        return self.pull.repository


@dataclass(eq=False)
class ReviewComment:
    """One comment of a thread, part of a review."""

    id: int
    node_id: str
    thread: ReviewThread
    review: Review
    body: str
    author: Account
    created_at: datetime
    updated_at: datetime
    reply_to: ReviewComment | None = None
    minimized_reason: str | None = None
    reactions: list[Reaction] = field(default_factory=list)

    @property
    def repository(self) -> Repository:
        """Where it is."""
        return self.thread.repository
