"""When who may read an image changes outside the policy file: what was chosen is chosen again, and nothing leaks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.flows.configure import CHECK_NAME
from bot.flows.looks import CALM
from bot.flows.remarks import remarks_on
from bot.jobs.work import Housekeeping
from bot.policies import load
from bot.registries import Grants
from bot.store import Keyring, new_key
from tests.flows.private_house import ACCOUNT, PASSWORD, PrivateHouse, private_house

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


async def test_nothing_that_a_credential_read_is_told_in_public_when_it_was_removed(house: PrivateHouse) -> None:
    await house.push("3.7.7", platforms=("linux/amd64",))
    files = {
        ".niro/policies.yml": house.policy(rule="range: ^3.0.0"),
        "deploy/api.yaml": house.deployment(),
    }
    await house.github.add_repository(house.repository, files)
    await house.store_credential()
    assert ["no tag is acceptable." in summary for summary in told(house)] == [True]
    await house.remove_credential()
    await house.later(ROUND)
    assert "3.7.7" not in "".join(told(house))


async def test_a_secret_that_does_not_open_is_told_where_its_images_are_followed(house: PrivateHouse) -> None:
    await house.begin()
    await house.store_credential()
    house.parts.store.credentials._keys = Keyring.parse(new_key("another"))
    await house.later(ROUND)
    await house.later(CALM)
    assert "whoever runs the bot has to give it the key in NIRO_KEYS" in told(house)[-1]


async def test_a_registry_that_fails_in_turns_is_not_told_of_each_time(house: PrivateHouse) -> None:
    await house.begin()
    await house.store_credential()
    before = len(told(house))
    for turn in range(12):
        house.tokens.set_password(ACCOUNT, "another" if turn % 2 else PASSWORD)
        await house.later(ROUND)
    assert len(told(house)) == before


async def test_what_an_error_names_is_not_told_in_public_where_only_a_credential_could_see_it(
    house: PrivateHouse,
) -> None:
    await house.begin()
    saved = await house.store_credential()
    place = (house.registry.host, f"{house.owner}/api")
    said = f"{house.registry.host}: answered 412 when asked for {house.owner}/api:4.0.0-secret; mend it"
    await house.parts.store.ledger.scanned(*place, house.clock(), said, saved.stored.id)
    repository = await house.parts.store.repositories.by_name(house.repository)
    assert repository is not None
    policy_file = load(house.policy().decode())
    public = await remarks_on(house.parts, replace(repository, private=False), policy_file)
    private = await remarks_on(house.parts, replace(repository, private=True), policy_file)
    assert "4.0.0-secret" not in public.unreadable[0]
    assert "4.0.0-secret" in private.unreadable[0]
