"""What happens to images on their way when policies, tags, readers and repositories change under them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.promote import RESTS
from bot.jobs.work import PromoteImage
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

POLICY = ".niro/policies.yml"
STAMPED = STABLE + '    tag-template: "%n-%Y%m%d%H%M%S%f"\n'
LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"
DAY = timedelta(days=1)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def states(house: PromotingHouse) -> list[RunState]:
    return [run.state for run in await house.runs()]


async def test_an_edit_of_the_promotion_promotes_nothing_again(house: PromotingHouse) -> None:
    await house.begin(STAMPED)
    await house.built_image("1.4-stable")
    await house.commit({POLICY: house.promotions(STAMPED + "    max-report-age: 25h\n")})
    await house.hear()
    assert len(await house.promoted()) == 1


async def test_what_waits_is_judged_by_the_new_text(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.commit({POLICY: house.promotions("    overwrite: true\n")})
    assert await house.promoted() == ["1.4"]


async def test_so_it_is_where_its_work_comes_before_the_promotions_look(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    run = await house.run()
    await house.parts.ask(PromoteImage(run.installation, run.repository, run.id))
    await house.commit({POLICY: house.promotions("    overwrite: true\n")})
    assert await house.promoted() == ["1.4"]


async def test_a_typo_for_a_while_loses_nothing(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.commit({POLICY: b"version: 1\npromotion: []\n"})
    await house.later(RESTS * 2)
    assert await states(house) == [RunState.WAITING]
    await house.commit({POLICY: house.promotions("    overwrite: true\n")})
    assert await house.promoted() == ["1.4"]


async def test_a_promotion_that_is_taken_away_ends_what_waits(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.commit({POLICY: b"version: 1\n"})
    await house.later(RESTS * 2)
    assert await states(house) == [RunState.SUPERSEDED]


async def test_a_text_that_goes_away_and_comes_back_finds_its_images(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    for text in (LICENSED + "    max-report-age: 25h\n", LICENSED):
        await house.commit({POLICY: house.promotions(text)})
    assert (await states(house))[0] is RunState.WAITING


async def test_a_tag_that_goes_back_to_an_image_takes_the_target_back(house: PromotingHouse) -> None:
    await house.begin(STABLE + "    overwrite: true\n")
    first = await house.built_image("1.4-stable")
    await house.built_image("1.4-stable", content="other")
    assert await house.built_image("1.4-stable") == first
    assert await house.registry.digest_of(house.target, "1.4-stable") == first


async def test_a_tag_that_moved_is_judged_however_many_came_after_it(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("0.1")
    for number in range(35):
        await house.registry.push(house.source, f"1.{number}", ("linux/amd64",), index=False)
    await house.hear()
    moved = await house.registry.push(house.source, "0.1", content="other")
    await house.later(DAY)
    assert moved in {run.digest for run in await house.runs() if run.state is RunState.WAITING}


async def test_an_older_image_does_not_take_a_newer_ones_place(house: PromotingHouse) -> None:
    await house.begin(
        "    when: [{any: [{tag: {equals: '1.5'}}, {license: {one-of: [MIT]}}]}]\n"
        "    overwrite: true\n    tag-template: stable\n"
    )
    await house.built_image("1.4")
    newer = await house.built_image("1.5")
    await house.commit({POLICY: house.promotions("    overwrite: true\n    tag-template: stable\n")})
    await house.later(DAY)
    assert await house.registry.digest_of(house.target, "stable") == newer


async def test_todays_tags_go_in_the_order_of_their_numbers(house: PromotingHouse) -> None:
    for tag in ("1.10-stable", "1.9-stable"):
        await house.registry.push(house.source, tag)
    await house.begin(STABLE + "    existing: true\n")
    assert [run.tag for run in await house.runs()] == ["1.9-stable", "1.10-stable"]


async def test_a_suspended_installation_copies_nothing(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    run = await house.run()
    await house.github.world.suspend(house.installation)
    await house.work()
    await house.ask(PromoteImage(run.installation, run.repository, run.id))
    assert await states(house) == [RunState.WAITING]


async def test_a_registry_that_breaks_while_judging_is_told(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.registry.delete_manifest(house.source, (await house.run()).digest)
    await house.later(DAY)
    (run,) = await house.runs()
    assert run.reason
