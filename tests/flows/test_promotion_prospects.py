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


async def told(house: PromotingHouse, proposed: bytes, now: bytes | None = None) -> str:
    """Tell of a proposed file, where the one of the repository is in force, or another one."""
    found = await house.parts.store.repositories.get(house.github.repository(house.repository).id)
    assert found is not None
    in_force = now or await house.github.read(house.repository, ".niro/policies.yml")
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


@pytest.mark.parametrize(
    ("private", "more", "told_of"),
    [
        (True, "", "2 of today's tags"),
        (True, None, "those of today's tags"),
        (False, "", "those of today's tags"),
    ],
    ids=["read by the file in force", "not read by it", "public"],
)
async def test_what_a_credential_reads_is_counted_where_the_file_in_force_has_it_read(
    house: PromotingHouse, private: bool, more: str | None, told_of: str
) -> None:
    for tag in ("1.3-stable", "1.4-stable", "1.5-dev"):
        await house.registry.push(house.source, tag)
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.promotions()}, private=private)
    await house.let_push(house.owner, pull=(house.repository,))
    await house.work()
    now = b"version: 1\n" if more is None else house.promotions()
    assert f"It would also look at {told_of}" in await told(house, house.promotions(EXISTING), now)


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
