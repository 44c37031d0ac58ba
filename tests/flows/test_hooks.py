"""What a registry's hook may make the bot do: look at its installation's images, and nothing else."""

import hashlib
import json

import pytest

from bot.flows.asking import Ask
from bot.flows.delivery import drain
from bot.flows.hooks import asks_of_hook
from bot.jobs.work import AnnounceImage
from bot.store import Delivery, Follow, Hook
from tests.flows.house import House

SOURCE = "hook:dockerhub:h1"


def pushed(name: str = "acme/api") -> dict[str, object]:
    return {"repository": {"repo_name": name}, "push_data": {"tag": "1.5.0"}, "callback_url": "http://10.0.0.1/"}


async def hook(house: House, *, installation: int | None = None, prefix: str = "") -> None:
    """Make a hook of the house's installation, unless told otherwise, whose repository follows acme/api."""
    repository = house.github.repository(house.repository)
    await house.parts.store.repositories.follow(repository.id, [Follow("api", "docker.io", "acme/api")])
    owner = house.github.installation(house.owner).id if installation is None else installation
    await house.parts.store.hooks.create(
        Hook("h1", "dockerhub", owner, "docker.io", prefix), hashlib.sha256(b"secret").digest()
    )


async def test_a_pushed_image_that_the_installation_follows_is_looked_at(house: House) -> None:
    await hook(house)
    assert await asks_of_hook(house.parts, SOURCE, pushed()) == (
        Ask(AnnounceImage("docker.io", "acme/api"), settle=True),
    )


@pytest.mark.parametrize("name", ["acme/other", "nginx"])
async def test_an_image_that_nobody_follows_is_not(house: House, name: str) -> None:
    await hook(house)
    assert await asks_of_hook(house.parts, SOURCE, pushed(name)) == ()


async def test_nor_is_one_that_only_another_installation_follows(house: House) -> None:
    await hook(house, installation=999_999)
    assert await asks_of_hook(house.parts, SOURCE, pushed()) == ()


async def test_nor_is_one_outside_the_hooks_prefix(house: House) -> None:
    await hook(house, prefix="other/")
    assert await asks_of_hook(house.parts, SOURCE, pushed()) == ()


async def test_a_hook_that_was_removed_asks_for_nothing(house: House) -> None:
    await hook(house)
    await house.parts.store.hooks.remove("h1")
    assert await asks_of_hook(house.parts, SOURCE, pushed()) == ()


async def test_a_stored_notification_becomes_a_look_at_its_image(house: House) -> None:
    await hook(house)
    body = json.dumps(pushed()).encode()
    await house.parts.store.deliveries.append(Delivery("n-1", SOURCE, "dockerhub", body, house.clock()))
    await drain(house.parts)
    assert (await house.parts.store.due.counts())["announce-image"].open == 1
