"""A dry run judges today's tags as they would be judged, says what would come of each, and writes nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.flows.promotion_trial import NothingToTry, Trial, trial
from bot.promotion import Outcome
from bot.sandbox.registry import SandboxRegistry
from tests.flows.promoting import NAME, STABLE, PromotingHouse, promoting_house


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        await built.registry.push(built.source, "1.3-stable")
        await built.begin()
        yield built


async def tried(house: PromotingHouse, promotion: str | None = None, tag: str | None = None) -> list[Trial]:
    return [each async for each in trial(house.parts, house.repository, promotion, tag)]


async def test_each_tag_that_fits_is_judged_also_those_that_were_there_before(house: PromotingHouse) -> None:
    await house.registry.push(house.source, "1.4-dev")
    (only,) = await tried(house)
    assert (only.tag, only.verdict.outcome, only.notice) == ("1.3-stable", Outcome.TRUE, "")
    assert only.target == f"{house.registry.host}/{house.target}:1.3-stable"


async def test_nothing_is_written(house: PromotingHouse) -> None:
    await tried(house)
    assert (await house.runs(), await house.promoted()) == ([], [])


async def test_one_tag_may_be_named_that_does_not_fit(house: PromotingHouse) -> None:
    await house.registry.push(house.source, "1.4-dev")
    (only,) = await tried(house, NAME, "1.4-dev")
    assert (only.verdict.outcome, only.target) == (Outcome.FALSE, "")


async def test_a_tag_that_is_taken_in_the_target_is_noticed(house: PromotingHouse) -> None:
    await house.registry.push(house.target, "1.3-stable", content="theirs")
    (only,) = await tried(house)
    assert "holds other content" in only.notice


async def test_a_missing_right_is_noticed(house: PromotingHouse) -> None:
    policy = house.promotions(STABLE, target=f"{house.owner}/production/website")
    await house.commit({".niro/policies.yml": policy})
    (only,) = await tried(house)
    assert "no credential lets" in only.notice


async def test_that_nothing_is_done_there_now_is_said(house: PromotingHouse) -> None:
    await house.github.world.suspend(house.installation)
    await house.work()
    with pytest.raises(NothingToTry, match="nothing is done"):
        await tried(house)


@pytest.mark.parametrize(("promotion", "said"), [("other", "no promotion called other"), (None, "no installation")])
async def test_what_is_not_there_is_said(house: PromotingHouse, promotion: str | None, said: str) -> None:
    name = house.repository if promotion else "nobody/nothing"
    with pytest.raises(NothingToTry, match=said):
        [each async for each in trial(house.parts, name, promotion, None)]
