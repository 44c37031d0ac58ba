"""Wherever the bot dies on the way of a proposal, it ends as if it had not: a request is lost before or after it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.bumps.trailers import trailer
from bot.flows.promotion_branch import mark_of
from bot.github import CommitText, CommitToBranch
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, PromotingHouse, promoting_house
from tests.flows.proposing import BRANCH, MAP, PROPOSED, entries, look, opened, proposed

ARM = ("linux/arm64",)
OPEN, ADD = "graphql:OpenPullRequest", "graphql:AddCommit"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def patiently(house: PromotingHouse) -> None:
    for _ in range(4):
        await house.later(timedelta(minutes=5))
    await look(house)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("operation", ["graphql:BumpFacts", OPEN])
async def test_an_opening_that_was_cut_short_ends_in_one_pull_request(
    house: PromotingHouse, operation: str, after: bool
) -> None:
    await house.begin(PROPOSED)
    fault = house.github.faults.bad_gateway(operation, times=2, after_handling=after)
    await house.built_image("1.4-stable")
    await patiently(house)
    assert fault.times < 2
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]
    assert len(house.pulls()) == 1
    assert await house.on_branch(BRANCH) == 1


async def test_what_was_opened_and_closed_before_it_was_noted_is_a_no(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    house.github.faults.bad_gateway(OPEN, after_handling=True)
    await house.built_image("1.4-stable")
    await house.github.close_pull(house.repository, opened(house).number)
    await patiently(house)
    assert (await house.run()).state is RunState.DENIED
    assert house.open_pulls() == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("operation", ["graphql:Files", ADD])
async def test_an_update_that_was_cut_short_ends_in_the_same_pull_request(
    house: PromotingHouse, operation: str, after: bool
) -> None:
    pull = await proposed(house)
    fault = house.github.faults.bad_gateway(operation, times=2, after_handling=after)
    await house.built_image("1.5-stable", platforms=ARM)
    await patiently(house)
    assert fault.times < 2
    assert opened(house).number == pull.number
    assert await entries(house, pull.head_oid) == ["1.4-stable", "1.5-stable"]
    assert await house.on_branch(BRANCH) == 2


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("operation", ["git/create-tree", "git/create-commit", "graphql:MoveBranch"])
async def test_a_branch_that_was_to_be_made_anew_is_in_the_end(
    house: PromotingHouse, operation: str, after: bool
) -> None:
    pull = await proposed(house)
    fault = house.github.faults.bad_gateway(operation, times=2, after_handling=after)
    await house.commit({MAP: b"sha256:" + b"0" * 64 + b": ['0.1']\n"})
    await patiently(house)
    assert fault.times < 2
    assert await entries(house, pull.head_oid) == ["0.1", "1.4-stable"]
    assert await house.on_branch(BRANCH) == 1


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("operation", ["graphql:CloseWithWords", "graphql:UpdateRefs"])
async def test_a_proposal_that_was_to_be_taken_back_is_in_the_end(
    house: PromotingHouse, operation: str, after: bool
) -> None:
    pull = await proposed(house)
    fault = house.github.faults.bad_gateway(operation, times=2, after_handling=after)
    await house.commit({".niro/policies.yml": b"version: 1\n"})
    await patiently(house)
    assert fault.times < 2
    assert pull.state == "closed"
    assert (await house.run()).state is RunState.SUPERSEDED


async def test_a_branch_of_ours_whose_pull_request_was_never_opened_gets_it(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    client = house.client()
    facts = await client.bump_facts(None, BRANCH, [])
    await client.commit(
        CommitToBranch(
            node=facts.repository_node,
            branch=BRANCH,
            head=None,
            base_commit=facts.base.commit,
            tree=facts.base.tree,
            files={MAP: b"sha256:" + b"0" * 64 + b": ['0.1']\n"},
            modes={},
            message=CommitText("Promote website 0.1", trailer(mark_of(NAME), "0" * 16)),
        )
    )
    await house.built_image("1.4-stable")
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]
    assert await house.on_branch(BRANCH) == 1
