"""Where the App is installed, and what it may see there."""

from __future__ import annotations

import pytest

from bot.github import InstallationFacts, NotInstalled, RepositoryFacts
from tests.github.wishes import SANDBOXED, facts


async def test_an_installation_is_known_by_its_account(live, sandbox):
    installation = sandbox.installation("acme")
    expected = InstallationFacts(installation.id, "acme", installation.account.type, suspended=False)
    assert await live.installation(installation.id) == expected
    assert await live.installations() == [expected]


async def test_a_suspended_installation_says_so_and_opens_nothing(live, sandbox):
    installation = sandbox.installation("acme")
    await sandbox.world.suspend(installation)
    assert (await live.installation(installation.id)).suspended
    with pytest.raises(NotInstalled):
        await live.repositories(installation.id)


async def test_an_installation_that_is_gone_is_none(live, sandbox):
    installation = sandbox.installation("acme")
    await sandbox.world.uninstall(installation)
    assert await live.installation(installation.id) is None
    with pytest.raises(NotInstalled):
        await live.repositories(installation.id)


async def test_an_installation_removed_half_way_ends_the_work(live, shop, sandbox):
    await facts(shop)
    await sandbox.world.uninstall(sandbox.installation("acme"))
    with pytest.raises(NotInstalled):
        await facts(shop)


async def test_repositories_are_listed_page_by_page(live, sandbox):
    for number in range(101):
        await sandbox.add_repository(f"acme/more-{number}")
    listed = await live.repositories(sandbox.installation("acme").id)
    assert len(listed) == 102
    assert len({repository.id for repository in listed}) == 102


async def test_a_repository_is_found_by_its_id_alone(live, sandbox):
    await sandbox.add_repository("acme/other", private=True)
    other = sandbox.repository("acme/other")
    found = await live.repository_by_id(sandbox.installation("acme").id, other.id)
    assert found == RepositoryFacts(other.id, "acme/other", "main", private=True, archived=False)


@pytest.mark.parametrize("repository_id", [999_999_999])
async def test_a_repository_that_is_gone_is_none(live, sandbox, repository_id):
    assert await live.repository_by_id(sandbox.installation("acme").id, repository_id) is None


async def test_a_repository_of_an_installation_that_is_gone_is_none(live, sandbox):
    installation, repository = sandbox.installation("acme"), sandbox.repository(SANDBOXED)
    await sandbox.world.uninstall(installation)
    assert await live.repository_by_id(installation.id, repository.id) is None
