"""With an installation end its credentials, its hooks and what was read for it; while suspended none is used."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.jobs.work import BumpRepository, ChooseReaders, Housekeeping, PollImage, ScanImage
from bot.store import Hook
from tests.flows.private_house import ACCOUNT, ROUND, PrivateHouse, private_house


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    """Two organisations with a credential and a hook each, both following one private image."""
    async with private_house(tmp_path) as house:
        house.tokens.set_password("other-reader", "ahorn-zeppelin-33")
        await house.begin()
        await house.begin(theirs(house))
        await house.store_credential()
        await house.store_credential("other-reader", "ahorn-zeppelin-33", owner=f"{house.owner}-other")
        for owner in (house.owner, f"{house.owner}-other"):
            hook = Hook(f"hook-of-{owner}", "harbor", house.github.installation(owner).id, house.registry.host, "")
            await house.parts.store.hooks.create(hook, b"0" * 32, SecretStr("signs-notifications"))
        yield house


def theirs(house: PrivateHouse) -> str:
    return f"{house.owner}-other/shop"


async def reader_of(house: PrivateHouse, account: str = ACCOUNT) -> str:
    stored = await house.parts.store.credentials.all()
    return next(each.id for each in stored if each.username == account)


async def try_everything(house: PrivateHouse, reader: str, installation: int, repository: int) -> None:
    """Ask for all that could use the credential, as late or repeated events do, and let the polls come."""
    place = (house.registry.host, f"{house.owner}/api")
    await house.publish("1.5.0")
    await house.ask(
        ScanImage(*place), ScanImage(*place, reader), PollImage(*place, reader), ChooseReaders(installation)
    )
    await house.ask(Housekeeping(), BumpRepository(installation, repository, "api"))
    for _ in range(3):
        await house.later(ROUND)


class TestDeleted:
    async def test_its_credentials_and_hooks_are_gone_and_those_of_others_stay(self, house: PrivateHouse) -> None:
        await house.github.world.uninstall(house.installation)
        await house.work()
        store = house.parts.store
        assert [each.username for each in await store.credentials.all()] == ["other-reader"]
        assert [hook.id for hook in await store.hooks.all()] == [f"hook-of-{house.owner}-other"]

    async def test_what_was_read_with_them_is_gone_and_what_others_read_stays(self, house: PrivateHouse) -> None:
        ours, others = await reader_of(house), await reader_of(house, "other-reader")
        assert await house.known_tags(ours) == ["1.4.2"]
        await house.github.world.uninstall(house.installation)
        await house.work()
        assert (await house.known_tags(ours), await house.known_tags(others)) == ([], ["1.4.2"])

    async def test_they_are_used_no_more_whatever_is_asked(self, house: PrivateHouse) -> None:
        reader, installation = await reader_of(house), house.installation
        await house.github.world.uninstall(installation)
        await house.work()
        asked = house.asked_by(ACCOUNT)
        await try_everything(house, reader, installation.id, house.github.repository(house.repository).id)
        assert (house.asked_by(ACCOUNT), await house.known_tags(reader)) == (asked, [])
        assert (house.pulls(), len(house.titles(theirs(house))), await house.dead()) == ([], 1, [])


class TestSuspended:
    async def test_no_request_is_made_with_its_secret(self, house: PrivateHouse) -> None:
        reader, installation = await reader_of(house), house.installation
        await house.github.world.suspend(installation)
        await house.work()
        asked = house.asked_by(ACCOUNT)
        await try_everything(house, reader, installation.id, house.github.repository(house.repository).id)
        assert (house.asked_by(ACCOUNT), house.pulls()) == (asked, [])
        assert (len(house.titles(theirs(house))), await house.dead()) == (1, [])

    async def test_its_tokens_are_not_used_either(self, house: PrivateHouse) -> None:
        await house.github.world.suspend(house.installation)
        await house.github.world.suspend(house.github.installation(f"{house.owner}-other"))
        await house.work()
        before = len(house.registry.requests())
        await house.publish("1.5.0")
        await house.later(ROUND)
        assert house.registry.requests()[before:] == []

    async def test_afterwards_what_was_missed_is_bumped(self, house: PrivateHouse) -> None:
        await house.github.world.suspend(house.installation)
        await house.work()
        await house.publish("1.5.0")
        await house.later(ROUND)
        assert house.titles() == []
        await house.github.world.unsuspend(house.installation)
        await house.work()
        await house.later(ROUND)
        assert house.titles() == [f"Bump {house.image()} from 1.4.2 to 1.5.0"]
