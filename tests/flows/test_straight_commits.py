"""`delivery: commit`: changes go straight to a branch, which is made where it is missing, without a pull request."""

import pytest

from bot.sandbox.git import NewEntry
from bot.selection import RestrictionKind
from tests.flows.house import House

STRAIGHT = "    pull-request: {delivery: commit, branch: %s}\n"


async def straight(house: House, branch: str) -> None:
    await house.push("1.4.2")
    files = {".niro/policies.yml": house.policy(more=STRAIGHT % branch), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.work()


async def at(house: House, branch: str) -> bytes:
    head = await house.github.repository(house.repository).git.branch(branch)
    assert head is not None
    return await house.github.read(house.repository, "deploy/api.yaml", head)


@pytest.mark.parametrize("branch", ["main", "deploy"])
async def test_the_branch_gets_the_commit_and_nobody_a_pull_request(empty_house: House, branch: str) -> None:
    await straight(empty_house, branch)
    counted = empty_house.counted()
    await empty_house.publish("1.5.0")
    assert await at(empty_house, branch) == empty_house.deployment("1.5.0")
    assert empty_house.pulls() == []
    assert "createPullRequest" not in counted.names


async def test_the_commit_is_the_apps_and_verified(empty_house: House) -> None:
    await straight(empty_house, "main")
    await empty_house.publish("1.5.0")
    repository = empty_house.github.repository(empty_house.repository)
    head = await repository.git.branch("main")
    assert head is not None
    commit = await repository.git.commit(head)
    assert commit is not None
    assert commit.author.name == "niro[bot]"
    assert head in repository.verified
    assert commit.headline == f"Bump {empty_house.image()} from 1.4.2 to 1.5.0"


async def test_another_author_stands_in_the_message(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    more = "    pull-request: {delivery: commit, branch: main, author: 'Jane Doe <jane@example.com>'}\n"
    files = {".niro/policies.yml": house.policy(more=more), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.work()
    await house.publish("1.5.0")
    commit = await house.github.repository(house.repository).git.commit(await house.head())
    assert commit is not None
    assert "Co-authored-by: Jane Doe <jane@example.com>" in commit.message


async def test_what_others_committed_to_the_branch_stays(empty_house: House) -> None:
    house = empty_house
    await straight(house, "deploy")
    await house.publish("1.5.0")
    theirs = house.deployment("1.5.0").replace(b"8080", b"9090")
    await house.github.push_as_person(house.repository, "deploy", {"deploy/api.yaml": theirs})
    await house.publish("1.6.0")
    assert await at(house, "deploy") == house.deployment("1.6.0").replace(b"8080", b"9090")
    assert await at(house, "main") == house.deployment()


async def test_nothing_new_is_no_commit(empty_house: House) -> None:
    await straight(empty_house, "main")
    await empty_house.publish("1.5.0")
    before = await empty_house.github.repository(empty_house.repository).git.branch("main")
    await empty_house.ask(empty_house.bump_work())
    assert await empty_house.github.repository(empty_house.repository).git.branch("main") == before


async def test_a_revert_holds_it_as_it_does_a_pull_request(empty_house: House) -> None:
    house = empty_house
    await straight(house, "main")
    await house.publish("1.5.0")
    head = await house.github.repository(house.repository).git.branch("main")
    assert head is not None
    await house.github.revert(house.repository, head)
    await house.work()
    assert await at(house, "main") == house.deployment()
    found = await house.parts.store.restrictions.of(house.github.repository(house.repository).id, house.clock())
    assert [(each.kind, each.beyond) for each in found] == [(RestrictionKind.HOLD, "1.5.0")]


async def test_an_open_pull_request_makes_place_for_commits(empty_house: House) -> None:
    house = empty_house
    await house.push("1.4.2")
    files = {".niro/policies.yml": house.policy(), "deploy/api.yaml": house.deployment()}
    await house.github.add_repository(house.repository, files)
    await house.work()
    await house.publish("1.5.0")
    await house.commit({".niro/policies.yml": house.policy(more=STRAIGHT % "main")})
    assert house.open_pulls() == []
    assert await at(house, "main") == house.deployment("1.5.0")


async def test_an_executable_file_stays_executable(empty_house: House) -> None:
    house = empty_house
    await straight(house, "main")
    repository = house.github.repository(house.repository)
    blob = await repository.git.write_blob(house.deployment())
    await house.commit_entries(NewEntry("deploy/api.yaml", "100755", blob))
    await house.work()
    await house.publish("1.5.0")
    head = await repository.git.branch("main")
    assert head is not None
    assert await at(house, "main") == house.deployment("1.5.0")
    commit = await repository.git.commit(head)
    assert commit is not None
    entries = await repository.git.entries(commit.tree, recursive=True)
    assert {each.path: each.mode for each in entries or ()}["deploy/api.yaml"] == "100755"
