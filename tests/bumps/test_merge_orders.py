"""A person's order to merge stands for what the policy asks, and for nothing that keeps a bad change out."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.bumps import CheckState, Mergeable, MergeOrder, MergeReason, PullRequestState, may_merge
from bot.policies import AutoMerge
from bot.policies.window import Window
from bot.selection import UpdateKind
from tests.bumps.mergings import check, facts
from tests.bumps.situations import NOW

ORDER = MergeOrder("alice", "c0ffee", stated=False)
STATED = MergeOrder("alice", "c0ffee", stated=True)
NIGHT = Window(frozenset(range(7)), time(1), time(2), "UTC")
NO_CHECK = {"required": (), "checks": ()}

STANDS_FOR = [
    ("the policy's permission", {"auto_merge": None}),
    ("its kinds", {"auto_merge": AutoMerge(updates=frozenset({UpdateKind.PATCH})), "updates": (UpdateKind.MAJOR,)}),
    ("its window", {"auto_merge": AutoMerge(window=NIGHT)}),
    ("its age", {"old_enough_at": NOW + timedelta(days=3)}),
    ("an age that nobody knows", {"age_unknown": True}),
    ("its demand for a check", NO_CHECK),
    ("its demand, and one that reported is green", {"required": (), "checks": (check(required=False),)}),
    ("all of that at once", {"auto_merge": None, "old_enough_at": NOW + timedelta(days=3), **NO_CHECK}),
]
STATED_FOR = [
    ("another head than the bot's", {"recorded_head": "beef"}),
    ("no head of the bot's at all", {"recorded_head": ""}),
    ("commits of others", {"foreign": ("beef",)}),
    ("another diff than the bot's", {"as_planned": False}),
]
NEVER_FOR = [
    ({"state": PullRequestState.CLOSED}, MergeReason.CLOSED),
    ({"author_login": "someone"}, MergeReason.NOT_OURS),
    ({"held": "@bob: not today"}, MergeReason.HELD),
    ({"violations": ("niro / images",)}, MergeReason.VIOLATES),
    ({"base_branch": "release"}, MergeReason.BASE_CHANGED),
    ({"draft": True}, MergeReason.DRAFT),
    ({"in_merge_queue": True}, MergeReason.IN_MERGE_QUEUE),
    ({"mergeable": Mergeable.CONFLICTING}, MergeReason.CONFLICT),
    ({"evicted": True}, MergeReason.EVICTED),
    ({"behind": True}, MergeReason.BEHIND),
    ({"checks": ()}, MergeReason.WAITING_FOR_CHECKS),
    ({"checks": (check(state=CheckState.FAILURE),)}, MergeReason.CHECK_FAILED),
    ({"required": (), "checks": (check(state=CheckState.FAILURE, required=False),)}, MergeReason.CHECK_FAILED),
    ({"required": (), "checks": (check(state=CheckState.PENDING, required=False),)}, MergeReason.WAITING_FOR_CHECKS),
    ({"mergeable": Mergeable.UNKNOWN}, MergeReason.WAITING_FOR_GITHUB),
]


@pytest.mark.parametrize("order", [ORDER, STATED], ids=["order", "stated"])
@pytest.mark.parametrize("changes", [case[1] for case in STANDS_FOR], ids=[case[0] for case in STANDS_FOR])
def test_an_order_stands_for_what_the_policy_asks(changes, order):
    assert not may_merge(facts(**changes), NOW).allowed
    assert may_merge(facts(**changes, order=order), NOW).allowed


@pytest.mark.parametrize("changes", [case[1] for case in STATED_FOR], ids=[case[0] for case in STATED_FOR])
def test_only_who_states_the_head_means_what_others_pushed(changes):
    assert not may_merge(facts(**changes, order=ORDER), NOW).allowed
    assert may_merge(facts(**changes, order=STATED), NOW).allowed


@pytest.mark.parametrize(("changes", "reason"), NEVER_FOR)
def test_an_order_stands_for_nothing_else(changes, reason):
    assert may_merge(facts(**changes, order=STATED), NOW).reason is reason


@pytest.mark.parametrize("head", ["beef", ""])
@pytest.mark.parametrize("changes", [case[1] for case in (*STANDS_FOR, *STATED_FOR)])
def test_an_order_about_another_head_stands_for_nothing(changes, head):
    without = may_merge(facts(**changes), NOW)
    assert may_merge(facts(**changes, order=MergeOrder("alice", head, stated=True)), NOW) == without


def test_an_order_about_no_head_stands_for_no_head():
    assert may_merge(facts(head="", order=MergeOrder("alice", "", stated=True)), NOW).reason is MergeReason.HEAD_MOVED


def test_where_no_check_is_required_the_verdict_says_so():
    assert may_merge(facts(**NO_CHECK, order=ORDER), NOW).sentence == "No check is required."
