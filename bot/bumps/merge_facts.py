"""What is known of a pull request on its way to being merged: the facts that a verdict is made from."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from bot.policies import AutoMerge
    from bot.selection import UpdateKind


class PullRequestState(Enum):
    """Where a pull request is in its life."""

    OPEN = "OPEN"
    CLOSED = "CLOSED"
    MERGED = "MERGED"


class Mergeable(Enum):
    """Whether the two sides fit together; UNKNOWN while GitHub still works it out."""

    MERGEABLE = "MERGEABLE"
    CONFLICTING = "CONFLICTING"
    UNKNOWN = "UNKNOWN"


class CheckState(Enum):
    """What a check run or a commit status says of the head."""

    SUCCESS = "success"
    NEUTRAL = "neutral"
    SKIPPED = "skipped"
    PENDING = "pending"
    FAILURE = "failure"

    @property
    def is_green(self) -> bool:
        """Whether GitHub lets a required check of this state pass: success, neutral and skipped do."""
        return self in {CheckState.SUCCESS, CheckState.NEUTRAL, CheckState.SKIPPED}


@dataclass(frozen=True, slots=True)
class Check:
    """One check run or commit status on the head. `own`: it is the bot's own. `app`: the App that a run is of."""

    name: str
    required: bool
    state: CheckState
    own: bool = False
    app: int | None = None


@dataclass(frozen=True, slots=True)
class MergeOrder:
    """A person's word that a pull request is to be merged: who said it, and about which head.

    `stated`: the person wrote the head, and so means what stands there, whoever pushed it.
    """

    by: str
    head: str
    stated: bool


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """What is known of a pull request on its way to being merged, read just now.

    `author_login` and `bot_login` are of one form ("niro[bot]"). `head` and `base_branch` are what GitHub says,
    `recorded_head` and `recorded_base` what the bot wrote down when it pushed. `required` names every check that
    the base demands, also those that have not reported. `auto_merge` is from the policy file of the base: None
    where it does not allow merging. `updates` says of each image in the bump how far it moves, None: that is not
    known; empty where nothing at all is known.

    `held` says who holds it and why, "": nobody does. `foreign` are the commits on the branch that are not the bot's.
    `as_planned`: the bot would write the same now, byte for byte. `violations` are the bot's own checks that failed:
    they found something at or over the policy's threshold. `old_enough_at` is when the youngest image is as old as its
    policy wants it, None: no policy asks; `age_unknown`: one asks, and nobody can tell. `behind`: the base demands
    branches that are up to date, and this one is not. `required_apps`: which App some of the required checks must come
    from, by name. `evicted`: the merge queue dropped it at this head and base. `unreviewed`: the policy lets findings
    stop a merge, and what they are at this head is not known yet.
    """

    state: PullRequestState
    draft: bool
    author_login: str
    bot_login: str
    head: str
    recorded_head: str
    base_branch: str
    recorded_base: str
    mergeable: Mergeable
    checks: tuple[Check, ...]
    required: tuple[str, ...]
    auto_merge: AutoMerge | None
    in_merge_queue: bool = False
    updates: tuple[UpdateKind | None, ...] = ()
    held: str = ""
    foreign: tuple[str, ...] = ()
    as_planned: bool = True
    violations: tuple[str, ...] = ()
    old_enough_at: datetime | None = None
    age_unknown: bool = False
    behind: bool = False
    evicted: bool = False
    order: MergeOrder | None = None
    unreviewed: bool = False
    required_apps: Mapping[str, frozenset[int]] = field(default_factory=dict)

    @property
    def is_ordered(self) -> bool:
        """Whether a person ordered the merge of this very head."""
        return self.order is not None and bool(self.order.head) and self.order.head == self.head

    @property
    def is_stated(self) -> bool:
        """Whether a person ordered the merge of this head and wrote down which one it is."""
        return self.order is not None and self.order.stated and self.is_ordered
