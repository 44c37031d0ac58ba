"""May a pull request of the bot be merged now? Facts in, a verdict with its reason out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.policies import AutoMerge

_MOST_NAMED: Final = 5


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
    """One check run or commit status on the head."""

    name: str
    required: bool
    state: CheckState


@dataclass(frozen=True, slots=True)
class MergeFacts:
    """What is known of a pull request on its way to being merged, read just now.

    `author_login` and `bot_login` are of one form ("niro[bot]"). `head` and `base_branch` are what GitHub says,
    `recorded_head` and `recorded_base` what the bot wrote down when it pushed. `required` names every check that
    the base demands, also those that have not reported. `auto_merge` is from the policy file of the base: None
    where it does not allow merging.
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


class MergeReason(StrEnum):
    """Why a pull request may or may not be merged now."""

    READY = "ready"
    MERGED = "merged"
    CLOSED = "closed"
    NOT_OURS = "not-ours"
    NOT_ALLOWED = "not-allowed"
    HEAD_MOVED = "head-moved"
    BASE_CHANGED = "base-changed"
    DRAFT = "draft"
    IN_MERGE_QUEUE = "in-merge-queue"
    CONFLICT = "conflict"
    NO_REQUIRED_CHECK = "no-required-check"
    CHECK_FAILED = "check-failed"
    WAITING_FOR_CHECKS = "waiting-for-checks"
    WAITING_FOR_GITHUB = "waiting-for-github"

    @property
    def may_pass(self) -> bool:
        """Whether waiting alone may bring another verdict."""
        return self in {MergeReason.WAITING_FOR_CHECKS, MergeReason.WAITING_FOR_GITHUB, MergeReason.IN_MERGE_QUEUE}


@dataclass(frozen=True, slots=True)
class MergeVerdict:
    """Whether a pull request may be merged, and why (not), also as a sentence."""

    allowed: bool
    reason: MergeReason
    sentence: str


def may_merge(facts: MergeFacts, now: datetime) -> MergeVerdict:  # noqa: ARG001 - windows will be asked at `now`
    """Judge a pull request. Everything must hold; the first thing that does not is the reason.

    - It is open, the bot's own, no draft, and at the very commit and base that the bot recorded.
    - The policy of the base branch allows merging.
    - The base demands at least one check, and every one it demands has reported and is green. A check that has not
      reported is pending, and of several checks of one name all count.
    """
    for rule in _RULES:
        verdict = rule(facts)
        if verdict is not None:
            reason, sentence = verdict
            return MergeVerdict(allowed=False, reason=reason, sentence=sentence)
    return MergeVerdict(allowed=True, reason=MergeReason.READY, sentence="Every required check is green.")


_Against = tuple[MergeReason, str] | None


def _is_open(facts: MergeFacts) -> _Against:
    if facts.state is PullRequestState.MERGED:
        return MergeReason.MERGED, "The pull request is merged already."
    if facts.state is not PullRequestState.OPEN:
        return MergeReason.CLOSED, "The pull request is closed."
    return None


def _is_ours(facts: MergeFacts) -> _Against:
    if facts.bot_login and facts.author_login.casefold() == facts.bot_login.casefold():
        return None
    return MergeReason.NOT_OURS, "The bot merges only pull requests that it opened itself."


def _is_allowed(facts: MergeFacts) -> _Against:
    if facts.auto_merge is not None:
        return None
    return MergeReason.NOT_ALLOWED, "The policy on the base branch does not ask for automatic merging."


def _is_as_recorded(facts: MergeFacts) -> _Against:
    if not facts.recorded_head or facts.head != facts.recorded_head:
        return MergeReason.HEAD_MOVED, "The head is not the commit that the bot pushed; somebody else pushed to it."
    if facts.base_branch != facts.recorded_base:
        return MergeReason.BASE_CHANGED, "The pull request now goes into another branch than the bot meant."
    return None


def _is_no_draft(facts: MergeFacts) -> _Against:
    return (MergeReason.DRAFT, "The pull request is a draft.") if facts.draft else None


def _fits(facts: MergeFacts) -> _Against:
    if facts.in_merge_queue:
        return MergeReason.IN_MERGE_QUEUE, "The pull request is in the merge queue."
    if facts.mergeable is Mergeable.CONFLICTING:
        return MergeReason.CONFLICT, "The pull request conflicts with its base branch."
    return None


def _checks_are_green(facts: MergeFacts) -> _Against:
    states = _required_states(facts)
    if not states:
        return (
            MergeReason.NO_REQUIRED_CHECK,
            "The base branch demands no check, so nothing says that the change is good.",
        )
    failed = [name for name, found in states.items() if CheckState.FAILURE in found]
    if failed:
        return MergeReason.CHECK_FAILED, f"A required check failed: {_named(failed)}."
    waiting = [name for name, found in states.items() if not found or not all(state.is_green for state in found)]
    if waiting:
        return MergeReason.WAITING_FOR_CHECKS, f"A required check has not finished: {_named(waiting)}."
    return None


def _github_has_judged(facts: MergeFacts) -> _Against:
    if facts.mergeable is not Mergeable.MERGEABLE:
        return MergeReason.WAITING_FOR_GITHUB, "GitHub has not yet worked out whether the pull request can be merged."
    return None


def _required_states(facts: MergeFacts) -> dict[str, list[CheckState]]:
    """Collect the states of each required check by its name; none where it has not reported."""
    states: dict[str, list[CheckState]] = {name: [] for name in facts.required}
    for check in facts.checks:
        if check.required or check.name in states:
            states.setdefault(check.name, []).append(check.state)
    return states


def _named(names: list[str]) -> str:
    shown = sorted(names)[:_MOST_NAMED]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


_RULES: Final[tuple[Callable[[MergeFacts], _Against], ...]] = (
    _is_open,
    _is_ours,
    _is_allowed,
    _is_as_recorded,
    _is_no_draft,
    _fits,
    _checks_are_green,
    _github_has_judged,
)
