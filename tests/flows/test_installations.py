"""Installed, given a repository, renamed, taken away: the store follows what GitHub says."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.work import Housekeeping, IndexRepository, SynchroniseInstallation, SynchroniseRepository
from bot.sandbox.registry import SandboxRegistry
from bot.store import DeliveryState
from tests.flows.house import House, built


def files(house: House) -> dict[str, bytes]:
    return {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}


async def names(house: House) -> list[str]:
    return [each.full_name for each in await house.parts.store.repositories.of_installation(house.installation.id)]


def indexed(house: House, start: int) -> int:
    return sum(isinstance(work, IndexRepository) for work in house.performed[start:])


async def test_an_installation_reads_all_its_repositories(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    await house.push("1.5.0")
    for name in ("one", "two"):
        found = await house.github.world.add_repository(f"{house.owner}/{name}")
        await house.github.commit(found.full_name, "main", files(house))
    await house.github.world.install(house.github.app, house.github.world.account(house.owner))
    await house.work()
    assert await names(house) == [f"{house.owner}/one", f"{house.owner}/two"]
    assert [len(house.pulls(f"{house.owner}/{name}")) for name in ("one", "two")] == [1, 1]


async def test_a_repository_that_is_added_is_read_and_the_others_are_not_read_again(house: House) -> None:
    done = len(house.performed)
    await house.github.add_repository(f"{house.owner}/more")
    await house.work()
    assert (await names(house), indexed(house, done)) == ([house.repository, f"{house.owner}/more"], 1)


async def test_a_repository_that_is_taken_out_is_forgotten_with_its_index(house: House) -> None:
    found = house.github.repository(house.repository)
    await house.github.world.select(house.installation, set())
    await house.work()
    assert (await names(house), await house.parts.store.index.known(found.id)) == ([], {})


async def test_a_late_event_of_an_installation_that_lost_a_repository_does_not_take_it_from_the_one_that_has_it(
    house: House,
) -> None:
    await house.publish("1.5.0")
    found = house.github.repository(house.repository)
    await house.ask(SynchroniseRepository(house.installation.id + 1, found.id))
    assert await names(house) == [house.repository]
    assert await house.bump() is not None


async def test_a_late_event_of_the_installation_that_had_it_takes_a_repository_out(house: House) -> None:
    house.github.webhooks.paused = True
    await house.github.world.select(house.installation, set())
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    found = house.github.repository(house.repository)
    await house.ask(SynchroniseRepository(house.installation.id, found.id))
    assert (await names(house), await house.bump()) == ([], None)


async def test_asking_twice_for_an_installation_reads_nothing_twice(house: House) -> None:
    done = len(house.performed)
    await house.ask(SynchroniseInstallation(house.installation.id))
    assert indexed(house, done) == 0


async def test_what_was_not_read_to_its_end_is_read_when_the_installation_is_looked_at(house: House) -> None:
    await house.parts.store.index.reopen(house.github.repository(house.repository).id)
    done = len(house.performed)
    await house.ask(SynchroniseInstallation(house.installation.id))
    assert indexed(house, done) == 1


async def test_a_push_to_a_repository_nobody_told_of_has_it_found(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    house.github.webhooks.paused = True
    await house.github.add_repository(house.repository, files(house))
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    await house.commit({"README.md": b"Hello\n"})
    await house.publish("1.5.0")
    assert len(house.pulls()) == 1


async def test_a_renamed_repository_is_known_by_its_new_name(house: House) -> None:
    await house.github.world.rename(house.github.repository(house.repository), "renamed")
    await house.work()
    assert await names(house) == [f"{house.owner}/renamed"]


async def test_another_default_branch_is_read_and_gets_the_pull_requests(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({"notes.md": b"x\n"}, branch="trunk")
    found = house.github.repository(house.repository)
    found.default_branch = "trunk"
    changes = {"default_branch": {"from": "main"}}
    await house.github.world.tell("repository", "edited", found, house.github.person, changes=changes)
    await house.work()
    assert [(pull.state, pull.base_branch) for pull in house.pulls()] == [("closed", "main"), ("open", "trunk")]


async def test_a_default_branch_that_is_renamed_takes_the_pull_request_along_and_it_is_merged(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.commit(house.repository, "trunk", {"notes.md": b"x\n"})
    found = house.github.repository(house.repository)
    found.protections["trunk"] = found.protections.pop("main")
    found.default_branch = "trunk"
    await house.github.world.pulls.update(pull, house.github.person, base="trunk")
    changes = {"default_branch": {"from": "main"}}
    await house.github.world.tell("repository", "edited", found, house.github.person, changes=changes)
    await house.work()
    assert [(each.state, each.base_branch) for each in house.pulls()] == [("open", "trunk")]
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


@pytest.fixture
async def choosy_house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[House]:
    """The operator lets only one other account install the App."""
    async with built(tmp_path, registry, allowed_accounts=frozenset({"somebody-else"})) as house:
        yield house


async def test_an_account_that_may_not_install_the_bot_gets_nothing(choosy_house: House) -> None:
    house = choosy_house
    await house.push("1.4.2")
    await house.github.add_repository(house.repository, files(house))
    await house.work()
    await house.publish("1.5.0")
    assert (house.pulls(), await house.parts.store.installations.all()) == ([], [])


async def test_an_open_pull_request_whose_green_check_was_not_heard_of_is_merged_by_housekeeping(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    house.github.webhooks.paused = True
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    await house.work()
    assert not pull.merged
    await house.ask(Housekeeping())
    assert pull.merged


async def test_housekeeping_forgets_deliveries_after_a_week(house: House) -> None:
    old = await house.github.deliver("star", {"action": "created"})
    await house.work()
    house.clock.forward(timedelta(days=6))
    await house.ask(Housekeeping())
    status = await house.parts.store.deliveries.status(old.guid)
    assert status is not None
    assert status.state is DeliveryState.HANDLED
    house.clock.forward(timedelta(days=2))
    await house.ask(Housekeeping())
    assert await house.parts.store.deliveries.status(old.guid) is None


async def test_a_store_that_was_lost_finds_its_pull_requests_again(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    head = pull.head_oid
    await house.parts.store.installations.remove(house.installation.id)
    await house.ask(SynchroniseInstallation(house.installation.id))
    bump = await house.bump()
    assert bump is not None
    assert (house.pulls(), pull.head_oid, bump.pull_request, bump.head) == ([pull], head, pull.number, head)
    await house.github.complete_checks(house.repository, head, ("ci",))
    await house.work()
    assert pull.merged
