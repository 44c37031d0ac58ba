"""In the merge queue: what of it is the queue's business, and what takes a pull request out of it."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.bumps import CheckState, Mergeable, MergeReason, PullRequestState, may_merge
from bot.policies import AutoMerge
from bot.policies.window import Window
from tests.bumps.mergings import check, facts
from tests.bumps.situations import NOW

NIGHT = Window(frozenset(range(7)), time(1), time(2), "UTC")


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"checks": ()},
        {"checks": (check(state=CheckState.FAILURE),)},
        {"required": (), "checks": ()},
        {"behind": True},
        {"evicted": True},
        {"mergeable": Mergeable.UNKNOWN},
        {"mergeable": Mergeable.CONFLICTING},
    ],
)
def test_checks_and_what_github_makes_of_it_are_the_queues_business(changes):
    reason = may_merge(facts(in_merge_queue=True, **changes), NOW).reason
    assert reason is MergeReason.IN_MERGE_QUEUE
    assert not reason.leaves_queue


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"held": "@alice asked for it"}, MergeReason.HELD),
        ({"violations": ("niro / images",)}, MergeReason.VIOLATES),
        ({"auto_merge": None}, MergeReason.NOT_ALLOWED),
        ({"auto_merge": AutoMerge(updates=frozenset())}, MergeReason.UPDATE_NOT_ALLOWED),
        ({"head": "beef"}, MergeReason.HEAD_MOVED),
        ({"base_branch": "release"}, MergeReason.BASE_CHANGED),
        ({"foreign": ("beef",)}, MergeReason.FOREIGN_COMMIT),
        ({"as_planned": False}, MergeReason.NOT_AS_PLANNED),
        ({"draft": True}, MergeReason.DRAFT),
        ({"old_enough_at": NOW + timedelta(days=1)}, MergeReason.TOO_YOUNG),
        ({"auto_merge": AutoMerge(window=NIGHT)}, MergeReason.WINDOW_CLOSED),
    ],
)
def test_what_takes_it_out_of_the_queue(changes, reason):
    verdict = may_merge(facts(in_merge_queue=True, **changes), NOW)
    assert verdict.reason is reason
    assert verdict.reason.leaves_queue


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": PullRequestState.MERGED}, MergeReason.MERGED),
        ({"state": PullRequestState.CLOSED}, MergeReason.CLOSED),
        ({"author_login": "someone"}, MergeReason.NOT_OURS),
    ],
)
def test_what_is_over_or_somebody_elses_is_left_to_the_queue(changes, reason):
    verdict = may_merge(facts(in_merge_queue=True, **changes), NOW)
    assert verdict.reason is reason
    assert not verdict.reason.leaves_queue


@pytest.mark.parametrize("reason", [MergeReason.READY, MergeReason.CONFLICT, MergeReason.EVICTED, MergeReason.BEHIND])
def test_what_comes_after_the_queue_takes_nothing_out_of_it(reason):
    assert not reason.leaves_queue
