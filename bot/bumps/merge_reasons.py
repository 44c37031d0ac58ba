"""Why a pull request may or may not be merged: the closed set of reasons, and the verdict that carries one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime


class MergeReason(StrEnum):
    """Why a pull request may or may not be merged now."""

    READY = "ready"
    MERGED = "merged"
    CLOSED = "closed"
    NOT_OURS = "not-ours"
    HELD = "held"
    VIOLATES = "violates"
    NOT_ALLOWED = "not-allowed"
    UPDATE_NOT_ALLOWED = "update-not-allowed"
    HEAD_MOVED = "head-moved"
    BASE_CHANGED = "base-changed"
    FOREIGN_COMMIT = "foreign-commit"
    NOT_AS_PLANNED = "not-as-planned"
    DRAFT = "draft"
    TOO_YOUNG = "too-young"
    WINDOW_CLOSED = "window-closed"
    IN_MERGE_QUEUE = "in-merge-queue"
    CONFLICT = "conflict"
    EVICTED = "evicted"
    BEHIND = "behind"
    NO_REQUIRED_CHECK = "no-required-check"
    CHECK_FAILED = "check-failed"
    WAITING_FOR_CHECKS = "waiting-for-checks"
    WAITING_FOR_GITHUB = "waiting-for-github"

    @property
    def may_pass(self) -> bool:
        """Whether waiting alone may bring another verdict."""
        return self in _PASSING

    @property
    def waits_for_people(self) -> bool:
        """Whether it stays until a person does something about it."""
        return self in _LASTING

    def is_over_by(self, later: MergeReason) -> bool:
        """Whether a pull request that was kept by this reason and is kept by another one now got past this one.

        The rules are asked in the order of the reasons. A check that failed is not over while checks run.
        """
        if self is MergeReason.CHECK_FAILED and later is MergeReason.WAITING_FOR_CHECKS:
            return False
        order = list(MergeReason)
        return later is MergeReason.READY or order.index(later) > order.index(self)

    @property
    def leaves_queue(self) -> bool:
        """Whether a pull request of the bot that is in the merge queue must be taken out of it."""
        return self in _LEAVING


_PASSING: Final = frozenset(
    {
        MergeReason.TOO_YOUNG,
        MergeReason.WINDOW_CLOSED,
        MergeReason.IN_MERGE_QUEUE,
        MergeReason.EVICTED,
        MergeReason.WAITING_FOR_CHECKS,
        MergeReason.WAITING_FOR_GITHUB,
    }
)
_LASTING: Final = frozenset(
    {
        MergeReason.NOT_OURS,
        MergeReason.HELD,
        MergeReason.VIOLATES,
        MergeReason.NOT_ALLOWED,
        MergeReason.UPDATE_NOT_ALLOWED,
        MergeReason.HEAD_MOVED,
        MergeReason.BASE_CHANGED,
        MergeReason.FOREIGN_COMMIT,
        MergeReason.DRAFT,
        MergeReason.NO_REQUIRED_CHECK,
        MergeReason.CHECK_FAILED,
    }
)
# Of a queued one the rest is the queue's business, or it is in no queue of ours.
_LEAVING: Final = frozenset(
    {
        MergeReason.HELD,
        MergeReason.VIOLATES,
        MergeReason.NOT_ALLOWED,
        MergeReason.UPDATE_NOT_ALLOWED,
        MergeReason.HEAD_MOVED,
        MergeReason.BASE_CHANGED,
        MergeReason.FOREIGN_COMMIT,
        MergeReason.NOT_AS_PLANNED,
        MergeReason.DRAFT,
        MergeReason.TOO_YOUNG,
        MergeReason.WINDOW_CLOSED,
    }
)


@dataclass(frozen=True, slots=True)
class MergeVerdict:
    """Whether a pull request may be merged, and why (not), also as a sentence.

    `opens_at` is when it may be merged, as far as that is known: the policy's window opens, the images are old enough.
    """

    allowed: bool
    reason: MergeReason
    sentence: str
    opens_at: datetime | None = None
