"""What ended because its tag or its promotion went away is taken up again when that comes back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.jobs.work import PromoteImage
from bot.registries import SourceMoved
from bot.sandbox.registry import SandboxRegistry
from bot.store import Push, RunState
from tests.flows.promoting import PromotingHouse, promoting_house
from tests.flows.proposing import PROPOSED, proposed

POLICY = ".niro/policies.yml"
LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"
ONLY_NEWER = "    when: [{any: [{tag: {equals: '1.5'}}, {license: {one-of: [MIT]}}]}]\n"
CURRENT = "    overwrite: true\n    tag-template: stable\n"
HOURS, DAY = timedelta(hours=2), timedelta(days=1)


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def states(house: PromotingHouse) -> list[RunState]:
    return [run.state for run in await house.runs()]


async def test_a_tag_that_was_removed_and_is_pushed_again(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    manifest = await house.registry.manifest(house.source, "1.4")
    await house.registry.delete_tag(house.source, "1.4")
    await house.later(HOURS)
    assert await states(house) == [RunState.SUPERSEDED]
    await house.registry.push_manifest_only(house.source, "1.4", manifest)
    await house.hear()
    assert await states(house) == [RunState.WAITING]


async def test_a_tag_that_was_away_for_one_question(house: PromotingHouse) -> None:
    await house.begin()
    real, asked = house.parts.registries.head, []

    async def head(*words: Any) -> str | None:
        asked.append(words)
        return None if len(asked) == 2 else await real(*words)

    house.parts.registries.head = head  # type: ignore[method-assign,assignment]
    await house.built_image("1.4-stable")
    await house.hear()
    assert await house.promoted() == ["1.4-stable"]


async def test_a_tag_that_was_away_at_the_end_of_a_copy(house: PromotingHouse) -> None:
    await house.begin()
    real, copied = house.parts.registries.copy, []

    async def copy(order: Any, **more: Any) -> Any:
        copied.append(order)
        if len(copied) == 1:
            raise SourceMoved(order.source.host, order.source_tag, None)
        return await real(order, **more)

    house.parts.registries.copy = copy  # type: ignore[method-assign]
    await house.built_image("1.4-stable")
    await house.hear()
    assert await house.promoted() == ["1.4-stable"]


@pytest.mark.parametrize("away", ["version: 1\n", "{0}enabled: false\n"])
async def test_a_promotion_that_was_away_for_a_while(house: PromotingHouse, away: str) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    text = house.promotions(LICENSED)
    await house.commit({POLICY: away.format(text.decode()).encode()})
    await house.later(HOURS)
    assert await states(house) == [RunState.SUPERSEDED]
    await house.commit({POLICY: text})
    assert await states(house) == [RunState.WAITING]


async def test_one_that_comes_back_changed(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.commit({POLICY: b"version: 1\n"})
    await house.later(HOURS)
    await house.commit({POLICY: house.promotions("    overwrite: true\n")})
    assert await house.promoted() == ["1.4"]


async def test_not_after_longer_than_an_image_waits(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.commit({POLICY: b"version: 1\n"})
    await house.later(HOURS)
    await house.later(15 * DAY)
    await house.commit({POLICY: house.promotions("    overwrite: true\n")})
    assert await house.promoted() == []


async def test_what_was_proposed_when_the_promotion_went_away(house: PromotingHouse) -> None:
    await proposed(house)
    await house.commit({POLICY: b"version: 1\n"})
    await house.later(timedelta(minutes=5))
    assert house.open_pulls() == []
    await house.commit({POLICY: house.promotions(PROPOSED)})
    await house.later(HOURS)
    assert await states(house) == [RunState.PROPOSED]
    assert len(house.open_pulls()) == 1


async def test_what_another_text_decided_stays_decided(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    stamped = '    tag-template: "%n-%Y%m%d%H%M%S%f"\n'
    for text in (stamped, LICENSED, stamped, LICENSED):
        await house.commit({POLICY: house.promotions(text)})
        await house.later(HOURS)
    assert len(await house.promoted()) == 1


async def test_no_older_image_takes_a_newer_ones_place_by_that(house: PromotingHouse) -> None:
    await house.begin(ONLY_NEWER + CURRENT)
    await house.built_image("1.4")
    newer = await house.built_image("1.5")
    await house.commit({POLICY: b"version: 1\n"})
    await house.later(HOURS)
    await house.commit({POLICY: house.promotions(CURRENT)})
    await house.later(DAY)
    assert await house.registry.digest_of(house.target, "stable") == newer


async def test_nor_does_one_whose_tag_was_away_for_one_question(house: PromotingHouse) -> None:
    await house.begin(ONLY_NEWER + CURRENT)
    await house.built_image("1.4")
    real, (run,) = house.parts.registries.head, await house.runs()

    async def head(host: str, image: str, tag: str, *more: Any) -> str | None:
        return None if tag == "1.4" else await real(host, image, tag, *more)

    house.parts.registries.head = head  # type: ignore[method-assign,assignment]
    await house.ask(PromoteImage(run.installation, run.repository, run.id))
    house.parts.registries.head = real  # type: ignore[method-assign]
    newer = await house.built_image("1.5")
    await house.hear()
    await house.commit({POLICY: house.promotions(CURRENT)})
    await house.later(DAY)
    assert await house.registry.digest_of(house.target, "stable") == newer


async def test_old_tags_that_were_missing_from_a_short_list_are_not_new(house: PromotingHouse) -> None:
    old = {tag: await house.registry.push(house.source, tag) for tag in ("0.1-stable", "0.2-stable")}
    await house.begin()
    await house.built_image("1.0-stable")
    ledger, place = house.parts.store.ledger, (house.registry.host, house.source)
    await ledger.record(*place, ["1.0-stable"], house.clock(), "")
    await ledger.record(*place, ["1.0-stable", *old], house.clock(), "")
    pushes = [Push(tag, digest, house.clock() - 300 * DAY) for tag, digest in old.items()]
    await ledger.note_pushes(*place, "", pushes)
    await house.hear()
    assert await house.promoted() == ["1.0-stable"]


async def test_a_tag_that_is_set_on_an_older_image_is_new(house: PromotingHouse) -> None:
    digest = await house.registry.push(house.source, "main-1")
    await house.begin()
    manifest = await house.registry.manifest(house.source, "main-1")
    await house.registry.push_manifest_only(house.source, "1.4-stable", manifest)
    ledger, place = house.parts.store.ledger, (house.registry.host, house.source)
    await ledger.record(*place, ["main-1", "1.4-stable"], house.clock(), "")
    await ledger.note_pushes(*place, "", [Push("1.4-stable", digest, house.clock() - 30 * DAY)])
    await house.hear()
    assert await house.promoted() == ["1.4-stable"]


async def test_what_was_overtaken_stays_so(house: PromotingHouse) -> None:
    await house.begin()
    await house.built_image("1.4-stable")
    run = await house.run()
    ended = replace(run, state=RunState.SUPERSEDED, reason="A newer image has become current in the target meanwhile.")
    await house.parts.store.promotions.save(ended, run)
    await house.hear()
    assert await states(house) == [RunState.SUPERSEDED]


async def test_a_registry_that_keeps_changing_its_mind_is_asked_once_a_look(house: PromotingHouse) -> None:
    await house.begin()
    real, asked = house.parts.registries.head, []

    async def head(*words: Any) -> str | None:
        asked.append(words)
        return None if len(asked) % 2 == 0 else await real(*words)

    house.parts.registries.head = head  # type: ignore[method-assign,assignment]
    await house.built_image("1.4-stable")
    for _ in range(3):
        await house.hear()
    assert len(asked) <= 12
