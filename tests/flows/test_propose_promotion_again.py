"""What is proposed and judged again stays in its pull request until the verdict says otherwise."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.work import PromoteImage
from bot.promotion import Judged, Outcome, Verdict, verdict_to_json
from bot.sandbox.registry import SandboxRegistry
from bot.store import PromotionRun, RunState
from tests.flows.promoting import PromotingHouse, promoting_house
from tests.flows.proposing import BRANCH, MAP, entries, look, opened, proposed

ARM = ("linux/arm64",)
AGAIN = {"state": RunState.NEW, "ended_at": None}


@pytest.fixture
async def house(tmp_path: Path, registry: SandboxRegistry) -> AsyncIterator[PromotingHouse]:
    async with promoting_house(tmp_path, registry) as built:
        yield built


async def become(house: PromotingHouse, run: PromotionRun, **changed: object) -> None:
    """Let a run be as if it had been judged again."""
    assert await house.parts.store.promotions.save(replace(run, **changed), run)  # type: ignore[arg-type]


def verdict(outcome: Outcome) -> str:
    return verdict_to_json(Verdict(outcome, (Judged("license: one of MIT", outcome),), "Judged again."))


UNFIT = [
    {"state": RunState.DENIED, "verdict": verdict(Outcome.FALSE)},
    {"state": RunState.WAITING, "verdict": verdict(Outcome.UNKNOWN)},
]


async def test_what_is_judged_again_stays_in_its_pull_request_meanwhile(house: PromotingHouse) -> None:
    pull = await proposed(house)
    await become(house, await house.run(), **AGAIN)
    await look(house)
    assert pull.state == "open"
    assert await entries(house, pull.head_oid) == ["1.4-stable"]


@pytest.mark.parametrize("unfit", UNFIT, ids=["denied", "unknown"])
async def test_what_is_not_fit_any_more_is_taken_out(house: PromotingHouse, unfit: dict[str, object]) -> None:
    pull = await proposed(house)
    await house.built_image("1.5-stable", platforms=ARM)
    await become(house, (await house.runs())[0], **unfit)
    await look(house)
    assert pull.state == "open"
    assert await entries(house, pull.head_oid) == ["1.5-stable"]


@pytest.mark.parametrize("others", [True, False], ids=["beside others", "alone"])
async def test_it_is_taken_out_also_where_people_committed(house: PromotingHouse, others: bool) -> None:
    pull = await proposed(house)
    if others:
        await house.built_image("1.5-stable", platforms=ARM)
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await become(house, (await house.runs())[0], **UNFIT[0])
    await look(house)
    assert await entries(house, pull.head_oid) == (["1.5-stable"] if others else [])
    assert await house.github.read(house.repository, "NOTES.md", pull.head_oid) == b"By hand\n"


async def test_what_was_taken_out_is_proposed_again_once_it_is_fit(house: PromotingHouse) -> None:
    first = await proposed(house)
    run = await house.run()
    await become(house, run, **UNFIT[0])
    await look(house)
    assert first.state == "closed"
    await become(house, await house.run(), **AGAIN)
    await house.ask(PromoteImage(run.installation, run.repository, run.id))
    await house.later(timedelta(minutes=2))
    assert await entries(house, opened(house).head_oid) == ["1.4-stable"]


async def test_what_people_promoted_by_hand_meanwhile_is_never_taken_out(house: PromotingHouse) -> None:
    pull = await proposed(house)
    run = await house.run()
    await house.built_image("1.5-stable", platforms=ARM)
    entry = f"{run.digest}: [1.4-stable]\n".encode()
    await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await become(house, (await house.runs())[0], **UNFIT[0])
    await house.commit({MAP: entry})
    await look(house)
    assert "1.4-stable" in await entries(house, pull.head_oid)
