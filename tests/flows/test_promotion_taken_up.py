"""A run whose process died between two steps of its database is taken up where it stood."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.flows.promotions import in_force, new_run
from bot.jobs.work import PromoteImage
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, PromotingHouse, promoting_house
from tests.flows.proposing import PROPOSED, entries, opened


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def test_what_was_to_be_proposed_is_proposed(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    digest = await house.registry.push(house.source, "1.4-stable")
    found = await in_force(house.parts, house.github.repository(house.repository).id, NAME)
    assert found is not None
    run, _ = await house.parts.store.promotions.begin(new_run(found, "1.4-stable", digest, house.clock()))
    decided = replace(run, state=RunState.PROPOSED, target_tag="1.4-stable", decided_at=house.clock())
    assert await house.parts.store.promotions.save(decided, run)
    await house.ask(PromoteImage(run.installation, run.repository, run.id))
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]
