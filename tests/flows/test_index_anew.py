"""A newer version reads every file anew: nothing is closed before it has, and it does so without being pushed to."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.jobs.work import Housekeeping, IndexRepository, ScanImage
from bot.sandbox.registry import SandboxRegistry
from tests.flows.house import House, built


@pytest.fixture
async def upgraded_house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[House]:
    """A repository with an open pull request for 1.5.0, whose index an older version wrote."""
    async with built(tmp_path, registry) as house:
        await house.push("1.4.2")
        files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
        await house.github.add_repository(house.repository, files)
        await house.work()
        await house.publish("1.5.0")
        url = f"sqlite:///{tmp_path / 'niro.db'}"
        engine = create_engine(url)
        with engine.begin() as connection:
            # As a migration does it that has the files read anew.
            connection.execute(text("UPDATE index_files SET blob = '', occurrences = '[]'"))
            connection.execute(text("DELETE FROM index_states"))
        engine.dispose()
        yield house


def indexed(house: House, start: int) -> int:
    return sum(isinstance(work, IndexRepository) for work in house.performed[start:])


async def look(house: House, event: str) -> None:
    """Let something happen before the index is read again."""
    host, _, image = house.image().partition("/")
    await house.ask(house.bump_work() if event == "bump" else ScanImage(host, image))


@pytest.mark.parametrize("event", ["bump", "scan"])
async def test_an_open_pull_request_stays_open_until_and_after_the_files_are_read_again(
    upgraded_house: House, event: str
) -> None:
    house = upgraded_house
    (pull,) = house.pulls()
    head = pull.head_oid
    await look(house, event)
    assert (pull.state, pull.head_oid) == ("open", head)
    await house.ask(Housekeeping())
    assert (pull.state, pull.head_oid) == ("open", head)
    await house.publish("1.6.0")
    assert house.open_pulls() == [pull]
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == house.deployment("1.6.0")


async def test_a_tag_that_was_pushed_before_the_files_are_read_again_is_proposed_after_it(
    upgraded_house: House,
) -> None:
    house = upgraded_house
    await house.commit({"deploy/api.yaml": house.deployment("1.4.2")})
    await house.publish("1.6.0")
    await house.ask(Housekeeping())
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.6.0"]


async def test_the_files_are_read_again_once(upgraded_house: House) -> None:
    house = upgraded_house
    done = len(house.performed)
    await house.parts.ask(Housekeeping())
    await house.ask(Housekeeping())
    await house.ask(Housekeeping())
    assert indexed(house, done) == 1


async def test_reading_that_was_given_up_is_not_asked_for_every_hour(upgraded_house: House) -> None:
    house = upgraded_house
    work = IndexRepository(house.installation.id, house.github.repository(house.repository).id)
    await house.parts.ask(work)
    (row,) = await house.parts.store.due.lease(house.clock(), window=9, share=9, until=house.clock())
    await house.parts.store.due.park(row, reason="it never ends")
    done = len(house.performed)
    await house.ask(Housekeeping())
    assert (indexed(house, done), await house.dead()) == (0, ["it never ends"])
