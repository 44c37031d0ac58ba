"""The buttons of the check: what they say and open, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.policies import load
from tests.flows.commanding import answers
from tests.flows.house import House
from tests.flows.reviewing import API, check, pull_request, push, workload

if TYPE_CHECKING:
    from bot.sandbox.model import PullRequest

POLICY = ".niro/policies.yml"
LATEST = workload("nginx:latest")


async def press(house: House, pull: PullRequest, button: str, login: str | None = None) -> None:
    await house.github.press(house.repository, check(house, pull.head_oid), button, login)
    await house.work()


def others(house: House, pull: PullRequest) -> list[PullRequest]:
    return [each for each in house.open_pulls() if each.number != pull.number]


async def test_explain_says_what_the_rules_are_and_what_mends_them(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "explain")
    (said,) = answers(house, pull.number)
    assert "latest-image-tag" in said


async def test_explaining_twice_says_it_once(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "explain")
    await press(house, pull, "explain")
    assert len(answers(house, pull.number)) == 1


async def test_ignore_opens_a_pull_request_with_a_dated_entry(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    (waiving,) = others(house, pull)
    written = await house.github.read(house.repository, POLICY, waiving.head_oid)
    (waiver,) = load(written.decode()).findings.ignore
    assert (waiver.rule, waiver.paths) == ("latest-image-tag", (f"/{API}",))
    assert waiver.until is not None
    assert (waiver.until - house.clock().date()).days == 90
    assert written.startswith(house.policy())


async def test_ignoring_twice_opens_one_pull_request(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    await press(house, pull, "ignore")
    assert len(others(house, pull)) == 1


async def test_the_finding_no_longer_counts_once_the_entry_is_merged(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    (waiving,) = others(house, pull)
    written = await house.github.read(house.repository, POLICY, waiving.head_oid)
    await house.commit({POLICY: written})
    await push(house, {"a.md": b"a\n"})
    assert check(house, pull.head_oid).conclusion == "success"


async def test_who_may_not_write_moves_nothing_and_gets_no_words(house: House) -> None:
    house.github.give_role("reader", "read", house.repository)
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore", "reader")
    await press(house, pull, "explain", "reader")
    assert others(house, pull) == []
    assert answers(house, pull.number) == []


async def test_a_button_of_an_earlier_head_does_nothing(house: House) -> None:
    pull = await pull_request(house, {API: LATEST})
    earlier = check(house, pull.head_oid)
    await push(house, {"a.md": b"a\n"})
    await house.github.press(house.repository, earlier, "ignore")
    await house.work()
    assert others(house, pull) == []


async def test_a_file_without_an_exact_place_is_left_to_people(house: House) -> None:
    text = house.policy(more="findings: {comment-on: low}\n")
    await house.commit({POLICY: text})
    pull = await pull_request(house, {API: LATEST})
    await press(house, pull, "ignore")
    assert others(house, pull) == []
    assert "rule: latest-image-tag" in answers(house, pull.number)[0]
