"""A pull request that changes promotions is told what they would do, and what they lack, without asking anybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.flows.promotion_prospects import promotions_proposed
from bot.policies import load
from bot.sandbox.registry import SandboxRegistry
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house
from tests.flows.reviewing import pull_request

EXISTING = STABLE + "    existing: true\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def told(house: PromotingHouse, proposed: bytes) -> str:
    found = await house.parts.store.repositories.get(house.github.repository(house.repository).id)
    assert found is not None
    in_force = await house.github.read(house.repository, ".niro/policies.yml")
    lines = await promotions_proposed(house.parts, found, load(in_force.decode()), load(proposed.decode()))
    return "\n".join(lines)


async def test_the_same_promotions_are_told_nothing(house: PromotingHouse) -> None:
    await house.begin()
    assert await told(house, house.promotions()) == ""


async def test_today_s_tags_that_fit_are_counted(house: PromotingHouse) -> None:
    for tag in ("1.3-stable", "1.4-stable", "1.5-dev"):
        await house.registry.push(house.source, tag)
    await house.begin()
    assert "2 of today's tags" in await told(house, house.promotions(EXISTING))


async def test_a_target_that_nobody_may_push_to_is_told(house: PromotingHouse) -> None:
    await house.begin()
    said = await told(house, house.promotions(target=f"{house.owner}/production/website"))
    assert f"no credential lets {house.repository} write to" in said


async def test_a_review_of_the_pull_request_says_it(house: PromotingHouse) -> None:
    await house.begin()
    files = {".niro/policies.yml": house.promotions(name="dev-to-staging")}
    await pull_request(house, files)
    checks = house.github.repository(house.repository).check_runs.values()
    told = [run for run in checks if run.name == "niro / policies"][-1].output["summary"]
    assert "`dev-to-staging` would begin" in told
    assert "`dev-to-qa` would end" in told
