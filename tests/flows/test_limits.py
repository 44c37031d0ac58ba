"""How many pull requests a repository is asked to look at: what is over the limit waits, and the check lists it."""

from datetime import timedelta

import pytest

from bot.store import NoteKind
from tests.flows.house import House

NAMES = ("api", "web", "job", "mail", "cron")


async def shop(house: House, limits: str, names: tuple[str, ...] = NAMES) -> None:
    """Let a repository use several images, each with a policy of its own."""
    for name in names:
        await house.push("1.0.0", name)
    lines = "".join(f"  - image: {house.image(name)}\n" for name in names)
    policies = f"version: 1\nlimits: {{{limits}}}\nimages:\n{lines}".encode()
    files = {f"{name}.yaml": house.deployment("1.0.0", name) for name in names}
    await house.github.add_repository(house.repository, {".niro/policies.yml": policies, **files})
    await house.work()


async def waiting(house: House) -> list[str]:
    found = await house.parts.store.notes.of(house.github.repository(house.repository).id)
    return [each.group for each in found if each.kind is NoteKind.WAITING]


@pytest.fixture
async def two_of_five(empty_house: House) -> House:
    """Five images have a newer tag, and two pull requests may be open."""
    await shop(empty_house, "open-pull-requests: 2, new-per-hour: 100")
    for name in NAMES:
        await empty_house.publish("1.1.0", name)
    return empty_house


async def test_no_more_are_opened_than_may_be_open(two_of_five: House) -> None:
    assert len(two_of_five.open_pulls()) == 2
    assert len(await waiting(two_of_five)) == 3


async def test_the_check_lists_what_waits(two_of_five: House) -> None:
    run = list(two_of_five.github.repository(two_of_five.repository).check_runs.values())[-1]
    for group in await waiting(two_of_five):
        assert f"{group}: It waits until another pull request of the bot is merged or closed" in run.output["summary"]


async def test_one_that_is_done_with_lets_the_next_one_in(two_of_five: House) -> None:
    first = two_of_five.open_pulls()[0]
    await two_of_five.github.close_pull(two_of_five.repository, first.number)
    await two_of_five.work()
    assert len(two_of_five.open_pulls()) == 2
    assert len(two_of_five.pulls()) == 3
    assert len(await waiting(two_of_five)) == 2


async def test_what_stands_is_updated_although_the_limit_is_reached(two_of_five: House) -> None:
    for name in NAMES:
        await two_of_five.publish("1.2.0", name)
    assert {pull.title[-5:] for pull in two_of_five.open_pulls()} == {"1.2.0"}


async def test_an_hour_lets_in_only_so_many(empty_house: House) -> None:
    await shop(empty_house, "open-pull-requests: 100, new-per-hour: 2")
    for name in NAMES:
        await empty_house.publish("1.1.0", name)
    assert len(empty_house.open_pulls()) == 2
    await empty_house.later(timedelta(minutes=61))
    assert len(empty_house.open_pulls()) == 4
    await empty_house.later(timedelta(minutes=61))
    assert len(empty_house.open_pulls()) == 5
    assert await waiting(empty_house) == []


async def test_what_github_refused_to_open_takes_nobodys_place(empty_house: House) -> None:
    house = empty_house
    await shop(house, "open-pull-requests: 1, new-per-hour: 100", NAMES[:2])
    fault = house.github.faults.answer(
        "graphql:OpenPullRequest", status=403, body=b'{"message": "Not for you"}', times=9
    )
    await house.publish("1.1.0", "api")
    fault.times = 0
    await house.publish("1.1.0", "web")
    assert [pull.head_branch for pull in house.open_pulls()] == ["niro/web"]
    note = await house.parts.store.notes.get(house.github.repository(house.repository).id, "api")
    assert note is not None
    assert "Not for you" in note.sentence
