"""What a fork's pull request writes makes no request to a registry, and never has a credential used."""

import asyncio
import copy
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.model import PullRequest
from tests.flows.private_house import CREDENTIAL, ROUND, PrivateHouse, private_house

FORK = 987_654_321
"""The number of the stranger's repository; the App is not installed there."""


class Listener:
    """A registry of the stranger's own, that only counts who comes."""

    def __init__(self) -> None:
        self.visits = 0

    async def visited(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.visits += 1
        writer.close()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[PrivateHouse]:
    """A credential is stored, and two private images are there; the repository has no policy file yet."""
    async with private_house(tmp_path) as house:
        await house.push("9.9.9", name="payroll")
        await house.github.add_repository(house.repository, {"README.md": b"A shop\n"})
        await house.work()
        await house.store_credential()
        yield house


async def pull_request_of_a_fork(house: PrivateHouse, files: dict[str, bytes]) -> PullRequest:
    """Open a pull request with these files, told as GitHub tells of one whose head is a stranger's fork."""
    house.github.webhooks.paused = True
    stranger = house.github.world.add_account("stranger")
    await house.github.commit(house.repository, "patch-1", files, author=stranger)
    pull = await house.github.world.pulls.open(
        house.github.repository(house.repository), head="patch-1", base="main", title="Fix", body="", actor=stranger
    )
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    opened = next(each for each in house.github.webhooks.deliveries if each.event == "pull_request")
    for action in ("opened", "synchronize"):
        await house.github.deliver("pull_request", as_of_a_fork({**opened.payload, "action": action}))
    await house.work()
    return pull


def as_of_a_fork(payload: dict[str, Any]) -> dict[str, Any]:
    told = copy.deepcopy(payload)
    head = told["pull_request"]["head"]
    head["label"] = "stranger:patch-1"
    head["repo"] = {**head["repo"], "id": FORK, "full_name": "stranger/shop", "fork": True}
    return told


def hostile(house: PrivateHouse, elsewhere: str = "") -> dict[str, bytes]:
    """A policy file and manifests for private images, one with the credential's name, and for the stranger's host."""
    policy = house.policy(name="payroll").decode() + f"    credential: {CREDENTIAL}\n"
    policy += f"  - image: {elsewhere}/stranger/lure\n    range: '*'\n" if elsewhere else ""
    manifest = house.deployment("1.0.0", "payroll")
    return {
        ".niro/policies.yml": policy.encode(),
        "deploy/payroll.yaml": manifest,
        "deploy/lure.yaml": manifest.replace(house.registry.host.encode(), (elsewhere or "ghcr.io").encode()),
        "Dockerfile": f"FROM {house.image('payroll')}:1.0.0\n".encode(),
    }


async def test_no_request_is_made_to_the_private_registry(house: PrivateHouse) -> None:
    before = len(house.registry.requests()), len(house.tokens.requests)
    await pull_request_of_a_fork(house, hostile(house))
    for _ in range(3):
        await house.later(ROUND)
    assert (len(house.registry.requests()), len(house.tokens.requests)) == before


async def test_none_is_made_to_a_registry_of_the_strangers(house: PrivateHouse) -> None:
    listener = Listener()
    server = await asyncio.start_server(listener.visited, "127.0.0.1", 0)
    async with server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        await pull_request_of_a_fork(house, hostile(house, host))
        await house.later(ROUND)
    assert listener.visits == 0


async def test_nothing_is_said_of_it_and_nothing_opened(house: PrivateHouse) -> None:
    pull = await pull_request_of_a_fork(house, hostile(house))
    await house.publish("10.0.0", name="payroll")
    assert (house.pulls(), house.checks(), await house.dead()) == ([pull], [], [])


async def test_beside_a_policy_file_in_force_only_that_ones_images_are_read(house: PrivateHouse) -> None:
    await house.commit({".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()})
    before = len(house.registry.requests())
    await pull_request_of_a_fork(house, hostile(house))
    await house.publish("1.5.0")
    await house.publish("10.0.0", name="payroll")
    await house.later(ROUND)
    asked = house.registry.requests()[before:]
    assert asked
    assert [request.path for request in asked if not request.path.startswith(f"/v2/{house.owner}/api/")] == []
    assert [request for request in house.tokens.requests if "payroll" in " ".join(request.scopes)] == []


async def test_merged_by_somebody_who_may_it_counts(house: PrivateHouse) -> None:
    """So the silence above is because of where the files stood."""
    await house.commit(hostile(house))
    assert house.titles() == [f"Bump {house.image('payroll')} from 1.0.0 to 9.9.9"]
