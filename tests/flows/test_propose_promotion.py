"""A promotion in mode `pull-request` proposes its images to people, and copies what they merge."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.promotion.promoted_map import read_map
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house
from tests.flows.proposing import BRANCH, MAP, PROPOSED, entries, look, merge, opened, proposed
from tests.flows.test_heavy_work import counting


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def test_an_image_that_fits_is_proposed_and_not_copied(house: PromotingHouse) -> None:
    pull = await proposed(house)
    digest = await house.registry.digest_of(house.source, "1.4-stable")
    text = (await house.github.read(house.repository, MAP, pull.head_oid)).decode()
    assert dict(read_map(text).entries) == {digest: ("1.4-stable",)}
    assert (await house.run()).state is RunState.PROPOSED
    assert await house.promoted() == []


async def test_the_pull_request_says_what_goes_where_and_why(house: PromotingHouse) -> None:
    pull = await proposed(house)
    assert pull.title == "Promote website 1.4-stable to 1.4-stable"
    assert f"`{house.registry.host}/{house.target}`" in pull.body
    assert "tag: ends with -stable" in pull.body


async def test_once_it_is_merged_the_image_is_copied(house: PromotingHouse) -> None:
    await merge(house, await proposed(house))
    digest = await house.registry.digest_of(house.source, "1.4-stable")
    assert await house.registry.digest_of(house.target, "1.4-stable") == digest
    assert (await house.run()).state is RunState.DONE


async def test_it_is_copied_by_its_digest_wherever_the_tag_went_meanwhile(house: PromotingHouse) -> None:
    pull = await proposed(house)
    digest = await house.registry.digest_of(house.source, "1.4-stable")
    await house.registry.push(house.source, "1.4-stable", ("linux/arm64",))
    await merge(house, pull)
    assert await house.registry.digest_of(house.target, "1.4-stable") == digest


async def test_another_image_comes_into_the_open_pull_request(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.built_image("1.5-stable", platforms=("linux/arm64",))
    assert opened(house).number == pull.number
    assert await entries(house, pull.head_oid) == ["1.4-stable", "1.5-stable"]
    assert pull.title == "Promote website 1.4-stable to 1.4-stable and 1 more"
    assert await house.on_branch(BRANCH) == 2


async def test_looking_again_writes_nothing(house: PromotingHouse) -> None:
    pull = await proposed(house)
    head, counted = pull.head_oid, house.counted()
    await look(house)
    assert pull.head_oid == head
    assert set(counted.names) <= {"BumpFacts", "Files", "Head", "apps/create-installation-access-token"}


async def test_the_next_proposal_after_a_merge_is_a_pull_request_of_its_own(house: PromotingHouse) -> None:
    first = await proposed(house)
    await merge(house, first)
    await house.built_image("1.5-stable", platforms=("linux/arm64",))
    pull = opened(house)
    assert pull.number != first.number
    assert await entries(house, pull.head_oid) == ["1.4-stable", "1.5-stable"]
    assert await house.on_branch(BRANCH) == 1


async def test_what_people_wrote_into_the_map_stays_as_it_is(house: PromotingHouse) -> None:
    mine = b"# Ours.\r\n'sha256:" + b"0" * 64 + b"': ['0.1']  # old\r\n"
    await house.begin(PROPOSED, **{MAP: mine})
    await house.built_image("1.4-stable")
    written = await house.github.read(house.repository, MAP, opened(house).head_oid)
    assert written.startswith(mine)
    assert written.endswith(b'["1.4-stable"]\r\n')


async def test_a_map_that_changed_meanwhile_has_the_branch_made_anew(house: PromotingHouse) -> None:
    pull = await proposed(house)
    other = b"sha256:" + b"0" * 64 + b": ['0.1']\n"
    await house.commit({MAP: other})
    await look(house)
    assert await entries(house, pull.head_oid) == ["0.1", "1.4-stable"]
    assert await house.on_branch(BRANCH) == 1


async def test_a_tag_that_is_pushed_again_takes_the_place_of_what_was_proposed(house: PromotingHouse) -> None:
    pull = await proposed(house)
    digest = await house.built_image("1.4-stable", platforms=("linux/arm64",))
    text = (await house.github.read(house.repository, MAP, pull.head_oid)).decode()
    assert dict(read_map(text).entries) == {digest: ("1.4-stable",)}
    assert [run.state for run in await house.runs()] == [RunState.SUPERSEDED, RunState.PROPOSED]


async def test_with_overwrite_a_tag_moves_in_the_map_and_at_the_target(house: PromotingHouse) -> None:
    await merge(house, await proposed(house, more=PROPOSED + "    overwrite: true\n"))
    digest = await house.built_image("1.4-stable", platforms=("linux/arm64",))
    await merge(house, opened(house))
    assert await house.registry.digest_of(house.target, "1.4-stable") == digest


async def test_without_overwrite_a_tag_of_the_map_goes_to_nothing_else(house: PromotingHouse) -> None:
    await merge(house, await proposed(house))
    await house.built_image("1.4-stable", platforms=("linux/arm64",))
    assert house.open_pulls() == []
    run = (await house.runs())[-1]
    assert (run.state, run.target_tag) == (RunState.DENIED, "")
    assert "already" in run.reason


async def test_a_promotion_that_is_taken_away_takes_its_pull_request_along(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.commit({".niro/policies.yml": b"version: 1\n"})
    await look(house)
    assert pull.state == "closed"
    assert await house.on_branch(BRANCH) is None
    assert (await house.run()).state is RunState.SUPERSEDED


async def test_a_policy_file_that_is_not_understood_changes_nothing(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.commit({".niro/policies.yml": b"version: 1\nnonsense: true\n"})
    await look(house)
    assert pull.state == "open"


async def test_a_promotion_whose_text_changed_judges_what_it_proposed_anew(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.commit(
        {".niro/policies.yml": house.promotions("    mode: pull-request\n    when: [{tag: {equals: x}}]\n")}
    )
    await look(house)
    await house.later(house.parts.settle * 60)
    assert [run.state for run in await house.runs()] == [RunState.SUPERSEDED, RunState.DENIED]
    assert pull.state == "closed"


async def test_one_that_copies_at_once_now_takes_its_proposals_back(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.commit({".niro/policies.yml": house.promotions(STABLE)})
    await look(house)
    assert pull.state == "closed"


@pytest.mark.parametrize("broken", [b"- no map\n", b"\xff\n", b"sha256:1: [a]\n"])
async def test_a_map_that_is_not_understood_is_left_alone_and_says_so(house: PromotingHouse, broken: bytes) -> None:
    await house.begin(PROPOSED, **{MAP: broken})
    await house.built_image("1.4-stable")
    assert house.open_pulls() == []
    assert "is not understood, line 1" in (await house.run()).reason


async def test_a_policy_file_that_is_deleted_takes_its_pull_requests_along(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await house.commit({}, removed=[".niro/policies.yml"])
    assert pull.state == "closed"
    run = await house.run()
    assert run.state is RunState.SUPERSEDED
    assert await house.parts.store.promotions.watched(run.repository, run.promotion) == {}


async def test_long_maps_are_read_beside_the_event_loop(house: PromotingHouse) -> None:
    long = "".join(f"sha256:{number:064}: ['0.{number}']\n" for number in range(100))
    await house.begin(PROPOSED, **{MAP: long.encode()})
    given = counting(house)
    await house.built_image("1.4-stable")
    assert given == ["read_map", "with_entries"]
    given.clear()
    await house.built_image("1.5-stable", platforms=("linux/arm64",))
    assert given.count("read_map") == 3  # the base's, and both to see whether the branch has grown from it
