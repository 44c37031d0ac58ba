"""An image is given up two weeks after the last that was new about it, and a proposal is not."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.judge_again import newest_denied
from bot.jobs.work import JudgeAgain, PromoteImage
from bot.registries import AddressNotAllowed, RegistryError, RegistryUnavailable
from bot.sandbox.registry import SandboxRegistry
from bot.store import EventKind, PromotionRun, RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house
from tests.flows.proposing import entries, opened, proposed

LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"
DAY = timedelta(days=1)
UNANSWERED = [RegistryUnavailable("registry.example", "answers 503"), AddressNotAllowed("registry.example", "no")]
ARM = ("linux/arm64",)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def denied(house: PromotingHouse, more: str = LICENSED) -> PromotionRun:
    """Let an image be denied."""
    await house.begin(more)
    await house.built_image("1.4")
    run = await house.run()
    wanted = replace(run, state=RunState.DENIED, reason="2 critical", ended_at=house.clock(), again_at=None)
    assert await house.parts.store.promotions.save(wanted, run)
    return wanted


async def test_what_waits_is_given_up_after_two_weeks(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.later(15 * DAY)
    assert (await house.run()).state is RunState.GIVEN_UP


async def test_new_evidence_about_what_was_denied_long_ago_counts(house: PromotingHouse) -> None:
    run = await denied(house)
    await house.later(15 * DAY)
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    assert (await house.run()).state is RunState.WAITING
    await house.later(13 * DAY)
    assert (await house.run()).state is RunState.WAITING
    await house.later(2 * DAY)
    assert (await house.run()).state is RunState.GIVEN_UP


@pytest.mark.parametrize("look_first", [True, False])
async def test_an_edit_does_not_give_up_what_new_evidence_came_about(house: PromotingHouse, look_first: bool) -> None:
    run = await denied(house)
    await house.later(15 * DAY)
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    if not look_first:
        await house.parts.ask(PromoteImage(run.installation, run.repository, run.id))
    await house.commit({".niro/policies.yml": house.promotions("    when: [{license: {one-of: [MIT, ISC]}}]\n")})
    await house.later(timedelta(minutes=5))
    assert [each.state for each in await house.runs()] == [RunState.SUPERSEDED, RunState.WAITING]


async def test_new_evidence_makes_no_older_image_newer(house: PromotingHouse) -> None:
    run = await denied(house)
    await house.later(DAY)
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    assert (await house.run()).seen_at == run.seen_at


async def test_evidence_about_one_platform_of_what_was_denied_counts(house: PromotingHouse) -> None:
    await denied(house)
    index = await house.registry.manifest(house.source, "1.4")
    child = json.loads(index.content)["manifests"][0]["digest"]
    await house.ask(JudgeAgain(house.registry.host, house.source, child))
    assert (await house.run()).state is RunState.WAITING


@pytest.mark.parametrize("error", UNANSWERED, ids=lambda error: type(error).__name__)
async def test_one_image_that_cannot_be_read_keeps_back_no_evidence_of_others(
    house: PromotingHouse, error: RegistryError
) -> None:
    await denied(house)
    await house.built_image("1.5", platforms=ARM)

    async def children(*_: object) -> frozenset[str]:
        raise error

    house.parts.registries.children = children  # type: ignore[method-assign,assignment]
    await house.ask(JudgeAgain(house.registry.host, house.source, "sha256:" + "0" * 64))
    waiting = (await house.runs())[1]
    events = await house.parts.store.promotions.events(waiting.id)
    assert [event.times for event in events if event.kind is EventKind.EVALUATED] == [2]


async def test_the_indexes_of_one_installation_take_no_turn_from_those_of_another(house: PromotingHouse) -> None:
    run = await denied(house)
    runs = [replace(run, installation=number) for number in (1, 1, 2)]
    assert list(newest_denied(runs, 1)) == [runs[0], runs[2]]


async def test_evidence_about_another_image_does_not(house: PromotingHouse) -> None:
    await denied(house)
    await house.ask(JudgeAgain(house.registry.host, house.source, "sha256:" + "0" * 64))
    assert (await house.run()).state is RunState.DENIED


async def test_a_proposal_that_is_judged_again_late_stays(house: PromotingHouse) -> None:
    await proposed(house)
    run = await house.run()
    await house.later(15 * DAY)
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    assert (await house.run()).state is RunState.PROPOSED
    await house.built_image("1.5-stable", platforms=ARM)
    assert await entries(house, opened(house).head_oid) == ["1.4-stable", "1.5-stable"]


async def test_a_proposal_that_is_not_known_to_be_fit_any_more_is_not_given_up(house: PromotingHouse) -> None:
    await house.begin(STABLE.rstrip()[:-1] + ", {license: {one-of: [MIT]}}]\n    mode: pull-request\n")
    await house.built_image("1.4-stable")
    run = await house.run()
    wanted = replace(run, target_tag="1.4-stable", decided_at=run.seen_at)
    assert await house.parts.store.promotions.save(wanted, run)
    await house.later(15 * DAY)
    assert (await house.run()).state is RunState.WAITING
