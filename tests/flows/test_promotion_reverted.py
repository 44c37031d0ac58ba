"""A revert of the map is people's word too: what it names no more stays out, what it names again is promoted."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import PromotingHouse, promoting_house
from tests.flows.proposing import MAP, PROPOSED, merge, opened, proposed

ARM = ("linux/arm64",)
CURRENT = f"{PROPOSED}    overwrite: true\n    tag-template: current\n"
LATER = timedelta(hours=2)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def merged_without_a_credential(house: PromotingHouse) -> bytes:
    """Let people merge a proposal that cannot be copied yet, and return the map."""
    pull = await proposed(house)
    await house.parts.store.credentials.remove(house.installation.id, "pusher")
    await merge(house, pull)
    assert (await house.run()).state is RunState.APPROVED
    return await house.github.read(house.repository, MAP, await house.head())


async def can_push(house: PromotingHouse) -> None:
    await house.let_push()
    await house.later(LATER)


async def test_what_was_merged_and_taken_out_again_before_its_copy_is_not_copied(house: PromotingHouse) -> None:
    await merged_without_a_credential(house)
    await house.commit({}, removed=[MAP])
    await can_push(house)
    assert await house.promoted() == []
    run = await house.run()
    assert (run.state, run.reason) == (RunState.DENIED, f"It was taken out of {MAP} before it was copied.")
    assert house.open_pulls() == []


async def test_what_is_merged_once_more_is_copied(house: PromotingHouse) -> None:
    text = await merged_without_a_credential(house)
    await house.commit({}, removed=[MAP])
    await house.commit({MAP: text})
    await can_push(house)
    assert await house.promoted() == ["1.4-stable"]
    assert (await house.run()).state is RunState.DONE


async def test_a_line_beside_it_says_nothing_about_what_waits(house: PromotingHouse) -> None:
    text = await merged_without_a_credential(house)
    await house.commit({MAP: b"# Ours.\n" + text})
    await can_push(house)
    assert await house.promoted() == ["1.4-stable"]


async def replaced(house: PromotingHouse) -> tuple[bytes, bytes]:
    """Have two images promoted to one tag, one after the other, and return the map after each."""
    maps = []
    for tag, more in (("1.0-stable", {}), ("1.1-stable", {"platforms": ARM})):
        await (house.begin(CURRENT) if not maps else house.later(LATER))
        await house.built_image(tag, **more)
        await merge(house, opened(house))
        maps.append(await house.github.read(house.repository, MAP, await house.head()))
    await house.later(LATER)
    return maps[0], maps[1]


async def current(house: PromotingHouse) -> str | None:
    return await house.registry.digest_of(house.target, "current")


async def test_a_revert_of_the_map_brings_the_earlier_image_back(house: PromotingHouse) -> None:
    first, _ = await replaced(house)
    old, new = await house.runs()
    assert await current(house) == new.digest
    await house.commit({MAP: first})
    assert await current(house) == old.digest


async def test_a_revert_of_the_revert_brings_the_later_image_back(house: PromotingHouse) -> None:
    first, second = await replaced(house)
    for text in (first, second):
        await house.later(LATER)
        await house.commit({MAP: text})
    assert await current(house) == (await house.runs())[-1].digest


async def test_a_revert_is_copied_once(house: PromotingHouse) -> None:
    first, _ = await replaced(house)
    await house.commit({MAP: first})
    runs = await house.runs()
    await house.commit({"README.md": b"Hello\n"})
    assert await house.runs() == runs
