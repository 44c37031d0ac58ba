"""Commands on earlier pull requests of the bot's and on people's: what counts there, and what is said there."""

import pytest

from tests.flows.commanding import (
    A_MOMENT,
    OBEYED,
    REFUSED,
    answers,
    brief,
    laid,
    proposed,
    reactions,
    say,
    somebodys,
)
from tests.flows.house import House


async def earlier(house: House) -> int:
    """Let the bot go on to another pull request after one that was closed; return the number of that one."""
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.publish("1.6.0")
    await house.later(A_MOMENT)
    return pull.number


async def order(house: House):
    return await house.parts.store.orders.get(house.github.repository(house.repository).id, "api")


async def test_an_earlier_pull_request_takes_commands_about_its_group(house: House) -> None:
    number = await earlier(house)
    assert reactions(house, await say(house, "/niro unignore", number)) == OBEYED
    assert await brief(house) == []
    assert reactions(house, await say(house, "/niro hold", number)) == OBEYED
    assert await brief(house) == [("api", "hold", None, None, None)]


@pytest.mark.parametrize("line", ["/niro merge", "/niro recreate", "/niro merge api"])
async def test_an_earlier_pull_request_names_the_one_that_took_its_place(house: House, line: str) -> None:
    number = await earlier(house)
    (now,) = house.open_pulls()
    comment = await say(house, line, number)
    (answer,) = answers(house, number)
    assert (reactions(house, comment), await order(house)) == (REFUSED, None)
    assert f"Pull request {now.number} took the place of this one: say it there." in answer


@pytest.mark.parametrize("line", ["/niro ignore", "/niro rollback"])
async def test_what_is_proposed_now_is_not_meant_on_an_earlier_pull_request(house: House, line: str) -> None:
    number = await earlier(house)
    before = await brief(house)
    assert reactions(house, await say(house, line, number)) == REFUSED
    assert (await brief(house), len(house.open_pulls())) == (before, 1)


async def test_a_pull_request_of_people_takes_commands_that_name_their_policy(house: House) -> None:
    pull = await somebodys(house)
    comment = await say(house, "/niro hold", pull.number)
    assert (reactions(house, comment), await laid(house)) == (REFUSED, [])
    assert "There are: api." in answers(house, pull.number)[0]
    comment = await say(house, "/niro hold api", pull.number)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [("api", "hold", None, None, None)])


@pytest.mark.parametrize("line", ["/niro help", "/niro scan", "/niro refresh", "/niro explain", "/niro plan"])
async def test_what_needs_no_policy_can_be_said_on_a_pull_request_of_people(house: House, line: str) -> None:
    pull = await somebodys(house)
    assert reactions(house, await say(house, line, pull.number)) == OBEYED


async def test_a_merge_from_elsewhere_is_about_the_bots_own_pull_request(house: House) -> None:
    theirs = await somebodys(house)
    await house.publish("1.5.0")
    await house.later(A_MOMENT)
    ours = next(pull for pull in house.open_pulls() if pull.number != theirs.number)
    comment = await say(house, "/niro merge api", theirs.number)
    ordered = await order(house)
    assert reactions(house, comment) == OBEYED
    assert ordered is not None
    assert ordered.head == ours.head_oid


@pytest.mark.parametrize("line", ["/niro merge api", "/niro recreate api"])
async def test_a_push_after_the_comment_refuses_what_writes_from_elsewhere(house: House, line: str) -> None:
    theirs = await somebodys(house)
    await house.publish("1.5.0")
    await house.later(A_MOMENT)
    comment = await house.github.comment(house.repository, theirs.number, line)
    house.clock.forward(A_MOMENT)
    await house.github.push_as_person(house.repository, "niro/api", {"notes.md": b"by hand\n"})
    await house.work()
    assert (reactions(house, comment), await order(house)) == (REFUSED, None)
    assert "was pushed to after this was written" in answers(house, theirs.number)[0]


async def test_strangers_are_not_answered_with_words_there(house: House) -> None:
    pull = await somebodys(house)
    house.github.give_role("mallory", "read", house.repository)
    comment = await say(house, "/niro hold api", pull.number, "mallory")
    assert (reactions(house, comment), answers(house, pull.number), await laid(house)) == (REFUSED, [], [])


async def test_without_a_policy_file_the_pull_requests_of_people_are_none_of_the_bots(house: House) -> None:
    await house.github.commit(house.repository, "main", {}, removed=[".niro/policies.yml"])
    await house.work()
    pull = await somebodys(house)
    counted = house.counted()
    comment = await say(house, "/niro help", pull.number)
    assert (counted.names, reactions(house, comment)) == ([], [])


async def test_comments_of_people_without_commands_cost_nothing(house: House) -> None:
    pull = await somebodys(house)
    counted = house.counted()
    await say(house, "Looks good, `/niro` is not for us.", pull.number)
    assert counted.names == []


async def test_a_refusal_is_short(house: House) -> None:
    pull = await somebodys(house)
    await say(house, "/niro merge", pull.number)
    (answer,) = answers(house, pull.number)
    heading, empty, line = answer.splitlines()
    assert (heading, empty) == ("Nothing was done:", "")
    meant = r"/niro merge \[\<policy\>\] \[\<commit\>\]"
    assert line == f"- `/niro merge`: Say which policy is meant: {meant}. There are: api."
