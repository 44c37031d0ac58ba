"""When a scanner says that it is done, what waits for it is judged again; a person's help is noticed, too."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.flows.hooks import asks_of_hook
from bot.jobs.work import ChooseReaders, Housekeeping, JudgeAgain, PromoteImage
from bot.sandbox.registry import SandboxRegistry
from bot.store import Hook, RunState
from tests.flows.promoting import STABLE, PromotingHouse, promoting_house

LICENSED = "    when: [{license: {one-of: [MIT]}}]\n"


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def hook(house: PromotingHouse, kind: str, prefix: str = "") -> None:
    made = Hook("scans", kind, house.installation.id, house.registry.host, prefix)
    await house.parts.store.hooks.create(made, b"s" * 32)


async def test_harbors_word_names_the_image_by_its_digest(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await hook(house, "harbor")
    event = {"resources": [{"digest": f"sha256:{'1' * 64}"}], "repository": {"repo_full_name": house.source}}
    payload = {"type": "SCANNING_COMPLETED", "event_data": event}
    (ask,) = await asks_of_hook(house.parts, "hook:harbor:scans", payload)
    assert ask.work == JudgeAgain(house.registry.host, house.source, f"sha256:{'1' * 64}")


async def test_what_waits_is_judged_again(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    house.performed.clear()
    await house.ask(JudgeAgain(house.registry.host, house.source))
    assert PromoteImage(house.installation.id, house.github.repository(house.repository).id, 1) in house.performed


async def test_what_was_denied_only_where_the_evidence_is_about_it(house: PromotingHouse) -> None:
    await house.begin("    tag-template: '%n-%B-and-more'\n")
    await house.built_image("a" * 120)
    run = await house.run()
    assert run.state is RunState.DENIED
    await house.ask(JudgeAgain(house.registry.host, house.source, f"sha256:{'0' * 64}"))
    assert (await house.run()).state is RunState.DENIED
    house.performed.clear()
    await house.ask(JudgeAgain(house.registry.host, house.source, run.digest))
    assert house.performed.count(PromoteImage(run.installation, run.repository, run.id)) == 1


async def test_a_credential_that_was_missing_is_noticed(house: PromotingHouse) -> None:
    await house.github.add_repository(house.repository, {".niro/policies.yml": house.promotions(STABLE)})
    await house.work()
    await house.built_image("1.4-stable")
    assert (await house.run()).state is RunState.BLOCKED
    await house.let_push()
    await house.ask(ChooseReaders(house.installation.id))
    assert await house.promoted() == ["1.4-stable"]


async def test_what_was_forgotten_by_its_work_is_taken_up_again_every_hour(house: PromotingHouse) -> None:
    await house.begin(LICENSED)
    await house.built_image("1.4")
    await house.later(timedelta(hours=2))
    house.performed.clear()
    await house.ask(Housekeeping())
    await house.later(timedelta(hours=1))
    run = await house.run()
    assert PromoteImage(run.installation, run.repository, run.id) in house.performed
