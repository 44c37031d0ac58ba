"""May a pull request of the bot be merged now? Facts in, a verdict with its reason out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.bumps.merge_checks import checks_are_green, named, own_failures, required_states
from bot.bumps.merge_facts import Mergeable, PullRequestState
from bot.bumps.merge_reasons import MergeReason, MergeVerdict
from bot.selection import ALL_UPDATES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bot.bumps.merge_facts import MergeFacts

_SHORT_COMMIT: Final = 12


def may_merge(facts: MergeFacts, now: datetime) -> MergeVerdict:
    """Judge a pull request. Everything must hold; the first thing that does not is the reason.

    - It is open, the bot's own, nobody holds it, and none of the bot's own checks failed.
    - The policy of the base branch allows merging, and each kind of update in the bump. A kind that is not known is
      allowed only where the policy leaves no kind out.
    - It is at the very commit and base that the bot recorded, holds no commit of others and what the bot would write
      now, and is no draft. Its images are as old as their policies want them, and the policy's window is open.
    - Where it is in the merge queue, the rest is the queue's business. Else it fits to its base, was not dropped by the
      queue as it is, and is up to date where the base demands that.
    - The base demands at least one check, and every one it demands has reported and is green. A check that has not
      reported is pending, and of several checks of one name all count. Where the policy waives the demand for a check
      and the base demands none, the checks that have reported count: a red one stops, a running one is waited for.

    A person's order about this very head stands for the policy's permission, its kinds, its window, its age and its
    demand for a check; where the person stated the head, also for who pushed what. It stands for nothing else.
    """
    for rule in _RULES:
        verdict = rule(facts, now)
        if isinstance(verdict, tuple):
            reason, sentence = verdict
            return MergeVerdict(allowed=False, reason=reason, sentence=sentence)
        if verdict is not None:
            return verdict
    return _judged_by_github(facts)


def _judged_by_github(facts: MergeFacts) -> MergeVerdict:
    """GitHub's word comes last: it is asked for again every few seconds, and is to be had when all else holds."""
    if facts.mergeable is not Mergeable.MERGEABLE:
        sentence = "GitHub has not yet worked out whether the pull request can be merged."
        return MergeVerdict(allowed=False, reason=MergeReason.WAITING_FOR_GITHUB, sentence=sentence)
    sentence = "Every required check is green." if required_states(facts) else "No check is required."
    return MergeVerdict(allowed=True, reason=MergeReason.READY, sentence=sentence)


_Against = tuple[MergeReason, str] | MergeVerdict | None


def _is_open(facts: MergeFacts, _: datetime) -> _Against:
    if facts.state is PullRequestState.MERGED:
        return MergeReason.MERGED, "The pull request is merged already."
    if facts.state is not PullRequestState.OPEN:
        return MergeReason.CLOSED, "The pull request is closed."
    return None


def _is_ours(facts: MergeFacts, _: datetime) -> _Against:
    if facts.bot_login and facts.author_login.casefold() == facts.bot_login.casefold():
        return None
    return MergeReason.NOT_OURS, "The bot merges only pull requests that it opened itself."


def _is_free(facts: MergeFacts, _: datetime) -> _Against:
    if not facts.held:
        return None
    return MergeReason.HELD, f"The pull request is held: {facts.held.rstrip().removesuffix('.')}."


def _violates_nothing(facts: MergeFacts, _: datetime) -> _Against:
    failed = own_failures(facts)
    if not failed:
        return None
    return MergeReason.VIOLATES, f"The bot's own check found what the policy does not let pass: {named(failed)}."


def _is_allowed(facts: MergeFacts, _: datetime) -> _Against:
    if facts.auto_merge is not None or facts.is_ordered:
        return None
    return MergeReason.NOT_ALLOWED, "The policy on the base branch does not ask for automatic merging."


def _kinds_are_allowed(facts: MergeFacts, _: datetime) -> _Against:
    allowed = ALL_UPDATES if facts.auto_merge is None else facts.auto_merge.updates
    if allowed == ALL_UPDATES or facts.is_ordered:
        return None
    barred = {None} if not facts.updates else {kind for kind in facts.updates if kind not in allowed}
    if not barred:
        return None
    if None in barred:
        return MergeReason.UPDATE_NOT_ALLOWED, "It is not known how far the images move, and the policy limits that."
    kinds = ", ".join(sorted(kind.value for kind in barred if kind is not None))
    return MergeReason.UPDATE_NOT_ALLOWED, f"The policy leaves updates of this kind to people: {kinds}."


