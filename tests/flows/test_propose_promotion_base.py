"""A proposal to a branch that is not the default one any more says what to do, and its end is nobody's no."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotions import in_force
from bot.jobs.work import SynchroniseRepository
from bot.sandbox.model import PullRequest
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, PromotingHouse, promoting_house
from tests.flows.proposing import BRANCH, PROPOSED, entries, look, opened, proposed

POLICY = ".niro/policies.yml"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def make_trunk_the_default_branch(house: PromotingHouse) -> None:
    repository = house.github.repository(house.repository)
    await house.github.force_push(house.repository, "trunk", await house.head())
    repository.default_branch = "trunk"
    await house.ask(SynchroniseRepository(house.installation.id, repository.id))
    await look(house)


async def proposed_to_main(house: PromotingHouse) -> PullRequest:
    """Propose an image to main, and make another branch the default one then."""
    pull = await proposed(house)
    await make_trunk_the_default_branch(house)
    return pull


async def test_a_proposal_to_the_former_default_branch_says_how_it_goes_on(house: PromotingHouse) -> None:
    pull = await proposed_to_main(house)
    reason = (await house.run()).reason
    assert f"#{pull.number} goes to main, and the default branch is trunk: close it" in reason


async def close(house: PromotingHouse, pull: PullRequest) -> None:
    await house.github.close_pull(house.repository, pull.number)


async def delete_its_branch(house: PromotingHouse, pull: PullRequest) -> None:
    await house.github.delete_branch(house.repository, pull.head_branch)


@pytest.mark.parametrize("end", [close, delete_its_branch])
async def test_who_follows_that_gets_one_to_the_default_branch(house: PromotingHouse, end) -> None:
    pull = await proposed_to_main(house)
    await end(house, pull)
    await house.work()
    await look(house)
    again = opened(house)
    assert (again.base_branch, again.head_branch, pull.state) == ("trunk", BRANCH, "closed")
    assert await entries(house, again.head_oid) == ["1.4-stable"]
    assert (await house.run()).state is RunState.PROPOSED


async def test_a_no_before_the_default_branch_changed_is_still_one(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await close(house, pull)
    await house.work()
    await make_trunk_the_default_branch(house)
    otherwise = {POLICY: house.promotions(f"{PROPOSED}    referrers: false\n")}
    await house.commit(otherwise, branch="trunk")
    run = await house.run()
    found = await in_force(house.parts, run.repository, NAME)
    assert found is not None
    await begin_runs(house.parts, found, [(run.tag, run.digest)])
    await house.later(timedelta(minutes=5))
    assert [run.state for run in await house.runs()] == [RunState.DENIED, RunState.DENIED]
    assert house.open_pulls() == []
