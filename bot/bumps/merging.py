"""May a pull request of the bot be merged now? Facts in, a verdict with its reason out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TYPE_CHECKING, Final

from bot.selection import ALL_UPDATES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.policies import AutoMerge
    from bot.selection import UpdateKind

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
    where it does not allow merging. `updates` says of each image in the bump how far it moves, None: that is not
    known; empty where nothing at all is known.
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


class MergeReason(StrEnum):
    """Why a pull request may or may not be merged now."""

    READY = "ready"
    MERGED = "merged"
    CLOSED = "closed"
    NOT_OURS = "not-ours"
    NOT_ALLOWED = "not-allowed"
    UPDATE_NOT_ALLOWED = "update-not-allowed"
    HEAD_MOVED = "head-moved"
    BASE_CHANGED = "base-changed"
    DRAFT = "draft"
    IN_MERGE_QUEUE = "in-merge-queue"
    CONFLICT = "conflict"
    NO_REQUIRED_CHECK = "no-required-check"
    CHECK_FAILED = "check-failed"
    WAITING_FOR_CHECKS = "waiting-for-checks"
    WINDOW_CLOSED = "window-closed"
    WAITING_FOR_GITHUB = "waiting-for-github"

    @property
    def may_pass(self) -> bool:
        """Whether waiting alone may bring another verdict."""
        return self in {
            MergeReason.WAITING_FOR_CHECKS,
            MergeReason.WINDOW_CLOSED,
            MergeReason.WAITING_FOR_GITHUB,
            MergeReason.IN_MERGE_QUEUE,
        }


@dataclass(frozen=True, slots=True)
class MergeVerdict:
    """Whether a pull request may be merged, and why (not), also as a sentence.

    `opens_at` is when the policy's window opens, where that is what it waits for.
    """

    allowed: bool
    reason: MergeReason
    sentence: str
    opens_at: datetime | None = None


def may_merge(facts: MergeFacts, now: datetime) -> MergeVerdict:
    """Judge a pull request. Everything must hold; the first thing that does not is the reason.

    - It is open, the bot's own, no draft, and at the very commit and base that the bot recorded.
    - The policy of the base branch allows merging, each kind of update in the bump, and at this hour. A kind that is
      not known is allowed only where the policy leaves no kind out.
    - The base demands at least one check, and every one it demands has reported and is green. A check that has not
      reported is pending, and of several checks of one name all count. Where the policy waives the demand for a check
      and the base demands none, the checks that have reported count: a red one stops, a running one is waited for.
    """
    for rule in _RULES:
        verdict = rule(facts)
        if verdict is not None:
            reason, sentence = verdict
            return MergeVerdict(allowed=False, reason=reason, sentence=sentence)
    return _in_its_hours(facts, now) or _judged_by_github(facts)


def _in_its_hours(facts: MergeFacts, now: datetime) -> MergeVerdict | None:
    window = None if facts.auto_merge is None else facts.auto_merge.window
    if window is None or window.is_open(now):
        return None
    opens_at = window.opens_at(now)
    sentence = f"The policy's window is closed; it opens on {opens_at:%Y-%m-%d at %H:%M %Z}."
    return MergeVerdict(allowed=False, reason=MergeReason.WINDOW_CLOSED, sentence=sentence, opens_at=opens_at)


def _judged_by_github(facts: MergeFacts) -> MergeVerdict:
    """GitHub's word comes last: it is asked for again every few seconds, and is to be had when all else holds."""
    if facts.mergeable is not Mergeable.MERGEABLE:
        sentence = "GitHub has not yet worked out whether the pull request can be merged."
        return MergeVerdict(allowed=False, reason=MergeReason.WAITING_FOR_GITHUB, sentence=sentence)
    sentence = "Every required check is green." if _required_states(facts) else "The policy requires no check."
    return MergeVerdict(allowed=True, reason=MergeReason.READY, sentence=sentence)


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


def _kinds_are_allowed(facts: MergeFacts) -> _Against:
    allowed = ALL_UPDATES if facts.auto_merge is None else facts.auto_merge.updates
    if allowed == ALL_UPDATES:
        return None
    barred = {None} if not facts.updates else {kind for kind in facts.updates if kind not in allowed}
    if not barred:
        return None
    if None in barred:
        return MergeReason.UPDATE_NOT_ALLOWED, "It is not known how far the images move, and the policy limits that."
    kinds = ", ".join(sorted(kind.value for kind in barred if kind is not None))
    return MergeReason.UPDATE_NOT_ALLOWED, f"The policy leaves updates of this kind to people: {kinds}."


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
    word = "A required check"
    if not states:
        if facts.auto_merge is None or facts.auto_merge.require_checks:
            sentence = "The base branch demands no check, so nothing says that the change is good."
            return MergeReason.NO_REQUIRED_CHECK, sentence
        states, word = _reported_states(facts), "A check"
    failed = [name for name, found in states.items() if CheckState.FAILURE in found]
    if failed:
        return MergeReason.CHECK_FAILED, f"{word} failed: {_named(failed)}."
    waiting = [name for name, found in states.items() if not found or not all(state.is_green for state in found)]
    if waiting:
        return MergeReason.WAITING_FOR_CHECKS, f"{word} has not finished: {_named(waiting)}."
    return None


def _required_states(facts: MergeFacts) -> dict[str, list[CheckState]]:
    """Collect the states of each required check by its name; none where it has not reported."""
    states: dict[str, list[CheckState]] = {name: [] for name in facts.required}
    for check in facts.checks:
        if check.required or check.name in states:
            states.setdefault(check.name, []).append(check.state)
    return states


def _reported_states(facts: MergeFacts) -> dict[str, list[CheckState]]:
    """Collect the states of each check that has reported, by its name."""
    states: dict[str, list[CheckState]] = {}
    for check in facts.checks:
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
    _kinds_are_allowed,
    _is_as_recorded,
    _is_no_draft,
    _fits,
    _checks_are_green,
)
