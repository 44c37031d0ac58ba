"""What is proposed or merged goes on under another text of its promotion, and nothing stays of one that is gone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotions import in_force
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, STABLE, PromotingHouse, promoting_house
from tests.flows.proposing import PROPOSED, entries, merge, opened, proposed

POLICY = ".niro/policies.yml"
OTHERWISE = f"{PROPOSED}    referrers: false\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def say(house: PromotingHouse, more: str, wait: timedelta = timedelta(minutes=5)) -> None:
    """Commit another text of the promotion, and do what is due after a while."""
    await house.commit({POLICY: house.promotions(more)})
    await house.later(wait)


async def test_a_text_that_was_edited_and_reverted_proposes_what_it_did(house: PromotingHouse) -> None:
    await proposed(house)
    await say(house, OTHERWISE)
    await say(house, PROPOSED)
    assert [run.state for run in await house.runs()] == [RunState.PROPOSED, RunState.SUPERSEDED]
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]


async def test_what_waited_long_for_people_is_proposed_by_the_new_text_too(house: PromotingHouse) -> None:
    await proposed(house)
    await house.later(timedelta(days=20))
    await say(house, OTHERWISE)
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]


async def test_what_is_proposed_is_copied_once_the_promotion_copies_at_once(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await say(house, STABLE)
    assert await house.promoted() == ["1.4-stable"]
    assert pull.state == "closed"


async def test_what_was_proposed_takes_no_newer_images_place_by_that(house: PromotingHouse) -> None:
    current = "    overwrite: true\n    tag-template: stable\n"
    only_older = "    when: [{any: [{tag: {equals: '1.4'}}, {license: {one-of: [MIT]}}]}]\n" + current
    await house.begin(f"{only_older}    mode: pull-request\n")
    await house.built_image("1.4")
    await house.later(timedelta(minutes=5))
    newer = await house.built_image("1.5")
    await say(house, only_older)
    await say(house, current)
    assert await house.registry.digest_of(house.target, "stable") == newer


@pytest.mark.parametrize("wait", [timedelta(hours=2), timedelta(days=20)], ids=["soon", "late"])
async def test_what_was_merged_and_waits_for_a_credential_is_copied_at_once_too(
    house: PromotingHouse, wait: timedelta
) -> None:
    pull = await proposed(house)
    await house.parts.store.credentials.remove(house.installation.id, "pusher")
    await merge(house, pull)
    await house.later(wait)
    await say(house, STABLE)
    await house.let_push()
    await house.later(timedelta(hours=2))
    assert await house.promoted() == ["1.4-stable"]


@pytest.mark.parametrize("policy", [b"version: 1\n", None], ids=["gone", "copies at once"])
async def test_a_pull_request_ends_whose_image_was_judged_again_just_then(
    house: PromotingHouse, policy: bytes | None
) -> None:
    pull = await proposed(house)
    run = await house.run()
    waiting = replace(run, state=RunState.WAITING)
    assert await house.parts.store.promotions.save(waiting, run)
    await house.commit({POLICY: policy or house.promotions(STABLE)})
    await house.later(timedelta(hours=2))
    assert pull.state == "closed"


async def test_what_a_text_had_copied_before_stays_copied_when_it_comes_back(house: PromotingHouse) -> None:
    await house.begin(STABLE)
    await house.built_image("1.4-stable")
    copied = await house.run()
    await say(house, PROPOSED)
    found = await in_force(house.parts, copied.repository, NAME)
    assert found is not None
    await begin_runs(house.parts, found, [(copied.tag, copied.digest)])
    await house.later(timedelta(minutes=5))
    assert len(house.open_pulls()) == 1
    await say(house, STABLE)
    assert (await house.runs())[0] == copied
    assert house.open_pulls() == []
