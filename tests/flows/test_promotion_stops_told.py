"""The check on the default branch tells at once what a person has to mend for a promotion, and when it is mended."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.flows.configure import report_policy_file
from bot.jobs.work import ReportPolicyFile
from bot.registries import Copied, CopyOrder
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import PromotingHouse, promoting_house, said_last
from tests.flows.proposing import merge, proposed

DAY = timedelta(days=1)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def stopped(house: PromotingHouse, *tags: str) -> None:
    """Let images, one where no tags are named, find their tags taken in the target."""
    for tag in tags or ("1.4-stable",):
        await house.registry.push(house.target, tag, content="theirs")
    await house.begin()
    for tag in tags or ("1.4-stable",):
        await house.built_image(tag)


async def test_a_tag_that_is_taken(house: PromotingHouse) -> None:
    await stopped(house)
    assert "cannot be copied" in said_last(house)


async def test_it_is_told_once(house: PromotingHouse) -> None:
    await stopped(house)
    before = len(house.checks())
    await house.later(DAY)
    assert len(house.checks()) == before


async def test_it_is_not_called_mended_while_it_is_tried_again(house: PromotingHouse) -> None:
    await stopped(house, "1.4-stable", "1.5-stable")
    run, before, real = (await house.runs())[0], len(house.checks()), house.parts.registries.copy

    async def copy(order: CopyOrder, **more: Any) -> Copied:
        await report_policy_file(ReportPolicyFile(run.installation, run.repository), house.parts)
        return await real(order, **more)

    house.parts.registries.copy = copy  # type: ignore[method-assign,assignment]
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
