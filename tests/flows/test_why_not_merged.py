"""Why a pull request is not merged is told where people look, and nothing is promised that does not come."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.jobs.work import MergeBump
from bot.sandbox.model import BranchProtection, MergeMethod, RequiredCheck
from bot.store import NoteKind
from tests.flows.commanding import proposed, say
from tests.flows.house import House

PROMISE = "The bot merges it"


def body(house: House) -> str:
    (pull,) = house.open_pulls()
    return pull.body or ""


async def complete(house: House, conclusion: str = "success") -> None:
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",), conclusion)
    await house.work()


def protect(house: House, **rules: object) -> None:
    protection = BranchProtection(required_checks=[RequiredCheck("ci", None)], **rules)  # type: ignore[arg-type]
    house.github.repository(house.repository).protections["main"] = protection


async def noted(house: House) -> tuple[NoteKind, str] | None:
    note = await house.parts.store.notes.get(house.github.repository(house.repository).id, "api")
    return None if note is None else (note.kind, note.sentence)


async def test_that_no_check_is_demanded_is_told(house: House) -> None:
    house.github.repository(house.repository).protections.clear()
    await house.publish("1.5.0")
    assert "demands no check" in body(house)
    assert PROMISE not in body(house)


async def test_it_is_told_once(house: House) -> None:
    house.github.repository(house.repository).protections.clear()
    await house.publish("1.5.0")
    counted = house.counted()
    await complete(house)
    await house.ask(house.bump_work(), MergeBump(house.installation.id, house.bump_work().repository, "api"))
    assert "Describe" not in counted.names


async def test_a_check_that_failed_is_told_and_taken_back_when_it_is_over(house: House) -> None:
    await house.publish("1.5.0")
    await complete(house, "failure")
    assert "check failed" in body(house)
    house.github.repository(house.repository).merge_methods = {MergeMethod.MERGE}
    await complete(house)
    assert "check failed" not in body(house)


async def test_running_checks_write_nothing(house: House) -> None:
    counted = house.counted()
    await house.publish("1.5.0")
    await house.later(timedelta(hours=1))
    assert "Describe" not in counted.names
    assert PROMISE in body(house)


@pytest.mark.parametrize("command", ["hold", "snooze 3d"])
async def test_what_is_held_promises_no_merge(house: House, command: str) -> None:
    await proposed(house)
    await say(house, f"/niro {command}")
    assert PROMISE not in body(house)
    await say(house, "/niro resume")
    assert PROMISE in body(house)


async def test_an_order_about_another_head_promises_no_merge(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy()})
    await proposed(house)
    await say(house, "/niro merge")
    assert "octocat asked for it" in body(house)
    await house.publish("1.6.0")
    assert "asked for it" not in body(house)


async def test_a_change_of_more_than_a_hundred_files_promises_no_merge(house: House) -> None:
    await house.commit({f"d/{number}.yaml": house.deployment() for number in range(100)})
    await house.publish("1.5.0")
    assert "more than 100 files" in body(house)
    assert PROMISE not in body(house)


async def test_what_github_refuses_is_told_and_tried_again_when_a_review_comes(house: House) -> None:
    protect(house, required_approvals=1)
    await house.publish("1.5.0")
    counted = house.counted()
    await complete(house)
    for _ in range(6):
        await house.later(timedelta(hours=1))
    assert counted.names.count("pulls/merge") == 1
    assert await house.dead() == []
    kind, sentence = await noted(house) or (None, "")
    assert (kind, "approving review" in sentence) == (NoteKind.REFUSED, True)
    assert "approving review" in body(house)
    assert PROMISE not in body(house)
    protect(house)
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("lint",))
    await house.work()
    assert pull.merged
    assert await noted(house) is None


async def test_a_base_that_moved_at_the_last_moment_is_tried_again_at_once(house: House) -> None:
    await house.publish("1.5.0")
    moved = b'{"message": "Base branch was modified. Review and try the merge again."}'
    house.github.faults.answer("pulls/merge", status=405, body=moved, times=1)
    await complete(house)
    assert [pull.merged for pull in house.pulls()] == [True]
    assert await noted(house) is None


async def test_a_refusal_is_over_when_the_policy_leaves_merging_to_people(house: House) -> None:
    house.github.repository(house.repository).merge_methods = {MergeMethod.MERGE}
    await house.publish("1.5.0")
    await complete(house)
    assert await noted(house) is not None
    await house.commit({".niro/policies.yml": house.policy()})
    await complete(house)
    assert await noted(house) is None


async def test_where_nobody_named_a_method_one_is_used_that_the_repository_allows(house: House) -> None:
    house.github.repository(house.repository).merge_methods = {MergeMethod.REBASE, MergeMethod.MERGE}
    await house.commit({".niro/policies.yml": house.policy()})
    pull = await proposed(house)
    await say(house, "/niro merge")
    await complete(house)
    assert pull.merged
    tip = await house.github.repository(house.repository).git.commit(await house.head())
    assert tip is not None
    assert len(tip.parents) == 2


async def test_while_github_thinks_it_is_asked_ever_more_seldom(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    pull.unknown_mergeability = 10**6
    await complete(house)
    counted = house.counted()
    for _ in range(60):
        await house.later(timedelta(seconds=5))
    assert 4 <= counted.names.count("MergeFacts") <= 10
    pull.unknown_mergeability = 0
    await house.later(timedelta(minutes=10))
    assert pull.merged


async def test_a_draft_is_told_and_merged_when_it_is_ready(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    pull.draft = True
    await complete(house)
    assert "is a draft" in body(house)
    pull.draft = False
    await house.ask(MergeBump(house.installation.id, house.bump_work().repository, "api"))
    assert pull.merged
