"""A tag that its registry does not let be read holds up no other, and people are told of it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.registries import InvalidAnswer, RegistryError, RegistryRefused
from bot.sandbox.registry import SandboxRegistry
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house, said_last

DAY = timedelta(days=1)
ERRORS = [InvalidAnswer("registry.example", "answers 412"), RegistryRefused("registry.example", "answers 403")]


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


class Refusing:
    """Stands before the registry's answer about tags, and refuses some of them."""

    def __init__(self, house: PromotingHouse, error: RegistryError, *tags: str) -> None:
        self.tags = set(tags)
        self._error, self._head = error, house.parts.registries.head
        house.parts.registries.head = self.head  # type: ignore[method-assign,assignment]

    async def head(self, host: str, repository: str, reference: str, *more: object) -> str | None:
        if reference in self.tags:
            raise self._error
        return await self._head(host, repository, reference, *more)  # type: ignore[arg-type]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
async def test_the_others_are_promoted(house: PromotingHouse, error: RegistryError) -> None:
    await house.begin()
    Refusing(house, error, "bad-stable")
    await house.registry.push(house.source, "bad-stable")
    await house.built_image("1.4-stable")
    assert await house.promoted() == ["1.4-stable"]


async def test_the_others_are_found_by_polls_too(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("0.9-stable")
    Refusing(house, ERRORS[0], "0.9-stable")
    await house.registry.push(house.source, "1.4-stable")
    for _ in range(3):
        await house.later(timedelta(minutes=10))
    await house.registry.push(house.source, "1.4-stable", content="other")
    for _ in range(3):
        await house.later(timedelta(minutes=10))
    assert len(await house.runs()) == 3


async def test_it_is_told(house: PromotingHouse) -> None:
    await house.begin()
    refusing = Refusing(house, ERRORS[0], "bad-stable")
    await house.registry.push(house.source, "bad-stable")
    await house.built_image("1.4-stable")
    assert "does not let 1 of its tags be read" in said_last(house)
    refusing.tags.clear()
    await house.later(DAY)
    assert "tags be read" not in said_last(house)


async def test_it_is_promoted_once_it_can_be_read(house: PromotingHouse) -> None:
    await house.begin()
    refusing = Refusing(house, ERRORS[0], "bad-stable")
    await house.registry.push(house.source, "bad-stable")
    await house.built_image("1.4-stable")
    refusing.tags.clear()
    await house.later(DAY)
    assert await house.promoted() == ["1.4-stable", "bad-stable"]


async def test_one_of_todays_is_not_passed_over_for_good(house: PromotingHouse) -> None:
    for tag in ("1.4-stable", "bad-stable"):
        await house.registry.push(house.source, tag)
    refusing = Refusing(house, ERRORS[0], "bad-stable")
    await house.begin(STABLE + "    existing: true\n")
    refusing.tags.clear()
    await house.later(DAY)
    assert await house.promoted() == ["1.4-stable", "bad-stable"]


async def test_one_of_todays_keeps_the_walk_through_the_others_no_longer_open(house: PromotingHouse) -> None:
    for tag in ("0.9", "1.4-stable", "bad-stable"):
        await house.registry.push(house.source, tag)
    Refusing(house, ERRORS[0], "bad-stable")
    await house.begin(STABLE + "    existing: true\n")
    await house.commit({".niro/policies.yml": house.promotions("    existing: true\n")})
    await house.later(DAY)
    assert await house.promoted() == ["1.4-stable"]


async def test_one_of_todays_is_promoted_late_too(house: PromotingHouse) -> None:
    for tag in ("1.4-stable", "bad-stable"):
        await house.registry.push(house.source, tag)
    refusing = Refusing(house, ERRORS[0], "bad-stable")
    await house.begin(STABLE + "    existing: true\n")
    for _ in range(3):
        await house.later(DAY)
    refusing.tags.clear()
    await house.later(DAY)
    assert await house.promoted() == ["1.4-stable", "bad-stable"]


async def test_one_that_stood_there_before_is_not_new_for_being_read_again(house: PromotingHouse) -> None:
    await house.registry.push(house.source, "bad-stable")
    await house.begin()
    refusing = Refusing(house, ERRORS[0], "bad-stable")
    await house.hear()
    refusing.tags.clear()
    await house.hear()
    assert await house.runs() == []


async def test_many_of_them_do_not_keep_others_from_their_turn(house: PromotingHouse) -> None:
    await house.begin()
    bad = [f"bad-{number:02}-stable" for number in range(60)]
    Refusing(house, ERRORS[0], *bad)
    for tag in bad:
        await house.registry.push(house.source, tag, ("linux/amd64",), index=False)
    await house.hear()
    await house.built_image("1.4-stable")
    await house.later(DAY)
    assert await house.promoted() == ["1.4-stable"]