def _head_is_as_recorded(facts: MergeFacts, _: datetime) -> _Against:
    if facts.is_stated or (facts.recorded_head and facts.head == facts.recorded_head):
        return None
    return MergeReason.HEAD_MOVED, "The head is not the commit that the bot pushed; somebody else pushed to it."


def _base_is_as_recorded(facts: MergeFacts, _: datetime) -> _Against:
    if facts.base_branch == facts.recorded_base:
        return None
    return MergeReason.BASE_CHANGED, "The pull request now goes into another branch than the bot meant."


def _is_the_bots_alone(facts: MergeFacts, _: datetime) -> _Against:
    if not facts.foreign or facts.is_stated:
        return None
    commits = named(commit[:_SHORT_COMMIT] for commit in facts.foreign)
    return MergeReason.FOREIGN_COMMIT, f"The branch holds commits that are not the bot's: {commits}."


def _is_as_planned(facts: MergeFacts, _: datetime) -> _Against:
    if facts.as_planned or facts.is_stated:
        return None
    return MergeReason.NOT_AS_PLANNED, "The pull request does not hold what the bot would write now."


def _is_no_draft(facts: MergeFacts, _: datetime) -> _Against:
    return (MergeReason.DRAFT, "The pull request is a draft.") if facts.draft else None


def _is_old_enough(facts: MergeFacts, now: datetime) -> _Against:
    if facts.is_ordered:
        return None
    if facts.age_unknown:
        return MergeReason.TOO_YOUNG, "How old an image is cannot be told, and its policy wants it to have an age."
    at = facts.old_enough_at
    if at is None or at <= now:
        return None
    sentence = f"An image is as old as its policy wants it on {at:%Y-%m-%d at %H:%M %Z}."
    return MergeVerdict(allowed=False, reason=MergeReason.TOO_YOUNG, sentence=sentence, opens_at=at)


def _is_within_the_window(facts: MergeFacts, now: datetime) -> _Against:
    window = None if facts.auto_merge is None else facts.auto_merge.window
    if window is None or facts.is_ordered or window.is_open(now):
        return None
    opens_at = window.opens_at(now)
    sentence = f"The policy's window is closed; it opens on {opens_at:%Y-%m-%d at %H:%M %Z}."
    return MergeVerdict(allowed=False, reason=MergeReason.WINDOW_CLOSED, sentence=sentence, opens_at=opens_at)


def _is_not_queued(facts: MergeFacts, _: datetime) -> _Against:
    return (MergeReason.IN_MERGE_QUEUE, "The pull request is in the merge queue.") if facts.in_merge_queue else None


def _fits(facts: MergeFacts, _: datetime) -> _Against:
    if facts.mergeable is not Mergeable.CONFLICTING:
        return None
    return MergeReason.CONFLICT, "The pull request conflicts with its base branch."


def _was_not_evicted(facts: MergeFacts, _: datetime) -> _Against:
    if not facts.evicted:
        return None
    sentence = "The merge queue dropped the pull request as it is; it comes back with another head or base."
    return MergeReason.EVICTED, sentence


def _is_up_to_date(facts: MergeFacts, _: datetime) -> _Against:
    if not facts.behind:
        return None
    return MergeReason.BEHIND, "The base branch has moved on, and demands that what is merged stands on it."


def _checks_are_green(facts: MergeFacts, _: datetime) -> _Against:
    return checks_are_green(facts)


_RULES: Final[tuple[Callable[[MergeFacts, datetime], _Against], ...]] = (
    _is_open,
    _is_ours,
    _is_free,
    _violates_nothing,
    _is_allowed,
    _kinds_are_allowed,
    _head_is_as_recorded,
    _base_is_as_recorded,
    _is_the_bots_alone,
    _is_as_planned,
    _is_no_draft,
    _is_old_enough,
    _is_within_the_window,
    _is_not_queued,
    _fits,
    _was_not_evicted,
    _is_up_to_date,
    _checks_are_green,
)
