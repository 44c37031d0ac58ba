"""Whose branch it is: only one that was made for this bump is moved, replaced or deleted."""

import pytest

from bot.sandbox.faults import RequestRecord
from bot.sandbox.model import BranchProtection, RequiredCheck
from tests.flows.house import House

MORE_THAN_ARE_LISTED = 20


def left_alone(logs) -> list[str]:
    return [event["reason"] for event in logs if event["event"] == "bump.left_alone"]


async def merged(house: House) -> str:
    """Let the one open pull request be merged; return the head of its base then."""
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged
    head = await house.github.repository(house.repository).git.branch(pull.base_branch)
    assert head is not None
    return head


@pytest.mark.parametrize("moment", ["an answer was lost", "the opening collides with it"])
async def test_a_branch_that_an_opening_left_at_the_base_does_not_stop_the_next_try(house: House, moment: str) -> None:
    found, struck = house.github.repository(house.repository), []

    async def leave_branch(record: RequestRecord) -> None:
        """Let an earlier request for the branch arrive late, and nothing of the opening but that."""
        if record.graphql_operation == "OpenPullRequest" and not struck:
            struck.append(record)
            main = await found.git.branch("main")
            assert main is not None
            await house.github.world.refs.create(found, "refs/heads/niro/api", main, house.github.app.bot)

    house.github.faults.before.append(leave_branch)
    if moment == "an answer was lost":
        house.github.faults.drop("graphql:OpenPullRequest")
    await house.publish("1.5.0")
    await house.later(house.parts.settle)
    (pull,) = house.open_pulls()
    assert (pull.state, await house.on_branch(), await house.dead()) == ("open", 1, [])
    bump = await house.bump()
    assert bump is not None
    assert (bump.state.value, bump.pull_request, bump.head) == ("open", pull.number, pull.head_oid)


async def test_a_branch_that_a_person_made_at_the_base_is_left_alone(house: House, logs) -> None:
    main = await house.github.repository(house.repository).git.branch("main")
    assert main is not None
    await house.github.force_push(house.repository, "niro/api", main)
    await house.publish("1.5.0")
    assert (house.pulls(), await house.on_branch()) == ([], 0)
    (said,) = set(left_alone(logs))
    assert main[:12] in said


async def test_a_long_lived_branch_that_ends_at_the_bots_commit_is_never_taken_for_its_own(house: House, logs) -> None:
    found = house.github.repository(house.repository)
    await house.github.commit(house.repository, "develop", {"precious.md": b"work of people\n"})
    found.protections["develop"] = BranchProtection(required_checks=[RequiredCheck("ci", None)])
    into_develop = house.policy(more="    pull-request: {auto-merge: true, base: develop}\n")
    await house.commit({".niro/policies.yml": into_develop})
    await house.publish("1.5.0")
    develop = await merged(house)
    found.protections.clear()
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request: {branch: develop}\n")})
    await house.publish("1.6.0")
    assert (await found.git.branch("develop"), house.open_pulls()) == (develop, [])
    assert await house.github.read(house.repository, "precious.md", "develop") == b"work of people\n"
    assert "develop" in left_alone(logs)[0]


async def test_a_closed_pull_request_that_newer_ones_hide_is_not_opened_again(house: House) -> None:
    digest = await house.publish("1.5.0")
    (pull,) = house.pulls()
    house.github.webhooks.paused = True
    world, person = house.github.world, house.github.person
    await world.pulls.close(pull, person)
    for number in range(MORE_THAN_ARE_LISTED):
        theirs = await world.pulls.open(
            pull.repository, head="niro/api", base="main", title=f"Try {number}", body=None, actor=person
        )
        await world.pulls.close(theirs, person)
    await house.github.webhooks.idle()
    house.github.webhooks.paused = False
    bump = await house.bump()
    assert bump is not None
    assert bump.state.value == "open", "nobody told the bot"
    await house.tell("1.5.0", digest)
    assert house.open_pulls() == []
    noted = await house.bump()
    assert noted is not None
    assert (noted.state.value, noted.pull_request) == ("closed", pull.number)
    await house.publish("1.6.0")
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.6.0"]
