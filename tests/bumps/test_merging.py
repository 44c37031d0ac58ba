"""A pull request is merged only if everything holds. Change one fact, state the outcome."""

from __future__ import annotations

import dataclasses

import pytest

from bot.bumps import Check, CheckState, Mergeable, MergeFacts, MergeReason, PullRequestState, may_merge
from bot.policies import AutoMerge
from tests.bumps.situations import NOW


def facts(**changes: object) -> MergeFacts:
    ready = MergeFacts(
        state=PullRequestState.OPEN,
        draft=False,
        author_login="niro[bot]",
        bot_login="niro[bot]",
        head="c0ffee",
        recorded_head="c0ffee",
        base_branch="main",
        recorded_base="main",
        mergeable=Mergeable.MERGEABLE,
        checks=(Check("test", required=True, state=CheckState.SUCCESS),),
        required=("test",),
        auto_merge=AutoMerge(),
    )
    return dataclasses.replace(ready, **changes)


def check(name: str = "test", state: CheckState = CheckState.SUCCESS, *, required: bool = True) -> Check:
    return Check(name, required, state)


def test_a_pull_request_of_the_bot_with_green_required_checks_may_be_merged():
    verdict = may_merge(facts(), NOW)
    assert verdict.allowed
    assert verdict.reason is MergeReason.READY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": PullRequestState.CLOSED}, MergeReason.CLOSED),
        ({"state": PullRequestState.MERGED}, MergeReason.MERGED),
        ({"author_login": "someone"}, MergeReason.NOT_OURS),
        ({"author_login": "niro"}, MergeReason.NOT_OURS),
        ({"author_login": "", "bot_login": ""}, MergeReason.NOT_OURS),
        ({"auto_merge": None}, MergeReason.NOT_ALLOWED),
        ({"head": "beef"}, MergeReason.HEAD_MOVED),
        ({"head": "", "recorded_head": ""}, MergeReason.HEAD_MOVED),
        ({"base_branch": "release"}, MergeReason.BASE_CHANGED),
        ({"draft": True}, MergeReason.DRAFT),
        ({"in_merge_queue": True}, MergeReason.IN_MERGE_QUEUE),
        ({"mergeable": Mergeable.CONFLICTING}, MergeReason.CONFLICT),
        ({"mergeable": Mergeable.UNKNOWN}, MergeReason.WAITING_FOR_GITHUB),
        ({"required": (), "checks": ()}, MergeReason.NO_REQUIRED_CHECK),
        ({"required": (), "checks": (check(required=False),)}, MergeReason.NO_REQUIRED_CHECK),
        ({"checks": ()}, MergeReason.WAITING_FOR_CHECKS),
        ({"checks": (check("other"),)}, MergeReason.WAITING_FOR_CHECKS),
        ({"required": ("test", "lint")}, MergeReason.WAITING_FOR_CHECKS),
        ({"checks": (check(state=CheckState.PENDING),)}, MergeReason.WAITING_FOR_CHECKS),
        ({"checks": (check(), check(state=CheckState.PENDING))}, MergeReason.WAITING_FOR_CHECKS),
        ({"checks": (check(state=CheckState.FAILURE),)}, MergeReason.CHECK_FAILED),
        ({"checks": (check(), check(state=CheckState.FAILURE))}, MergeReason.CHECK_FAILED),
        ({"checks": (check(), check("e2e", CheckState.FAILURE))}, MergeReason.CHECK_FAILED),
        ({"checks": (check(required=False, state=CheckState.FAILURE),)}, MergeReason.CHECK_FAILED),
    ],
)
def test_one_fact_that_does_not_hold_stops_the_merge(changes, reason):
    verdict = may_merge(facts(**changes), NOW)
    assert not verdict.allowed
    assert verdict.reason is reason
    assert verdict.sentence.endswith(".")


@pytest.mark.parametrize(
    "changes",
    [
        {"checks": (check(state=CheckState.SKIPPED),)},
        {"checks": (check(state=CheckState.NEUTRAL),)},
        {"checks": (check(), check("other", CheckState.FAILURE, required=False))},
        {"checks": (check(), check("other", CheckState.PENDING, required=False))},
        {"required": ()},
        {"checks": (check(required=False),)},
        {"author_login": "Niro[bot]"},
    ],
    ids=[
        "skipped counts as green",
        "neutral counts as green",
        "a check that is not required may fail",
        "a check that is not required may still run",
        "a check may itself say that it is required",
        "a name may say that it is required",
        "logins have no case",
    ],
)
def test_what_does_not_stop_a_merge(changes):
    assert may_merge(facts(**changes), NOW).allowed


def test_a_failed_check_is_told_before_a_waiting_one():
    verdict = may_merge(facts(required=("late", "test"), checks=(check(state=CheckState.FAILURE),)), NOW)
    assert verdict.reason is MergeReason.CHECK_FAILED
    assert "test" in verdict.sentence


def test_a_strangers_pull_request_is_told_nothing_of_its_checks():
    assert may_merge(facts(author_login="someone", checks=()), NOW).reason is MergeReason.NOT_OURS


def test_many_waiting_checks_are_not_all_named():
    verdict = may_merge(facts(required=tuple(f"check-{number}" for number in range(9)), checks=()), NOW)
    assert verdict.sentence.endswith("check-4 and 4 more.")


@pytest.mark.parametrize("reason", list(MergeReason))
def test_only_what_others_still_do_may_pass_by_waiting(reason):
    waiting = {MergeReason.WAITING_FOR_CHECKS, MergeReason.WAITING_FOR_GITHUB, MergeReason.IN_MERGE_QUEUE}
    assert reason.may_pass is (reason in waiting)
