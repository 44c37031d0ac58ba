"""Commands whose answer was lost on its way: only the answer is given again, and it says what was done."""

from datetime import timedelta

import pytest

from bot.jobs.work import ObeyComment
from bot.sandbox.faults import RequestRecord
from bot.selection import RestrictionKind
from tests.flows.commanding import A_MOMENT, OBEYED, REFUSED, answers, brief, proposed, reactions, say
from tests.flows.house import House

REACT, SAY = "reactions/create-for-issue-comment", "issues/create-comment"
BY_HAND = {"notes.md": b"by hand\n"}


def lose_the_last_reaction(house: House) -> None:
    """Let the eyes arrive, and then no reaction for some minutes."""
    seen: list[RequestRecord] = []

    async def lose(record: RequestRecord) -> None:
        if record.operation == REACT:
            seen.append(record)
            if len(seen) == 2:
                house.github.faults.drop(REACT, times=5)

    house.github.faults.before.append(lose)


async def patiently(house: House) -> None:
    for _ in range(6):
        await house.later(timedelta(minutes=2))


@pytest.mark.parametrize(
    "body",
    [
        "/niro recreate",
        "/niro recreate\n\n/niro explain",
        "/niro rollback",
        "/niro ignore",
        "/niro merge\n/niro hold\n/niro resume",
    ],
)
async def test_what_was_done_is_not_called_undone(house: House, body: str) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, "niro/api", BY_HAND)
    await house.work()
    await house.later(timedelta(seconds=30))
    lose_the_last_reaction(house)
    comment = await say(house, body, pull.number)
    await patiently(house)
    assert reactions(house, comment) == OBEYED
    assert not any("Nothing was done" in answer for answer in answers(house, pull.number))


async def test_what_people_changed_since_is_not_undone_by_the_second_answer(house: House) -> None:
    pull = await proposed(house)
    lose_the_last_reaction(house)
    comment = await say(house, "/niro ignore 9.x", pull.number)
    repository = house.github.repository(house.repository).id
    await house.parts.store.restrictions.lift(repository, set(RestrictionKind))
    await patiently(house)
    assert (reactions(house, comment), await brief(house)) == (OBEYED, [])


async def test_words_that_arrived_are_not_said_again(house: House) -> None:
    pull = await proposed(house)
    house.github.faults.bad_gateway(SAY, after_handling=True)
    comment = await say(house, "/niro help")
    await patiently(house)
    assert (reactions(house, comment), len(answers(house, pull.number))) == (OBEYED, 1)


async def test_a_refusal_stays_one(house: House) -> None:
    pull = await proposed(house)
    house.github.faults.drop(SAY, times=3)
    comment = await say(house, "/niro hold gone")
    await patiently(house)
    (answer,) = answers(house, pull.number)
    assert (reactions(house, comment), "no policy" in answer) == (REFUSED, True)


async def test_a_change_of_its_time_alone_is_no_edit(house: House) -> None:
    pull = await proposed(house)
    comment = await house.github.comment(house.repository, pull.number, "/niro hold")
    comment.updated_at = comment.created_at + A_MOMENT
    await house.work()
    assert (reactions(house, comment), len(await brief(house))) == (OBEYED, 1)


async def test_an_edit_while_the_first_attempt_was_cut_short_commands_nothing(house: House) -> None:
    pull = await proposed(house)
    house.github.faults.drop("repos/get-collaborator-permission-level", times=3)
    comment = await say(house, "/niro hold")
    await house.github.edit_comment(house.repository, comment, "/niro pin 1.4.2")
    await patiently(house)
    assert await brief(house) == []
    assert any(isinstance(work, ObeyComment) and work.number == pull.number for work in house.performed)
