"""What people do with a promotion's pull request and its branch is their word, and their work is never overwritten."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.promotion_beginning import begin_runs
from bot.flows.promotions import in_force
from bot.jobs.work import JudgeAgain
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, PromotingHouse, promoting_house
from tests.flows.proposing import BRANCH, MAP, PROPOSED, entries, look, merge, opened, proposed

ARM = ("linux/arm64",)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def test_a_closed_pull_request_is_a_no_to_all_that_it_held(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.built_image("1.5-stable", platforms=ARM)
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    assert [run.state for run in await house.runs()] == [RunState.DENIED, RunState.DENIED]
    assert house.open_pulls() == []


async def test_a_no_lasts_whatever_is_reported_of_the_image_later(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    run = await house.run()
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    assert (await house.run()).state is RunState.DENIED
    assert house.open_pulls() == []


async def test_what_is_pushed_after_a_no_is_proposed_alone(house: PromotingHouse) -> None:
    first = await proposed(house)
    await house.github.close_pull(house.repository, first.number)
    await house.work()
    await house.built_image("1.5-stable", platforms=ARM)
    assert await entries(house, opened(house).head_oid) == ["1.5-stable"]


async def test_a_pull_request_that_is_opened_again_is_no_longer_a_no(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.github.reopen_pull(house.repository, pull.number)
    await house.work()
    run = await house.run()
    assert (run.state, run.target_tag) == (RunState.PROPOSED, "1.4-stable")
    assert pull.state == "open"
    assert await entries(house, pull.head_oid) == ["1.4-stable"]


async def test_a_line_that_people_take_out_stays_out(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.built_image("1.5-stable", platforms=ARM)
    text = await house.github.read(house.repository, MAP, pull.head_oid)
    kept = b"".join(line for line in text.splitlines(keepends=True) if b"1.4-stable" not in line)
    await house.github.push_as_person(house.repository, BRANCH, {MAP: kept})
    await house.work()
    await look(house)
    assert await entries(house, pull.head_oid) == ["1.5-stable"]


async def test_what_was_merged_without_a_line_is_a_no_to_it(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, BRANCH, {MAP: b"# None of it.\n"})
    await house.work()
    await merge(house, pull)
    assert (await house.run()).state is RunState.DENIED
    assert house.open_pulls() == []


async def test_what_is_new_goes_on_top_of_what_people_committed(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await house.built_image("1.5-stable", platforms=ARM)
    assert await entries(house, pull.head_oid) == ["1.4-stable", "1.5-stable"]
    assert await house.github.read(house.repository, "NOTES.md", pull.head_oid) == b"By hand\n"


async def test_people_who_break_the_map_on_the_branch_keep_their_text(house: PromotingHouse) -> None:
    pull = await proposed(house)
    head = await house.github.push_as_person(house.repository, BRANCH, {MAP: b"- broken\n"})
    await house.work()
    await house.built_image("1.5-stable", platforms=ARM)
    assert pull.head_oid == head
    assert all("not understood" in run.reason for run in await house.runs())


async def test_a_branch_of_that_name_that_is_somebodys_is_left_alone(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    head = await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"Mine\n"})
    await house.built_image("1.4-stable")
    assert await house.head(BRANCH) == head
    assert house.open_pulls() == []
    assert "Delete the branch to let the bot go on." in (await house.run()).reason


async def test_it_goes_on_once_that_branch_is_deleted(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"Mine\n"})
    await house.built_image("1.4-stable")
    await house.github.delete_branch(house.repository, BRANCH)
    await look(house)
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]


async def test_a_branch_that_holds_nothing_of_its_own_makes_place(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    await house.github.force_push(house.repository, BRANCH, await house.head())
    await house.built_image("1.4-stable")
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]


async def test_a_closed_pull_request_with_peoples_commits_leaves_them_on_the_branch(house: PromotingHouse) -> None:
    pull = await proposed(house)
    head = await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.built_image("1.5-stable", platforms=ARM)
    assert await house.head(BRANCH) == head
    assert house.open_pulls() == []


async def test_a_taken_away_promotion_leaves_a_pull_request_open_that_people_committed_to(
    house: PromotingHouse,
) -> None:
    pull = await proposed(house)
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await house.commit({".niro/policies.yml": b"version: 1\n"})
    await look(house)
    assert pull.state == "open"


@pytest.mark.parametrize(("readers", "is_told"), [((), True), (("acme",), False)], ids=["anybody", "a credential"])
async def test_a_public_repository_tells_the_verdict_where_anybody_may_read_the_image(
    house: PromotingHouse, readers: tuple[str, ...], is_told: bool
) -> None:
    files = {".niro/policies.yml": house.promotions(PROPOSED)}
    await house.github.add_repository(house.repository, files, private=False)
    await house.let_push(house.owner, pull=(house.repository,) if readers else ())
    await house.work()
    await house.built_image("1.4-stable")
    pull = opened(house)
    assert "`1.4-stable`" in pull.body
    assert ("tag: ends with" in pull.body) is is_told


async def changed(house: PromotingHouse, more: str) -> None:
    """Change the promotion's text, let the source be looked at, and let what is judged anew be judged."""
    await house.commit({".niro/policies.yml": house.promotions(more)})
    await house.hear()
    await look(house)
    await house.later(timedelta(minutes=2))


async def test_a_no_outlasts_the_text_of_the_promotion(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    found = await in_force(house.parts, (await house.run()).repository, NAME)
    assert found is not None
    await house.commit({".niro/policies.yml": house.promotions(f"{PROPOSED}    referrers: false\n")})
    found = await in_force(house.parts, found.repository.id, NAME)
    assert found is not None
    await begin_runs(house.parts, found, [("1.4-stable", (await house.run()).digest)])
    await house.later(timedelta(minutes=2))
    assert [run.state for run in await house.runs()] == [RunState.DENIED, RunState.DENIED]
    assert (await house.runs())[-1].reason == (await house.runs())[0].reason
    assert house.open_pulls() == []


async def test_what_the_bot_closed_itself_is_no_no(house: PromotingHouse) -> None:
    first = await proposed(house)
    await changed(house, "    mode: pull-request\n    when: [{tag: {equals: x}}]\n")
    assert first.state == "closed"
    found = await in_force(house.parts, (await house.runs())[0].repository, NAME)
    assert found is not None
    await house.commit({".niro/policies.yml": house.promotions(f"{PROPOSED}    referrers: false\n")})
    found = await in_force(house.parts, found.repository.id, NAME)
    assert found is not None
    await begin_runs(house.parts, found, [("1.4-stable", (await house.runs())[0].digest)])
    await house.later(timedelta(minutes=2))
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]
