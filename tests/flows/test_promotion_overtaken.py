"""An older image never takes a tag back from a newer one, wherever on its way it was held up."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.registries import RegistryUnavailable
from bot.sandbox.registry import SandboxRegistry
from bot.store import RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

CURRENT = STABLE + "    overwrite: true\n    tag-template: current\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def states(house: PromotingHouse) -> list[RunState]:
    return [run.state for run in await house.runs()]


async def test_after_its_registry_was_away(house: PromotingHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.begin(CURRENT)

    async def away(order: Any, **_: object) -> None:
        raise RegistryUnavailable(order.target.host, "answers 503")

    with monkeypatch.context() as patched:
        patched.setattr(house.parts.registries, "copy", away)
        await house.built_image("1.0-stable", content="a")
    newer = await house.built_image("1.1-stable", content="b")
    await house.later(timedelta(minutes=5))
    assert await house.registry.digest_of(house.target, "current") == newer
    assert await states(house) == [RunState.SUPERSEDED, RunState.DONE]


async def test_after_it_waited_for_its_turn(house: PromotingHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    await house.begin(CURRENT)

    async def taken(*_: object) -> bool:
        return False

    with monkeypatch.context() as patched:
        patched.setattr(house.parts.store.promotions, "claim", taken)
        await house.built_image("1.0-stable", content="a")
    newer = await house.built_image("1.1-stable", content="b")
    await house.later(timedelta(minutes=5))
    assert await house.registry.digest_of(house.target, "current") == newer


async def test_while_its_blobs_are_copied(house: PromotingHouse) -> None:
    await house.begin(CURRENT)
    copy, newer = house.parts.registries.copy, []

    async def slow(order: Any, *, before_tag: Any) -> Any:
        if not newer:
            newer.append(await house.registry.push(house.source, "1.1-stable", content="b"))
            await note_done(house, "1.1-stable", newer[0])
        return await copy(order, before_tag=before_tag)

    house.parts.registries.copy = slow  # type: ignore[method-assign,assignment]
    await house.built_image("1.0-stable", content="a")
    older = (await house.runs())[0]
    assert (older.state, "newer image" in older.reason) == (RunState.SUPERSEDED, True)


async def note_done(house: PromotingHouse, tag: str, digest: str) -> None:
    """Note that another image came to the target just now."""
    from dataclasses import replace

    from bot.flows.promotions import in_force, new_run

    found = await in_force(house.parts, house.github.repository(house.repository).id, "dev-to-qa")
    assert found is not None
    run, _ = await house.parts.store.promotions.begin(new_run(found, tag, digest, house.clock()))
    await house.parts.store.promotions.save(replace(run, state=RunState.DONE, target_tag="current"), run)
