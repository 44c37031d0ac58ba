"""Closing a pull request means "not this version"; what is better comes as before, what is older does not."""

import pytest

from bot.selection import RestrictionKind
from bot.store import RestrictionRecord
from tests.flows.commanding import brief, proposed, say
from tests.flows.house import House


async def laid(house: House) -> list[tuple[RestrictionKind, str | None, str]]:
    found = await house.parts.store.restrictions.of(house.github.repository(house.repository).id, house.clock())
    return [(each.kind, each.beyond, each.source) for each in found]


def pinned(house: House, tag: str) -> RestrictionRecord:
    return RestrictionRecord(
        repository=house.github.repository(house.repository).id,
        policy="api",
        kind=RestrictionKind.PIN,
        tag=tag,
        digest=None,
        range=None,
        beyond=None,
        until=None,
        reason="",
        source="comment:1",
        by="octocat",
        at=house.clock(),
    )


@pytest.fixture
async def closed(house: House) -> House:
    """A pull request to 1.5.0 that a person closed; 1.4.9 is there too."""
    await house.push("1.4.9")
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    return house


async def test_what_was_turned_down_is_remembered_with_where_it_was_said(closed: House) -> None:
    (pull,) = closed.pulls()
    assert await laid(closed) == [(RestrictionKind.IGNORE, "1.5.0", f"pull-request:{pull.number}")]


async def test_it_is_not_proposed_again_and_nothing_older_either(closed: House) -> None:
    await closed.ask(closed.bump_work())
    await closed.publish("1.4.10")
    assert closed.open_pulls() == []


async def test_something_better_is_proposed(closed: House) -> None:
    await closed.publish("1.5.1")
    assert [pull.title[-5:] for pull in closed.open_pulls()] == ["1.5.1"]


async def test_a_person_who_opens_it_again_takes_that_back(closed: House) -> None:
    (pull,) = closed.pulls()
    await closed.github.reopen_pull(closed.repository, pull.number)
    await closed.work()
    assert await laid(closed) == []
    await closed.publish("1.6.0")
    assert [each.number for each in closed.open_pulls()] == [pull.number]
    assert pull.title.endswith("1.6.0")


async def test_deleting_its_branch_turns_it_down_too(house: House) -> None:
    await house.publish("1.5.0")
    await house.github.delete_branch(house.repository, "niro/api")
    await house.work()
    await house.ask(house.bump_work())
    assert house.open_pulls() == []
    assert [each[:2] for each in await laid(house)] == [(RestrictionKind.IGNORE, "1.5.0")]


async def test_a_pin_to_what_was_closed_is_lifted_for_it_would_bring_the_same_again(house: House) -> None:
    await house.push("1.4.9")
    pull = await proposed(house)
    await say(house, "/niro pin 1.5.0")
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    assert await brief(house) == [("api", "ignore", None, None, "1.5.0")]
    await house.ask(house.bump_work())
    assert house.open_pulls() == []


async def test_a_pin_to_something_else_outlives_a_closing(house: House) -> None:
    await house.push("1.4.9")
    pull = await proposed(house)
    house.github.webhooks.paused = True
    await house.github.close_pull(house.repository, pull.number)
    await house.parts.store.restrictions.lay(pinned(house, "1.4.9"))
    await house.ask(house.bump_work())
    assert ("api", "pin", "1.4.9", None, None) in await brief(house)


async def test_of_a_group_the_others_go_on(empty_house: House) -> None:
    house = empty_house
    for name in ("api", "web"):
        await house.push("1.0.0", name)
    lines = "".join(f"  - {{image: {house.image(name)}, group: shop}}\n" for name in ("api", "web"))
    files = {
        ".niro/policies.yml": f"version: 1\nimages:\n{lines}groups:\n  shop: {{branch: niro/shop}}\n".encode(),
        "api.yaml": house.deployment("1.0.0", "api"),
        "web.yaml": house.deployment("1.0.0", "web"),
    }
    await house.github.add_repository(house.repository, files)
    await house.work()
    await house.publish("1.1.0", "api")
    (pull,) = house.open_pulls()
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.publish("1.1.0", "web")
    (second,) = house.open_pulls()
    assert await house.github.read(house.repository, "api.yaml", second.head_oid) == house.deployment("1.0.0", "api")
    assert await house.github.read(house.repository, "web.yaml", second.head_oid) == house.deployment("1.1.0", "web")


async def test_what_the_bot_closes_itself_is_not_turned_down(house: House) -> None:
    await house.publish("1.5.0")
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    assert house.open_pulls() == []
    assert await laid(house) == []
    (pull,) = house.pulls()
    (comment,) = pull.comments
    assert comment.body.startswith("Closed, for this is not needed any more. ")
