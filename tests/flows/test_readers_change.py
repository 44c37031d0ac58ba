"""When who may read an image changes outside the policy file: what was chosen is chosen again, and nothing leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.flows.configure import CHECK_NAME
from bot.jobs.work import Housekeeping
from bot.registries import Grants
from tests.flows.private_house import PrivateHouse, private_house

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

ROUND = timedelta(minutes=8)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    async with private_house(tmp_path, tls=False) as opened:
        yield opened


def told(house: PrivateHouse) -> list[str]:
    runs = house.github.repository(house.repository).check_runs.values()
    return [run.output["summary"] for run in runs if run.name == CHECK_NAME]


async def followed_by(house: PrivateHouse) -> set[str]:
    return {reader for _, _, reader in await house.parts.store.index.followed_images()}


async def test_a_repository_that_is_renamed_out_of_a_credentials_list_does_not_use_it_any_more(
    house: PrivateHouse,
) -> None:
    await house.begin()
    await house.store_credential(pull=(house.repository,))
    await house.publish("1.5.0")
    await house.github.world.rename(house.github.repository(house.repository), "store")
    await house.work()
    assert await followed_by(house) == {""}


async def test_a_grant_takes_effect_for_images_that_are_followed_already(house: PrivateHouse) -> None:
    await house.begin()
    grants = Grants.parse([f"{house.installation.id}:{house.registry.host}=10.0.0.0/8"], [])
    house.parts = replace(house.parts, grants=grants)
    await house.ask(Housekeeping())
    assert await followed_by(house) == {f"operator:{house.installation.id}"}
    house.parts = replace(house.parts, grants=Grants())
    await house.ask(Housekeeping())
    assert await followed_by(house) == {""}
