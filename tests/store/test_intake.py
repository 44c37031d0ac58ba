"""The intake: what waits together is stored together, and every caller gets its own answer."""

import asyncio

import pytest

from bot.store.intake import Intake


class Recorder:
    """Stores numbers in a list of loads; even numbers are answered True, and a 13 makes its whole load fail."""

    def __init__(self):
        self.loads = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, items):
        await self.gate.wait()
        self.loads.append(list(items))
        if 13 in items:
            raise LookupError("13")
        return [item % 2 == 0 for item in items]


@pytest.fixture
def recorder():
    return Recorder()


@pytest.fixture
def intake(recorder):
    return Intake(recorder, weigh=lambda item: 1 if item < 1_000_000 else item)


async def test_what_waits_while_one_load_is_stored_makes_the_next(intake, recorder):
    recorder.gate.clear()
    first = asyncio.create_task(intake.add(0))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(intake.add(number)) for number in (1, 2, 3)]
    await asyncio.sleep(0)
    recorder.gate.set()
    assert await asyncio.gather(first, *others) == [True, False, True, False]
    assert recorder.loads == [[0], [1, 2, 3]]


async def test_a_load_is_limited_in_number_and_weight(intake, recorder):
    await asyncio.gather(*(intake.add(number) for number in [*range(2000, 2600), 40_000_000, 50_000_000, 14]))
    assert [len(load) for load in recorder.loads] == [500, 101, 1, 1]


async def test_a_failure_is_told_to_those_of_its_load_only(intake):
    failed = await asyncio.gather(intake.add(13), intake.add(2), return_exceptions=True)
    assert [type(answer) for answer in failed] == [LookupError, LookupError]
    assert await intake.add(4) is True


async def test_the_item_of_a_caller_that_went_away_is_stored_all_the_same(intake, recorder):
    recorder.gate.clear()
    gone, stays = asyncio.create_task(intake.add(1)), asyncio.create_task(intake.add(2))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    gone.cancel()
    recorder.gate.set()
    assert await stays is True
    assert recorder.loads == [[1, 2]]


async def test_closing_waits_for_everything_that_was_added(intake, recorder):
    waiting = [asyncio.create_task(intake.add(number)) for number in range(100, 700)]
    await asyncio.sleep(0)
    await intake.close()
    assert sum(map(len, recorder.loads)) == 600
    await asyncio.gather(*waiting)


async def test_closing_without_anything_added_is_no_error(intake):
    await intake.close()
