"""What a promotion's map on the default branch names is copied, whoever wrote it there."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.copy_promoted import copy_promoted
from bot.jobs.work import CopyPromoted
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import NAME, STABLE, PromotingHouse, promoting_house
from tests.flows.proposing import MAP, PROPOSED, look, merge, opened, proposed


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


def written(digest: str, *tags: str) -> bytes:
    return f"{digest}: [{', '.join(tags)}]\n".encode()


async def test_an_entry_that_people_wrote_by_hand_is_copied_and_remembered(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    digest = await house.built_image("1.4-dev")
    await house.commit({MAP: written(digest, "1.4", "latest")})
    assert await house.promoted() == ["1.4", "latest"]
    assert {run.target_tag: run.state for run in await house.runs()} == dict.fromkeys(("1.4", "latest"), RunState.DONE)


async def test_a_second_tag_by_hand_for_what_was_proposed_is_copied_too(house: PromotingHouse) -> None:
    more = PROPOSED + '    tag-template: "%n-qa"\n'
    await merge(house, await proposed(house, more=more))
    digest = (await house.run()).digest
    await house.commit({MAP: written(digest, "1.4-stable-qa", "1.4-stable")})
    assert await house.promoted() == ["1.4-stable", "1.4-stable-qa"]


async def test_what_was_turned_down_and_written_by_hand_then_is_copied(house: PromotingHouse) -> None:
    pull = await proposed(house)
    digest = (await house.run()).digest
    await house.github.close_pull(house.repository, pull.number)
    await house.work()
    await house.commit({MAP: written(digest, "1.4-stable")})
    assert await house.promoted() == ["1.4-stable"]


async def test_copying_twice_is_copying_once(house: PromotingHouse) -> None:
    await merge(house, await proposed(house))
    runs = await house.runs()
    await look(house)
    await house.commit({"README.md": b"Hello\n"})
    assert await house.runs() == runs


async def test_what_was_copied_long_ago_and_removed_from_the_target_is_not_copied_again(house: PromotingHouse) -> None:
    more = PROPOSED + '    tag-template: "%n-%Y%m%d%H%M%S"\n'
    await merge(house, await proposed(house, more=more))
    (old,) = await house.promoted()
    await house.later(timedelta(minutes=5))
    await house.built_image("1.4-stable", content="other")
    await merge(house, opened(house))
    await house.registry.delete_tag(house.target, old)
    await house.parts.store.promotions.prune(house.clock() + timedelta(days=1))
    await house.commit({"README.md": b"Hello\n"})
    assert len(await house.promoted()) == 1
    assert old not in await house.promoted()


async def test_a_digest_that_the_source_does_not_have_is_told_and_gets_no_tag(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    await house.built_image("1.4-dev")
    await house.commit({MAP: written(f"sha256:{'0' * 64}", "1.4")})
    run = await house.run()
    assert run.state is RunState.APPROVED
    assert run.again_at is not None
    assert f"has no sha256:{'0' * 64}" in run.reason
    assert await house.promoted() == []


async def test_one_entry_that_cannot_be_copied_does_not_hold_up_the_others(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    digest = await house.built_image("1.4-dev")
    await house.commit({MAP: written(f"sha256:{'0' * 64}", "1.3") + written(digest, "1.4")})
    assert await house.promoted() == ["1.4"]


async def test_a_promotion_that_copies_at_once_has_no_map(house: PromotingHouse) -> None:
    await house.begin(STABLE)
    digest = await house.built_image("1.4-dev")
    await house.commit({MAP: written(digest, "1.4")})
    await look(house)
    assert await house.promoted() == []


async def test_a_map_that_is_not_understood_is_told_on_its_commit_once(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    head = await house.commit({MAP: b"# Mine.\nsha256:1: [a]\n"})
    await look(house)
    (check,) = [check for check in house.told() if check.head_oid == head]
    assert check.conclusion == "failure"
    assert check.output["title"] == f"{MAP}, line 2, is not understood"
    assert [each["start_line"] for each in check.annotations] == [2]


async def test_a_map_on_another_branch_counts_for_nothing(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    digest = await house.built_image("1.4-dev")
    await house.github.push_as_person(house.repository, "niro/promotion-dev-to-qa", {MAP: written(digest, "1.4")})
    await house.work()
    await look(house)
    assert await house.promoted() == []


async def test_a_map_is_never_read_under_an_older_text_of_the_promotion(house: PromotingHouse) -> None:
    await house.begin(PROPOSED)
    digest = await house.built_image("1.4-dev")
    other = f"{house.owner}/qa/other"
    changed = {".niro/policies.yml": house.promotions(PROPOSED, target=other), MAP: written(digest, "1.4")}
    await house.github.commit(house.repository, "main", changed)
    repository = house.github.repository(house.repository).id
    await copy_promoted(CopyPromoted(house.installation.id, repository, NAME), house.parts)
    await house.work()
    assert await house.promoted() == []
    assert await house.registry.tags(other) == ["1.4"]
