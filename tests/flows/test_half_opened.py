"""An opening that goes wrong half-way ends in exactly one pull request, whole."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.sandbox.faults import Faults, RequestRecord
from tests.flows.house import House

BACK_OFF = timedelta(seconds=10)

FAULTS: dict[str, Callable[[Faults], object]] = {
    "dropped before": lambda faults: faults.drop("graphql:OpenPullRequest"),
    "dropped after": lambda faults: faults.drop("graphql:OpenPullRequest", after_handling=True),
    "502 before": lambda faults: faults.bad_gateway("graphql:OpenPullRequest"),
    "502 after": lambda faults: faults.bad_gateway("graphql:OpenPullRequest", after_handling=True),
    "500 after": lambda faults: faults.answer("graphql:OpenPullRequest", status=500, after_handling=True),
    "no JSON": lambda faults: faults.answer("graphql:OpenPullRequest", status=200, body=b"<html>"),
    "401 once": lambda faults: faults.answer("graphql:OpenPullRequest", status=401),
    "labels dropped after": lambda faults: faults.drop("issues/add-labels", after_handling=True),
    "labels 502": lambda faults: faults.bad_gateway("issues/add-labels"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_at_the_opening_ends_in_one_pull_request_with_its_labels(house: House, fault: str) -> None:
    labelled = house.policy(more="    pull-request: {labels: [images], auto-merge: true}\n")
    await house.commit({".niro/policies.yml": labelled})
    FAULTS[fault](house.github.faults)
    await house.publish("1.5.0")
    await house.later(BACK_OFF)
    await house.later(BACK_OFF)
    (pull,) = house.pulls()
    assert (pull.state, await house.on_branch(), [label.name for label in pull.labels]) == ("open", 1, ["images"])
    bump = await house.bump()
    assert bump is not None
    assert (bump.state.value, bump.pull_request, bump.head) == ("open", pull.number, pull.head_oid)


@pytest.mark.parametrize("fault", ["dropped after", "502 after"])
async def test_it_is_merged_all_the_same(house: House, fault: str) -> None:
    FAULTS[fault](house.github.faults)
    await house.publish("1.5.0")
    await house.later(BACK_OFF)
    (pull,) = house.pulls()
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


async def test_a_label_that_github_refuses_leaves_the_pull_request_open_remembered_and_merged(
    house: House, logs
) -> None:
    labelled = house.policy(more="    pull-request: {labels: [images], auto-merge: true}\n")
    await house.commit({".niro/policies.yml": labelled})
    house.github.faults.answer("issues/add-labels", status=422, body=b'{"message": "Validation Failed"}')
    await house.publish("1.5.0")
    (pull,) = house.pulls()
    bump = await house.bump()
    assert bump is not None
    assert (pull.state, pull.labels, await house.dead()) == ("open", [], [])
    assert (bump.state.value, bump.pull_request, bump.head) == ("open", pull.number, pull.head_oid)
    assert [event["number"] for event in logs if event["event"] == "labels.refused"] == [pull.number]
    await house.github.complete_checks(house.repository, pull.head_oid, ("ci",))
    await house.work()
    assert pull.merged


UPDATES: dict[str, Callable[[Faults], object]] = {
    "dropped before": lambda faults: faults.drop("graphql:AddCommit"),
    "dropped after": lambda faults: faults.drop("graphql:AddCommit", after_handling=True),
    "502 after": lambda faults: faults.bad_gateway("graphql:AddCommit", after_handling=True),
}


@pytest.mark.parametrize("fault", UPDATES)
async def test_a_fault_at_an_update_ends_in_the_same_pull_request_at_the_newer_tag(house: House, fault: str) -> None:
    await house.publish("1.5.0")
    UPDATES[fault](house.github.faults)
    await house.publish("1.6.0")
    await house.later(BACK_OFF)
    (pull,) = house.pulls()
    assert (pull.state, pull.title[-5:], pull.emptied) == ("open", "1.6.0", False)
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == house.deployment("1.6.0")
    bump = await house.bump()
    assert bump is not None
    assert (bump.state.value, bump.head) == ("open", pull.head_oid)


REBUILDS: dict[str, Callable[[Faults], object]] = {
    "tree dropped before": lambda faults: faults.drop("git/create-tree"),
    "tree dropped after": lambda faults: faults.drop("git/create-tree", after_handling=True),
    "commit dropped before": lambda faults: faults.drop("git/create-commit"),
    "commit dropped after": lambda faults: faults.drop("git/create-commit", after_handling=True),
    "move dropped before": lambda faults: faults.drop("graphql:MoveBranch"),
    "move dropped after": lambda faults: faults.drop("graphql:MoveBranch", after_handling=True),
    "move 502 after": lambda faults: faults.bad_gateway("graphql:MoveBranch", after_handling=True),
}


@pytest.mark.parametrize("fault", REBUILDS)
async def test_a_fault_at_a_rebuild_ends_on_the_new_base_all_the_same(house: House, fault: str) -> None:
    await house.publish("1.5.0")
    REBUILDS[fault](house.github.faults)
    changed = house.deployment().replace(b"8080", b"9090")
    await house.commit({"deploy/api.yaml": changed})
    await house.later(BACK_OFF)
    (pull,) = house.pulls()
    assert (pull.state, pull.emptied, await house.on_branch()) == ("open", False, 1)
    expected = changed.replace(b":1.4.2", b":1.5.0")
    assert await house.github.read(house.repository, "deploy/api.yaml", pull.head_oid) == expected
    branches = await house.github.repository(house.repository).git.branches()
    assert sorted(branches) == ["main", "niro/api"]


CLOSINGS: dict[str, Callable[[Faults], object]] = {
    "closing dropped after": lambda faults: faults.drop("pulls/update", after_handling=True),
    "branch dropped before": lambda faults: faults.drop("graphql:UpdateRefs"),
    "branch dropped after": lambda faults: faults.drop("graphql:UpdateRefs", after_handling=True),
}


@pytest.mark.parametrize("fault", CLOSINGS)
async def test_a_fault_at_a_closing_is_not_taken_for_a_persons_no(house: House, fault: str) -> None:
    await house.publish("1.5.0")
    CLOSINGS[fault](house.github.faults)
    await house.commit({"deploy/api.yaml": house.deployment("1.5.0")})
    await house.later(BACK_OFF)
    assert [pull.state for pull in house.pulls()] == ["closed"]
    await house.commit({"deploy/api.yaml": house.deployment("1.4.2")})
    assert [pull.state for pull in house.pulls()] == ["closed", "open"]


async def test_a_refused_mutation_leaves_nothing_behind_and_the_next_try_makes_one(house: House) -> None:
    await house.github.commit(house.repository, "niro", {"a.md": b"git cannot have niro and niro/api\n"})
    await house.publish("1.5.0")
    assert (house.pulls(), await house.on_branch()) == ([], None)
    await house.github.force_push(house.repository, "niro", "0" * 40)
    await house.later(BACK_OFF)
    (pull,) = house.pulls()
    assert (pull.state, await house.on_branch()) == ("open", 1)


async def test_a_base_that_moves_while_it_is_opened_ends_in_one_pull_request_on_the_new_base(house: House) -> None:
    async def move_base(record: RequestRecord) -> None:
        """Let the base move between the look and the opening, so that the branch starts behind it."""
        if record.graphql_operation == "OpenPullRequest" and not seen:
            seen.append(record)
            await house.github.commit(house.repository, "main", {"deploy/api.yaml": moved})

    seen: list[RequestRecord] = []
    moved = house.deployment().replace(b"8080", b"9090")
    house.github.faults.before.append(move_base)
    await house.publish("1.5.0")
    await house.later(BACK_OFF)
    open_pulls = house.open_pulls()
    assert len(open_pulls) == 1
    expected = moved.replace(b":1.4.2", b":1.5.0")
    assert await house.github.read(house.repository, "deploy/api.yaml", open_pulls[0].head_oid) == expected
