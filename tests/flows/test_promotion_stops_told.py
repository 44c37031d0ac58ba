"""The check on the default branch tells at once what a person has to mend for a promotion, and when it is mended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import PromotingHouse, promoting_house, said_last
from tests.flows.proposing import merge, proposed

DAY = timedelta(days=1)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def stopped(house: PromotingHouse) -> None:
    """Let an image find its tag taken in the target."""
    await house.registry.push(house.target, "1.4-stable", content="theirs")
    await house.begin()
    await house.built_image("1.4-stable")


async def test_a_tag_that_is_taken(house: PromotingHouse) -> None:
    await stopped(house)
    assert "cannot be copied" in said_last(house)


async def test_it_is_told_once(house: PromotingHouse) -> None:
    await stopped(house)
    before = len(house.checks())
    await house.later(DAY)
    assert len(house.checks()) == before


async def test_and_that_it_is_free_again(house: PromotingHouse) -> None:
    await stopped(house)
    await house.registry.delete_tag(house.target, "1.4-stable")
    await house.later(DAY)
    assert (await house.run()).state is RunState.DONE
    assert "cannot be copied" not in said_last(house)


async def test_a_digest_that_people_approved_and_the_source_has_no_more(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.registry.delete_manifest(house.source, (await house.run()).digest)
    await merge(house, pull)
    assert "cannot be copied" in said_last(house)
    assert "has no sha256:" in (await house.run()).reason
