"""Writes of one installation: in a row, a second apart, and given back when they would have to wait long."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.github import CheckRun, Conclusion, MustWait, pacing
from bot.github.pacing import WriteRow
from bot.policies import MergeMethod
from tests.github.scripted import Answer
from tests.github.wishes import BRANCH, facts, opening, rebuild, straight, update

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


async def test_those_who_are_sent_away_are_told_different_times(row, clock, pace):
    await pace.hold(1, clock.now + timedelta(seconds=60))
    told = []
    for _ in range(3):
        with pytest.raises(MustWait) as caught:
            await write(row, clock, [])
        told.append((caught.value.until - clock.now).total_seconds())
    assert told == [60, 61, 62]


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


async def test_a_write_of_several_requests_leaves_a_second_for_each(row, clock):
    start, written = clock.now, []
    async with row.turn(1, writes=3):
        pass
    await write(row, clock, written)
    assert [(moment - start).total_seconds() for moment in written] == [3]


async def test_every_write_of_a_client_takes_its_turn(repo, server, pace):
    server.on("PATCH /repos/acme/shop/pulls/3", Answer({}))
    server.on("POST /repos/acme/shop/issues/3/labels", Answer([]))
    await repo.close_pull_request(3)
    await repo.label(3, ["dependencies"])
    assert pace.reserved == 2


async def pull_request(shop):
    return await shop.open_pull_request(opening(await facts(shop)))


async def open_one(shop):
    await pull_request(shop)


async def update_one(shop):
    one = await pull_request(shop)
    await shop.add_commit(update(one.head, one.node))


async def rebuild_one(shop):
    one = await pull_request(shop)
    await shop.rebuild(rebuild(await facts(shop), one.head, one.node))


async def describe_one(shop):
    await shop.redescribe((await pull_request(shop)).node, "Title", "Body")


async def commit_one(shop):
    await shop.commit(straight(await facts(shop), None))


async def label_one(shop):
    await shop.label((await pull_request(shop)).number, ["images"], assignees=["acme"])


async def review_one(shop):
    await shop.label((await pull_request(shop)).number, [], ["acme"])


async def close_one(shop):
    one = await pull_request(shop)
    await shop.close_pull_request(one.number)
    await shop.delete_branch(BRANCH, one.head)


async def merge_one(shop):
    one = await pull_request(shop)
    await shop.merge(one.number, one.head, MergeMethod.SQUASH)


async def check_one(shop):
    await shop.create_check_run(CheckRun((await facts(shop)).base.commit, "niro", Conclusion.SUCCESS, "T", "S"))


@pytest.mark.parametrize(
    ("act", "contents"),
    [
        (open_one, 1),
        (update_one, 2),
        (rebuild_one, 2),
        (describe_one, 2),
        (commit_one, 1),
        (label_one, 1),
        (review_one, 2),
        (close_one, 1),
        (merge_one, 1),
        (check_one, 0),
    ],
)
async def test_what_people_are_told_of_counts_as_new_content(shop, pace, act, contents):
    await act(shop)
    assert pace.contents == contents
