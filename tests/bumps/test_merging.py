"""A pull request is merged only if everything holds. Change one fact, state the outcome."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from bot.bumps import Check, CheckState, Mergeable, MergeReason, PullRequestState, may_merge
from bot.policies import AutoMerge
from bot.policies.window import Window
from bot.selection import ALL_UPDATES, UpdateKind
from tests.bumps.mergings import check, facts
from tests.bumps.situations import NOW


def own(name: str, state: CheckState = CheckState.FAILURE, *, required: bool = False) -> Check:
    return Check(name, required, state, own=True)


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
        ({"held": "@alice asked for it"}, MergeReason.HELD),
        ({"violations": ("niro / images",)}, MergeReason.VIOLATES),
        ({"checks": (check(), own("niro / images"))}, MergeReason.VIOLATES),
        ({"checks": (check(), own("niro / images", required=True))}, MergeReason.VIOLATES),
        ({"foreign": ("beef",)}, MergeReason.FOREIGN_COMMIT),
        ({"as_planned": False}, MergeReason.NOT_AS_PLANNED),
        ({"draft": True}, MergeReason.DRAFT),
        ({"old_enough_at": NOW + timedelta(seconds=1)}, MergeReason.TOO_YOUNG),
        ({"age_unknown": True}, MergeReason.TOO_YOUNG),
        ({"evicted": True}, MergeReason.EVICTED),
        ({"behind": True}, MergeReason.BEHIND),
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
        {"old_enough_at": NOW},
        {"checks": (check(), own("niro / policies", CheckState.NEUTRAL))},
    ],
    ids=[
        "skipped counts as green",
        "neutral counts as green",
        "a check that is not required may fail",
        "a check that is not required may still run",
        "a check may itself say that it is required",
        "a name may say that it is required",
        "logins have no case",
        "an image may be just old enough",
        "the bot's own check may tell of things that are let pass",
    ],
)
def test_what_does_not_stop_a_merge(changes):
    assert may_merge(facts(**changes), NOW).allowed


SMALL = frozenset({UpdateKind.PATCH, UpdateKind.MINOR})


@pytest.mark.parametrize(
    ("allowed", "updates", "reason"),
    [
        (SMALL, (UpdateKind.PATCH,), MergeReason.READY),
        (SMALL, (UpdateKind.PATCH, UpdateKind.MINOR), MergeReason.READY),
        (SMALL, (UpdateKind.MAJOR,), MergeReason.UPDATE_NOT_ALLOWED),
        (SMALL, (UpdateKind.PATCH, UpdateKind.MAJOR), MergeReason.UPDATE_NOT_ALLOWED),
        (SMALL, (UpdateKind.PATCH, None), MergeReason.UPDATE_NOT_ALLOWED),
        (SMALL, (None,), MergeReason.UPDATE_NOT_ALLOWED),
        (SMALL, (), MergeReason.UPDATE_NOT_ALLOWED),
        (frozenset(), (UpdateKind.PATCH,), MergeReason.UPDATE_NOT_ALLOWED),
        (ALL_UPDATES, (UpdateKind.MAJOR,), MergeReason.READY),
        (ALL_UPDATES, (None,), MergeReason.READY),
        (ALL_UPDATES, (), MergeReason.READY),
    ],
)
def test_only_the_kinds_of_update_that_the_policy_names_are_merged(allowed, updates, reason):
    verdict = may_merge(facts(auto_merge=AutoMerge(updates=allowed), updates=updates), NOW)
    assert verdict.reason is reason
    assert verdict.sentence.endswith(".")


BERLIN = Window(frozenset(range(5)), time(9), time(17), "Europe/Berlin")
MONDAY_MORNING = datetime(2026, 5, 4, 6, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "opens_at"),
    [
        (MONDAY_MORNING, MONDAY_MORNING + timedelta(minutes=1)),
        (MONDAY_MORNING + timedelta(minutes=1), None),
        (MONDAY_MORNING + timedelta(hours=9), MONDAY_MORNING + timedelta(days=1, minutes=1)),
        (MONDAY_MORNING - timedelta(days=1), MONDAY_MORNING + timedelta(minutes=1)),
    ],
)
def test_outside_the_policys_window_nothing_is_merged_and_it_says_when_it_opens(now, opens_at):
    verdict = may_merge(facts(auto_merge=AutoMerge(window=BERLIN)), now)
    assert verdict.allowed is (opens_at is None)
    assert verdict.reason is (MergeReason.READY if opens_at is None else MergeReason.WINDOW_CLOSED)
    assert verdict.opens_at == opens_at


LATER = MONDAY_MORNING + timedelta(hours=1)
IN_ORDER = [
    ({"state": PullRequestState.CLOSED}, MergeReason.CLOSED),
    ({"author_login": "someone"}, MergeReason.NOT_OURS),
    ({"held": "@alice asked for it"}, MergeReason.HELD),
    ({"violations": ("niro / images",)}, MergeReason.VIOLATES),
    ({"auto_merge": None}, MergeReason.NOT_ALLOWED),
    ({"auto_merge": AutoMerge(updates=SMALL, window=BERLIN)}, MergeReason.UPDATE_NOT_ALLOWED),
    ({"head": "beef"}, MergeReason.HEAD_MOVED),
    ({"base_branch": "release"}, MergeReason.BASE_CHANGED),
    ({"foreign": ("beef",)}, MergeReason.FOREIGN_COMMIT),
    ({"as_planned": False}, MergeReason.NOT_AS_PLANNED),
    ({"draft": True}, MergeReason.DRAFT),
    ({"old_enough_at": LATER}, MergeReason.TOO_YOUNG),
    ({"auto_merge": AutoMerge(window=BERLIN)}, MergeReason.WINDOW_CLOSED),
    ({"in_merge_queue": True}, MergeReason.IN_MERGE_QUEUE),
    ({"mergeable": Mergeable.CONFLICTING}, MergeReason.CONFLICT),
    ({"evicted": True}, MergeReason.EVICTED),
    ({"behind": True}, MergeReason.BEHIND),
    ({"checks": ()}, MergeReason.WAITING_FOR_CHECKS),
    ({"mergeable": Mergeable.UNKNOWN}, MergeReason.WAITING_FOR_GITHUB),
]


@pytest.mark.parametrize("first", range(len(IN_ORDER)), ids=[reason.value for _, reason in IN_ORDER])
def test_of_all_that_stands_against_a_merge_the_first_is_the_reason(first):
    against = {}
    for changes, _ in reversed(IN_ORDER[first:]):
        against |= changes
    assert may_merge(facts(**against), MONDAY_MORNING).reason is IN_ORDER[first][1]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"held": "@alice: wait for the release."}, "The pull request is held: @alice: wait for the release."),
        ({"foreign": ("b" * 40, "a" * 40)}, "not the bot's: aaaaaaaaaaaa, bbbbbbbbbbbb."),
        ({"violations": ("niro / images", "niro / images")}, "does not let pass: niro / images."),
        ({"old_enough_at": LATER}, "as old as its policy wants it on 2026-05-04 at 07:59 UTC."),
        ({"age_unknown": True}, "How old an image is cannot be told"),
    ],
)
def test_what_stands_against_it_is_named(changes, told):
    assert told in may_merge(facts(**changes), MONDAY_MORNING).sentence


def test_it_tells_when_the_images_are_old_enough():
    assert may_merge(facts(old_enough_at=LATER), MONDAY_MORNING).opens_at == LATER
    assert may_merge(facts(old_enough_at=LATER), LATER).allowed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"required": (), "checks": ()}, MergeReason.READY),
        ({"required": (), "checks": (check(required=False),)}, MergeReason.READY),
        ({"required": (), "checks": (check(required=False, state=CheckState.FAILURE),)}, MergeReason.CHECK_FAILED),
        (
            {"required": (), "checks": (check(required=False, state=CheckState.PENDING),)},
            MergeReason.WAITING_FOR_CHECKS,
        ),
        ({"checks": ()}, MergeReason.WAITING_FOR_CHECKS),
        ({"checks": (check(state=CheckState.FAILURE),)}, MergeReason.CHECK_FAILED),
        ({"checks": (check(), check("other", CheckState.FAILURE, required=False))}, MergeReason.READY),
    ],
    ids=[
        "no check at all",
        "one that is green",
        "one that failed",
        "one that still runs",
        "a required one has not reported",
        "a required one failed",
        "beside a required one another may fail",
    ],
)
def test_a_policy_may_do_without_a_required_check_but_not_with_a_red_one(changes, reason):
    assert may_merge(facts(auto_merge=AutoMerge(require_checks=False), **changes), NOW).reason is reason


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
def test_only_what_time_and_others_still_do_may_pass_by_waiting(reason):
    waiting = {
        MergeReason.WAITING_FOR_CHECKS,
        MergeReason.WAITING_FOR_GITHUB,
        MergeReason.IN_MERGE_QUEUE,
        MergeReason.WINDOW_CLOSED,
        MergeReason.TOO_YOUNG,
        MergeReason.EVICTED,
    }
    assert reason.may_pass is (reason in waiting)


@pytest.mark.parametrize(
    ("app", "reason"),
    [(7, MergeReason.READY), (8, MergeReason.WAITING_FOR_CHECKS), (None, MergeReason.WAITING_FOR_CHECKS)],
)
def test_a_check_that_must_come_from_one_app_counts_from_no_other(app: int | None, reason: MergeReason):
    reported = Check("ci", required=False, state=CheckState.SUCCESS, app=app)
    judged = facts(checks=(reported,), required=("ci",), required_apps={"ci": frozenset({7})})
    assert may_merge(judged, NOW).reason is reason


def test_a_head_that_was_not_reviewed_waits_where_findings_may_stop_it() -> None:
    verdict = may_merge(facts(unreviewed=True), NOW)
    assert verdict.reason is MergeReason.WAITING_FOR_CHECKS
    assert "review" in verdict.sentence
