"""What happens next is promised only where nothing that is known stands against it."""

from __future__ import annotations

import pytest

from bot.bumps import InTheWay, MergeReason, next_step
from bot.bumps.next_step import MOST_FILES
from bot.policies import AutoMerge
from bot.selection import UpdateKind

MINOR = (UpdateKind.MINOR,)
ORDERED = "anna asked for it. The bot merges it as soon as its checks allow that."
IN_THE_WAY = {
    "held": (InTheWay(held=True), "The bot does not merge it while it is held or snoozed."),
    "commits of others": (InTheWay(other_commits=True), "A person merges it, for people committed to its branch."),
    "too many files": (InTheWay(files=MOST_FILES + 1), "A person merges it, for it changes more than 100 files"),
    "what was found": (InTheWay(against="A check failed."), "The bot does not merge it as things are. A check failed."),
}


@pytest.mark.parametrize("case", IN_THE_WAY)
def test_what_is_in_the_way_is_told_instead_of_a_promise(case):
    in_the_way, said = IN_THE_WAY[case]
    assert next_step(AutoMerge(), MINOR, in_the_way).startswith(said)


def test_as_many_files_as_github_shows_are_no_hindrance():
    assert next_step(AutoMerge(), MINOR, InTheWay(files=MOST_FILES)).startswith("The bot merges it by squash once")


def test_an_order_stands_for_the_policy_but_not_for_a_hold_nor_for_what_was_found():
    assert next_step(None, MINOR, ordered_by="anna") == ORDERED
    assert next_step(AutoMerge(), MINOR, InTheWay(other_commits=True), ordered_by="anna") == ORDERED
    assert "held" in next_step(None, MINOR, InTheWay(held=True), ordered_by="anna")
    found = next_step(None, MINOR, InTheWay(against="A check failed."), ordered_by="anna")
    assert found == "anna asked for it. The bot does not merge it as things are. A check failed."


OVER = [
    (MergeReason.NO_REQUIRED_CHECK, MergeReason.WAITING_FOR_CHECKS, True),
    (MergeReason.NO_REQUIRED_CHECK, MergeReason.READY, True),
    (MergeReason.NO_REQUIRED_CHECK, MergeReason.WINDOW_CLOSED, False),
    (MergeReason.DRAFT, MergeReason.WINDOW_CLOSED, True),
    (MergeReason.CHECK_FAILED, MergeReason.WAITING_FOR_CHECKS, False),
    (MergeReason.CHECK_FAILED, MergeReason.WAITING_FOR_GITHUB, True),
    (MergeReason.CHECK_FAILED, MergeReason.HELD, False),
]


@pytest.mark.parametrize(("told", "now", "over"), OVER)
def test_a_reason_is_over_once_a_later_rule_is_what_keeps_it(told, now, over):
    assert told.is_over_by(now) is over


def test_what_waits_for_people_does_not_pass_by_waiting():
    assert [reason for reason in MergeReason if reason.waits_for_people and reason.may_pass] == []
