"""An image that meets a promotion's criteria is copied to its next repository, once, under the tag that was decided."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

STAMPED = STABLE + '    tag-template: "%n-%Y%m%d%H%M%S"\n'


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def test_an_image_that_is_pushed_under_a_tag_that_fits_is_copied(house: PromotingHouse) -> None:
    await house.begin()
    digest = await house.built_image("1.4-stable")
    assert await house.registry.digest_of(house.target, "1.4-stable") == digest
    assert (await house.run()).state is RunState.DONE


async def test_one_under_another_tag_is_not(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-dev")
    assert await house.runs() == []


async def test_the_tag_in_the_target_is_made_once_with_the_moment_of_the_decision(house: PromotingHouse) -> None:
    await house.begin(STAMPED)
    await house.built_image("1.4-stable")
    await house.later(timedelta(days=2))
    await house.hear()
    run = await house.run()
    assert run.decided_at is not None
    assert await house.promoted() == [f"1.4-stable-{run.decided_at:%Y%m%d%H%M%S}"]


async def test_what_stood_there_before_stays_where_it_is(house: PromotingHouse) -> None:
    await house.registry.push(house.source, "1.3-stable")
    await house.begin()
    await house.built_image("1.4-stable")
    assert await house.promoted() == ["1.4-stable"]


async def test_with_existing_it_is_promoted_too_the_newest_last(house: PromotingHouse) -> None:
    for tag in ("1.2-stable", "1.3-stable"):
        await house.registry.push(house.source, tag)
    await house.begin(STABLE + "    existing: true\n")
    assert await house.promoted() == ["1.2-stable", "1.3-stable"]


async def test_a_tag_that_is_pushed_again_is_promoted_again(house: PromotingHouse) -> None:
    await house.begin(STABLE + "    overwrite: true\n")
    await house.built_image("1.4-stable")
    digest = await house.built_image("1.4-stable", content="other")
    assert await house.registry.digest_of(house.target, "1.4-stable") == digest


async def test_a_tag_in_the_target_that_holds_something_else_is_not_overwritten(house: PromotingHouse) -> None:
    there = await house.registry.push(house.target, "1.4-stable", content="theirs")
    await house.begin()
    await house.built_image("1.4-stable")
    assert await house.registry.digest_of(house.target, "1.4-stable") == there
    assert (await house.run()).state is RunState.BLOCKED


async def test_the_first_push_to_a_repository_that_was_not_there_is_promoted(house: PromotingHouse) -> None:
    await house.begin()
    await house.hear()
    await house.built_image("1.0-stable")
    assert await house.promoted() == ["1.0-stable"]


@pytest.mark.parametrize(
    "lacking",
    [{"push": ()}, {"push": ("*",)}, {"push": ("acme/other",)}, {"prefix": "other"}, {"prefixes": ()}],
    ids=["no-push", "everybody", "another-repository", "another-prefix", "no-prefix"],
)
async def test_without_a_credential_that_names_both_nothing_is_copied(
    house: PromotingHouse, lacking: dict[str, object]
) -> None:
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.promotions()})
    await house.let_push(**lacking)
    await house.work()
    await house.built_image("1.4-stable")
    assert await house.promoted() == []
    assert "niro registries add" in (await house.run()).reason
