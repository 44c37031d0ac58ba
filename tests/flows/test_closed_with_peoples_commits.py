"""A closed pull request leaves a branch: the bot makes place on it only where nobody else's work is lost with it."""

import pytest

from bot.sandbox.model import PullRequest
from bot.store import NoteKind
from tests.flows.house import House
from tests.flows.test_peoples_commits import BRANCH, noted, on_branch


@pytest.fixture
async def built_upon(house: House) -> tuple[House, PullRequest]:
    """A pull request whose newest commit is the bot's again, above one of a person."""
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await house.publish("1.6.0")
    (pull,) = house.open_pulls()
    return house, pull


async def test_work_of_people_below_the_bots_newest_commit_stays_when_it_is_closed(
    built_upon: tuple[House, PullRequest],
) -> None:
    house, pull = built_upon
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.publish("1.7.0")
    assert await on_branch(house, "NOTES.md") == b"By hand\n"
    assert house.open_pulls() == []
    told = await noted(house)
    assert told is not None
    assert told[0] is NoteKind.STOPPED
    assert "Delete the branch to let the bot go on." in told[1]


async def test_it_goes_on_once_the_branch_was_deleted(built_upon: tuple[House, PullRequest]) -> None:
    house, pull = built_upon
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.github.delete_branch(house.repository, BRANCH)
    await house.publish("1.7.0")
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.7.0"]
    assert await noted(house) is None


async def test_it_stays_too_where_the_bot_closed_it_itself(built_upon: tuple[House, PullRequest]) -> None:
    house, pull = built_upon
    await house.commit({"deploy/api.yaml": house.deployment("1.6.0")})
    assert pull.state == "closed"
    await house.publish("1.7.0")
    assert await on_branch(house, "NOTES.md") == b"By hand\n"


async def test_a_branch_of_several_commits_that_are_all_the_bots_makes_place(house: House) -> None:
    for tag in ("1.5.0", "1.6.0"):
        await house.publish(tag)
    (pull,) = house.open_pulls()
    assert await house.on_branch() == 2
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.publish("1.7.0")
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.7.0"]
    assert await house.on_branch() == 1


async def test_what_was_merged_makes_place_also_where_people_committed(built_upon: tuple[House, PullRequest]) -> None:
    house, pull = built_upon
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.github.world.merging.merge(pull, house.github.person)
    await house.work()
    await house.publish("1.7.0")
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.7.0"]
