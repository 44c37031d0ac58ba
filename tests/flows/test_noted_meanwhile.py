"""While GitHub is asked about a bump, other work may note something of it: that is not lost."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.flows.basis import Queued, read_basis
from bot.sandbox.faults import RequestRecord
from bot.store import BumpState
from tests.flows.house import House

BRANCH = "niro/api"


def meanwhile(house: House, document: str, act: Callable[[], Awaitable[None]]) -> None:
    """Do something once, the moment that GitHub gets a document."""
    struck: list[RequestRecord] = []

    async def strike(record: RequestRecord) -> None:
        if record.graphql_operation == document and not struck:
            struck.append(record)
            await act()

    house.github.faults.before.append(strike)


@pytest.fixture
async def opened(house: House) -> House:
    await house.publish("1.5.0")
    return house


async def test_what_a_merge_notes_stays_where_a_new_head_is_noted(opened: House) -> None:
    house = opened

    async def queue() -> None:
        bump = await house.bump()
        assert bump is not None
        noted = replace(read_basis(bump.proposals), queued=Queued("c1", "b1"))
        await house.parts.store.bumps.save(replace(bump, proposals=noted.written()))

    meanwhile(house, "BumpFacts", queue)
    pushed = await house.github.push_as_person(house.repository, BRANCH, {"NOTES.md": b"By hand\n"})
    await house.work()
    await house.later(house.parts.settle)
    bump = await house.bump()
    assert bump is not None
    assert (read_basis(bump.proposals).queued, bump.seen_head) == (Queued("c1", "b1"), pushed)


async def test_a_bump_that_ended_meanwhile_is_looked_at_again_before_anything_is_written(opened: House) -> None:
    house = opened

    async def end() -> None:
        bump = await house.bump()
        assert bump is not None
        await house.parts.store.bumps.save(replace(bump, state=BumpState.MERGED))

    meanwhile(house, "BumpFacts", end)
    counted = house.counted()
    await house.publish("1.6.0")
    await house.later(house.parts.settle)
    steps = [name for name in counted.names if name in {"BumpFacts", "AddCommit"}]
    assert steps[:3] == ["BumpFacts", "BumpFacts", "AddCommit"]
