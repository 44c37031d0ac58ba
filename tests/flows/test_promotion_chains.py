"""A promoted image is news for whoever follows the target: the next promotion, and the policies of images."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.flows.promote import MOST_HOPS
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


def route(house: PromotingHouse, begin: str, end: str, more: str = "") -> str:
    place = f"{house.registry.host}/{house.owner}"
    return f"  - {{name: {begin}-to-{end}, from: {place}/{begin}/website, to: {place}/{end}/website{more}}}\n"


async def test_the_next_promotion_takes_it_on(house: PromotingHouse) -> None:
    await house.begin()
    await house.let_push(f"{house.owner}/production", id="production", name="production")
    routes = route(house, "dev", "qa") + route(house, "qa", "production")
    await house.commit({".niro/policies.yml": f"version: 1\npromotions:\n{routes}".encode()})
    digest = await house.built_image("1.4-stable")
    assert await house.registry.digest_of(f"{house.owner}/production/website", "1.4-stable") == digest


async def test_a_circle_over_two_repositories_comes_to_an_end(house: PromotingHouse) -> None:
    stamped = ", tag-template: 'x-%n'"
    await house.begin()
    other = f"{house.owner}/other"
    await house.let_push(house.owner, id="all", name="all", push=(house.repository, other))
    await house.commit(
        {".niro/policies.yml": f"version: 1\npromotions:\n{route(house, 'dev', 'qa', stamped)}".encode()}
    )
    back = f"version: 1\npromotions:\n{route(house, 'qa', 'dev', stamped)}"
    await house.github.add_repository(other, {".niro/policies.yml": back.encode()})
    await house.work()
    await house.built_image("1.0")
    for _ in range(2 * MOST_HOPS):
        await house.later(house.parts.settle)
    states = [run.state for run in await house.parts.store.promotions.of(None)]
    assert states.count(RunState.DONE) == MOST_HOPS
    assert RunState.GIVEN_UP in states


async def test_an_image_policy_that_follows_the_target_proposes_it(house: PromotingHouse) -> None:
    await house.registry.push(house.target, "1.0.0")
    image = f"{house.registry.host}/{house.target}"
    policy = house.promotions("    tag-template: '2.0.0'\n").decode() + f"images:\n  - image: {image}\n"
    manifest = house.deployment("1.0.0").replace(house.image().encode(), image.encode())
    await house.github.add_repository(
        house.repository, {".niro/policies.yml": policy.encode(), "deploy/api.yaml": manifest}
    )
    await house.let_push()
    await house.work()
    await house.built_image("1.4-stable")
    await house.later(house.parts.settle)
    assert [pull.title for pull in house.open_pulls()] == [f"Bump {image} from 1.0.0 to 2.0.0"]


async def test_several_promotions_of_one_source_each_take_their_own(house: PromotingHouse) -> None:
    text = house.promotions(STABLE).decode() + route(house, "dev", "qa/nightly", ", when: [{tag: {ends-with: -night}}]")
    text = text.replace("dev-to-qa/nightly", "nightly")
    await house.github.add_repository(house.repository, {".niro/policies.yml": text.encode()})
    await house.let_push()
    await house.work()
    for tag in ("1.4-stable", "1.5-night"):
        await house.built_image(tag)
    assert await house.promoted() == ["1.4-stable"]
    assert await house.registry.tags(f"{house.owner}/qa/nightly/website") == ["1.5-night"]
