"""What became of an image is told to nobody who may not know it, whatever its labels name."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house
from tests.store.builders import new_run

TEMPLATE = f'{STABLE}    tag-template: "%n-secret"\n'


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def beside(house: PromotingHouse, *, private: bool) -> str:
    """Add another repository to the installation, and return its name."""
    other = f"{house.owner}/other"
    await house.github.add_repository(other, {"README.md": b"Hello\n"}, private=private)
    await house.work()
    return other


async def test_in_public_no_more_is_told_than_which_promotion_came_how_far(house: PromotingHouse) -> None:
    await house.begin(TEMPLATE)
    digest = await house.built_image("1.4-stable", labels=await house.labels())
    (told,) = house.told()
    assert told.output["title"] == "dev-to-qa: an image is promoted"
    summary = told.output["summary"]
    assert f"`{house.registry.host}/{house.target}`" in summary
    assert [each for each in ("1.4-stable", "secret", digest, "Copied", "ends with") if each in summary] == []


async def test_in_public_what_the_pushing_credential_saw_is_told_to_nobody(house: PromotingHouse) -> None:
    await house.begin(STABLE)
    there = await house.registry.push(house.target, "1.4-stable", ("linux/arm64",))
    await house.built_image("1.4-stable", labels=await house.labels())
    (told,) = house.told()
    assert told.output["title"] == "dev-to-qa: an image cannot be promoted now"
    assert there not in told.output["summary"]


@pytest.mark.parametrize(
    ("own", "other", "is_told"),
    [(True, True, True), (False, False, True), (True, False, False), (False, True, False)],
    ids=["both-private", "both-public", "private-in-public", "public-in-private"],
)
async def test_labels_take_no_promotion_to_who_may_not_read_its_policy_file(
    house: PromotingHouse, own: bool, other: bool, is_told: bool
) -> None:
    await house.begin(private=own)
    place = await beside(house, private=other)
    await house.built_image("1.4-stable", labels=await house.labels(place))
    assert bool(house.told(place)) is is_told


async def test_what_a_credential_read_is_told_in_no_other_public_repository(house: PromotingHouse) -> None:
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.promotions()})
    await house.let_push(house.owner, pull=(house.repository,))
    await house.work()
    place = await beside(house, private=False)
    await house.built_image("1.4-stable", labels=await house.labels(place))
    assert len(await house.promoted()) == 1
    assert house.told(place) == []


@pytest.mark.parametrize("told_in", ["there", "here"])
async def test_what_a_private_repository_promotes_stands_in_no_public_check_of_the_same_commit(
    house: PromotingHouse, told_in: str
) -> None:
    await house.begin()
    public = house.github.repository(house.repository).id
    private = house.github.repository(await beside(house, private=True)).id
    begun, _ = await house.parts.store.promotions.begin(new_run(repository=private, promotion="quiet"))
    told = replace(begun, commit=await house.head(), told_in=public if told_in == "here" else private, told="told")
    await house.parts.store.promotions.save(told, begun)
    await house.built_image("1.4-stable", labels=await house.labels())
    (check,) = house.told()
    assert "quiet" not in check.output["summary"]
