"""Branches that are gone, protected or somebody else's, policies that go, and orders that are over."""

from bot.sandbox.model import BranchProtection, MergeMethod
from bot.store import BumpState, NoteKind
from tests.flows.house import House


async def noted(house: House) -> tuple[NoteKind, str] | None:
    found = await house.parts.store.notes.get(house.github.repository(house.repository).id, "api")
    return None if found is None else (found.kind, found.sentence)


async def test_a_base_branch_that_is_not_there_is_told(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request: {base: release}\n")})
    await house.publish("1.5.0")
    assert await noted(house) == (
        NoteKind.REFUSED,
        "The base branch release does not exist, so there is nothing to go into.",
    )
    run = list(house.github.repository(house.repository).check_runs.values())[-1]
    assert "The base branch release does not exist" in run.output["summary"]


async def test_a_base_branch_that_comes_back_is_gone_into(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request: {base: release}\n")})
    await house.publish("1.5.0")
    await house.github.push_as_person(house.repository, "release", {"NOTES.md": b"Here\n"})
    await house.ask(house.bump_work())
    assert [pull.base_branch for pull in house.open_pulls()] == ["release"]
    assert await noted(house) is None


async def test_a_base_branch_that_comes_at_what_is_wanted_is_not_told_as_missing_any_more(house: House) -> None:
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request: {base: release}\n")})
    await house.publish("1.5.0")
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    await house.github.push_as_person(house.repository, "release", {"NOTES.md": b"Here\n"})
    await house.ask(house.bump_work())
    assert (await noted(house), house.open_pulls()) == (None, [])


async def test_a_branch_of_the_bots_name_that_takes_no_pushes_is_told(house: House) -> None:
    rule = {"type": "creation"}
    world = house.github.world
    world.rules.add_ruleset(house.github.repository(house.repository), "ours", [rule], include=["refs/heads/niro/*"])
    await house.publish("1.5.0")
    assert house.open_pulls() == []
    told = await noted(house)
    assert told is not None
    assert told[0] is NoteKind.REFUSED


async def test_a_fork_with_a_branch_of_the_same_name_changes_nothing(house: House) -> None:
    fork = await house.github.fork(house.repository, "stranger")
    await house.github.push_as_person(fork.full_name, "niro/api", {"deploy/api.yaml": b"evil\n"}, "stranger")
    await house.github.open_pull(house.repository, "stranger:niro/api", "stranger")
    await house.publish("1.5.0")
    (ours,) = [pull for pull in house.open_pulls() if pull.author.login != "stranger"]
    assert await house.github.read(house.repository, "deploy/api.yaml", ours.head_oid) == house.deployment("1.5.0")
    await house.github.complete_checks(house.repository, ours.head_oid, ("ci",))
    await house.work()
    assert [pull.merged for pull in house.pulls()] == [False, True]


async def test_a_policy_that_goes_while_its_pull_request_is_open_closes_it_with_a_word(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.commit({".niro/policies.yml": b"version: 1\nimages: []\n"})
    assert pull.state == "closed"
    (comment,) = pull.comments
    assert comment.body == "Closed, for this is not needed any more. The policy is no longer in the policy file."


async def test_an_order_to_merge_does_not_outlive_its_pull_request(house: House) -> None:
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.github.comment(house.repository, pull.number, "/niro merge")
    await house.work()
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    repository = house.github.repository(house.repository).id
    assert await house.parts.store.orders.get(repository, "api") is None


async def test_what_github_did_not_merge_is_not_told_any_more_once_people_merge(house: House) -> None:
    house.github.repository(house.repository).merge_methods = {MergeMethod.MERGE}
    await house.publish("1.5.0")
    (pull,) = house.open_pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    told = await noted(house)
    assert told is not None
    assert "Squash merges are not allowed" in told[1]
    await house.commit({".niro/policies.yml": house.policy()})
    assert await noted(house) is None
    assert "Squash merges" not in (pull.body or "")


async def test_a_deleted_base_branch_takes_its_pull_request_along_and_turns_nothing_down(
    house: House,
) -> None:
    await house.github.push_as_person(house.repository, "release", {"NOTES.md": b"Here\n"})
    await house.commit({".niro/policies.yml": house.policy(more="    pull-request: {base: release}\n")})
    await house.publish("1.5.0")
    await house.github.delete_branch(house.repository, "release")
    await house.work()
    bump = await house.bump()
    assert bump is not None
    assert bump.state is BumpState.CLOSED
    await house.github.push_as_person(house.repository, "release", {"NOTES.md": b"Back\n"})
    await house.ask(house.bump_work())
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.5.0"]


async def test_a_branch_that_was_protected_while_it_was_made_is_taken_up_once_it_is_free(house: House) -> None:
    found = house.github.repository(house.repository)
    found.protections["niro/api"] = BranchProtection(pushers=["octocat"])
    await house.publish("1.5.0")
    assert house.open_pulls() == []
    del found.protections["niro/api"]
    await house.publish("1.6.0")
    assert [pull.title[-5:] for pull in house.open_pulls()] == ["1.6.0"]
