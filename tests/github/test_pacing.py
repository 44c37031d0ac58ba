"""Writes of one installation: in a row, a second apart, and given back when they would have to wait long."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.github import MustWait, pacing
from bot.github.pacing import WriteRow
from tests.github.scripted import Answer

GAP = timedelta(seconds=1)


@pytest.fixture
def row(pace, clock):
    return WriteRow(pace, clock, clock.sleep, GAP)


async def write(row, clock, written, installation=1):
    async with row.turn(installation):
        written.append(clock.now)


async def test_writes_keep_a_second_between_them(row, clock):
    start, written = clock.now, []
    for _ in range(3):
        await write(row, clock, written)
    assert [(moment - start).total_seconds() for moment in written] == [0, 1, 2]


async def test_writes_of_one_installation_never_overlap(row):
    inside = 0
    most = 0

    async def writer():
        nonlocal inside, most
        async with row.turn(1):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(writer() for _ in range(4)))
    assert most == 1


async def test_installations_do_not_wait_for_each_other(row, clock):
    written = []
    async with row.turn(1):
        await write(row, clock, written, installation=2)
    assert clock.slept == []


async def test_a_write_more_than_five_seconds_away_is_given_back(row, clock, pace):
    pace.next[1] = clock.now + timedelta(seconds=6)
    with pytest.raises(MustWait) as caught:
        await write(row, clock, [])
    assert caught.value.until == clock.now + timedelta(seconds=6)
    assert clock.slept == []


async def test_a_write_five_seconds_away_is_waited_for(row, clock, pace):
    pace.next[1] = clock.now + timedelta(seconds=5)
    await write(row, clock, [])
    assert clock.slept == [5]


async def test_those_who_were_sent_away_find_their_places_when_they_come_back(row, clock, pace):
    start = clock.now
    await pace.hold(1, start + timedelta(seconds=60))
    for _ in range(3):
        with pytest.raises(MustWait):
            await write(row, clock, [])
    clock.now = start + timedelta(seconds=60)
    written = []
    for _ in range(3):
        await write(row, clock, written)
    assert [(moment - start).total_seconds() for moment in written] == [60, 61, 62]


async def test_who_waits_too_long_for_a_write_that_hangs_is_sent_away(row, clock, monkeypatch):
    monkeypatch.setattr(pacing, "LONGEST_WAIT", timedelta(seconds=0.01))
    async with row.turn(1):
        with pytest.raises(MustWait):
            await write(row, clock, [])
    clock.forward(seconds=2)
    await write(row, clock, written := [])
    assert len(written) == 1


async def test_a_write_that_fails_gives_its_turn_back(row, clock):
    with pytest.raises(RuntimeError):
        async with row.turn(1):
            raise RuntimeError
    await write(row, clock, written := [])
    assert len(written) == 1


async def test_every_write_of_a_client_takes_its_turn(repo, server, pace):
    server.on("PATCH /repos/acme/shop/pulls/3", Answer({}))
    server.on("POST /repos/acme/shop/issues/3/labels", Answer([]))
    await repo.close_pull_request(3)
    await repo.label(3, ["dependencies"])
    assert pace.reserved == 2
