"""An opening that came to nothing, and that nobody wishes any more, keeps nobody's place and no line."""

from dataclasses import replace
from datetime import timedelta

from bot.jobs.work import Housekeeping
from bot.policies import MergeMethod
from bot.selection import RestrictionKind
from bot.store import BumpState, NoteKind, RestrictionRecord
from tests.flows.commanding import brief
from tests.flows.house import House
from tests.flows.test_limits import shop, waiting

REFUSED = {"status": 403, "body": b'{"message": "Resource not accessible by integration"}'}


def held(house: House, policy: str = "api") -> RestrictionRecord:
    return RestrictionRecord(
        repository=house.github.repository(house.repository).id,
        policy=policy,
        kind=RestrictionKind.HOLD,
        tag=None,
        digest=None,
        range=None,
        beyond=None,
        until=None,
        reason="",
        source="comment:1",
        by="octocat",
        at=house.clock(),
    )


async def test_what_is_not_wished_any_more_after_a_lost_opening_is_not_being_opened_for_ever(house: House) -> None:
    house.github.faults.bad_gateway("graphql:OpenPullRequest")
    await house.publish("1.5.0")
    await house.parts.store.restrictions.lay(held(house))
    await house.later(timedelta(hours=1))
    bump = await house.bump()
    assert bump is not None
    assert (bump.state, house.pulls()) == (BumpState.CLOSED, [])
    await house.parts.store.restrictions.lift(bump.repository, frozenset({RestrictionKind.HOLD}))
    await house.ask(house.bump_work())
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.5.0"]


async def test_its_place_goes_to_the_next_one(empty_house: House) -> None:
    house = empty_house
    await shop(house, "open-pull-requests: 1, new-per-hour: 100", ("api", "web"))
    house.github.faults.bad_gateway("graphql:OpenPullRequest")
    await house.publish("1.1.0", "api")
    await house.commit({"api.yaml": house.deployment("1.1.0")})
    await house.publish("1.1.0", "web")
    await house.later(timedelta(hours=1))
    assert [pull.head_branch for pull in house.open_pulls()] == ["niro/web"]
    assert await waiting(house) == []


async def test_what_was_left_half_done_is_looked_at_with_the_hourly_work(house: House) -> None:
    await house.publish("1.5.0")
    bump = await house.bump()
    assert bump is not None
    await house.parts.store.bumps.save(replace(bump, state=BumpState.OPENING))
    await house.ask(Housekeeping())
    noted = await house.bump()
    assert noted is not None
    assert (noted.state, noted.pull_request) == (BumpState.OPEN, bump.pull_request)


async def test_an_update_whose_answer_was_lost_is_noted_as_merged_when_it_was(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy()})
    await house.publish("1.5.0")
    house.github.faults.bad_gateway("graphql:AddCommit", after_handling=True)
    await house.publish("1.6.0")
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.client().merge(pull.number, pull.head_oid, MergeMethod.SQUASH)
    await house.github.delete_branch(house.repository, "niro/api")
    await house.later(timedelta(hours=1))
    bump = await house.bump()
    assert bump is not None
    assert (bump.state, bump.pull_request) == (BumpState.MERGED, pull.number)


async def test_a_refused_update_leaves_what_is_known_of_the_open_pull_request(house: House) -> None:
    await house.publish("1.5.0")
    before = await house.bump()
    house.github.faults.answer("graphql:AddCommit", **REFUSED, times=9)
    await house.publish("1.6.0")
    assert await house.bump() == before


async def test_closing_a_pull_request_whose_update_was_refused_turns_down_what_it_showed(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    fault = house.github.faults.answer("graphql:AddCommit", **REFUSED, times=9)
    await house.publish("1.6.0")
    fault.times = 0
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    assert await brief(house) == [("api", "ignore", None, None, "1.5.0")]
    assert [each.title[-5:] for each in house.open_pulls()] == ["1.6.0"]


async def test_a_refusal_is_not_told_any_more_once_nothing_is_wished(house: House) -> None:
    house.github.faults.answer("graphql:OpenPullRequest", **REFUSED)
    await house.publish("1.5.0")
    repository = house.github.repository(house.repository).id
    assert [each.kind for each in await house.parts.store.notes.of(repository)] == [NoteKind.REFUSED]
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    assert await house.parts.store.notes.of(repository) == []


async def test_what_waits_is_not_told_any_more_once_its_policy_is_gone(empty_house: House) -> None:
    house = empty_house
    await shop(house, "open-pull-requests: 1, new-per-hour: 100", ("api", "web"))
    for name in ("api", "web"):
        await house.publish("1.1.0", name)
    assert await waiting(house) == ["web"]
    await house.commit({".niro/policies.yml": house.policy()})
    assert await waiting(house) == []
