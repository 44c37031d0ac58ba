"""What a merge queue is about to merge has its check, so that a branch may require it; and no comments."""

from __future__ import annotations

from datetime import timedelta

from bot.jobs.work import ReviewMergeGroup
from tests.flows.house import House
from tests.flows.reviewing import API, checks, pull_request, threads, workload
from tests.flows.test_merge_queue import CI, QUEUE

POLICY = ".niro/policies.yml"


async def queued(house: House, image: str, **files: bytes) -> str:
    """Put a pull request into the queue of its base, let the bot see it, and return the head of its group."""
    found = house.github.repository(house.repository)
    found.protections.clear()
    house.github.world.rules.add_ruleset(found, "queue", [CI, QUEUE])
    pull = await pull_request(house, {API: workload(image), **files})
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    entry = await house.github.world.merging.enqueue(pull, house.github.person)
    head = entry.group_oid
    assert head is not None
    await house.work()
    return head


async def test_the_head_of_a_merge_group_is_judged(house: House) -> None:
    head = await queued(house, "nginx:latest")
    (run,) = checks(house, head)
    assert (run.conclusion, run.output["title"]) == ("neutral", f"latest-image-tag: {API} line 15")
    assert run.actions == []


async def test_a_group_is_nobodys_pull_request_and_is_not_commented(house: House) -> None:
    await queued(house, "nginx:latest")
    assert [len(threads(house, pull)) for pull in house.pulls()] == [1]


async def test_a_group_without_findings_passes(house: House) -> None:
    head = await queued(house, "nginx:1.27.1")
    assert checks(house, head)[0].conclusion == "success"


async def test_a_group_whose_event_comes_twice_has_one_check(house: House) -> None:
    head = await queued(house, "nginx:latest")
    (work,) = [each for each in house.performed if isinstance(each, ReviewMergeGroup)]
    await house.ask(work)
    assert len(checks(house, head)) == 1


async def test_a_group_does_not_say_of_its_policy_file_what_holds_for_forks(house: House) -> None:
    head = await queued(house, "nginx:1.27.1", **{POLICY: house.policy(more="findings: {comment-on: low}\n")})
    summary = checks(house, head)[0].output["summary"]
    assert "people who may push" not in summary
    assert "What would be otherwise with it is told in the pull request that changes it" in summary


async def test_the_check_of_a_group_is_made_again_when_somebody_asks_for_it(house: House) -> None:
    head = await queued(house, "nginx:latest")
    await house.github.rerequest(house.repository, checks(house, head)[0])
    await house.work()
    assert [run.conclusion for run in checks(house, head)] == ["neutral", "neutral"]


async def test_a_group_that_github_shows_late_is_judged_then(house: House) -> None:
    house.github.faults.answer("checks/list-for-ref", status=404, body=b'{"message": "Not Found"}', times=2)
    head = await queued(house, "nginx:latest")
    assert checks(house, head) == []
    await house.later(timedelta(seconds=30))
    await house.later(timedelta(seconds=30))
    assert len(checks(house, head)) == 1


async def test_a_group_that_is_gone_is_given_up(house: House) -> None:
    house.github.faults.answer("checks/list-for-ref", status=404, body=b'{"message": "Not Found"}', times=100)
    head = await queued(house, "nginx:latest")
    for _ in range(8):
        await house.later(timedelta(seconds=30))
    assert checks(house, head) == []
    assert house.github.faults.count("checks/list-for-ref") == 6
    assert await house.dead() == []
