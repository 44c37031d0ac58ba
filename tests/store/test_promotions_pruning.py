"""Forgetting promotions that ended long ago: details go, but a tag that was judged is never taken for a new one."""

from dataclasses import replace

import pytest

from bot.store import EventKind, RunState
from tests.store.builders import LATER, NOW, beginning, begun, event, new_run, repository, seconds, settle

OLD = NOW - seconds(1)
DIGEST = new_run().digest


async def follow(store, *names):
    """Have promotions follow what they take from, as long as the policy file names them."""
    await settle(store)
    for name in names or ("to-qa",):
        await store.promotions.begin_following(beginning(promotion=name))


async def test_a_run_that_ended_long_ago_loses_its_events_and_verdict_and_is_still_known(store):
    await follow(store)
    old = await begun(store, ended_at=OLD, verdict="{}", target_tag="1.0-qa")
    await store.promotions.note(old.id, event())
    await store.promotions.prune(NOW)
    assert await store.promotions.get(old.id) == replace(old, verdict="")
    assert await store.promotions.events(old.id) == []
    assert (await store.promotions.begin(new_run()))[1] is False


async def test_its_tag_is_still_one_that_was_judged(store):
    await follow(store)
    await begun(store, ended_at=OLD)
    await store.promotions.prune(NOW)
    assert await store.promotions.judged(10, "to-qa", "dev.example", "acme/website") == {"1.0-stable": DIGEST}


async def test_what_a_later_run_of_the_tag_replaced_goes(store):
    await follow(store, "to-qa", "b")
    old, last = await begun(store, ended_at=OLD), await begun(store, digest="sha256:2", ended_at=OLD)
    others = [await begun(store, **other) for other in ({"promotion": "b"}, {"source_image": "c"}, {"tag": "d"})]
    await store.promotions.prune(NOW)
    assert old not in await store.promotions.of(10)
    assert await store.promotions.of(10) == [*others[::-1], last]


MERGED = {"mode": "pull-request", "state": RunState.DONE, "ended_at": OLD}


async def test_what_a_map_brought_to_its_target_is_known_as_long_as_the_map_may_name_it(store):
    await follow(store)
    old = await begun(store, target_tag="a", **MERGED)
    last = await begun(store, target_tag="b", digest="sha256:2", **MERGED)
    await store.promotions.prune(NOW)
    assert await store.promotions.of(10) == [last, old]


async def test_of_one_entry_of_a_map_the_last_copy_is_known(store):
    await follow(store)
    runs = [await begun(store, target_tag="a", revision=f"r{number}", **MERGED) for number in (1, 2, 3)]
    again = replace(runs[1], ended_at=OLD + seconds(0.5))
    await store.promotions.save(again, runs[1])
    await store.promotions.prune(NOW)
    assert await store.promotions.of(10) == [runs[2], again]


UNKNOWN = {"was not copied": {"state": RunState.SUPERSEDED}, "was copied at once": {"mode": "copy"}}


@pytest.mark.parametrize("changed", UNKNOWN.values(), ids=UNKNOWN)
async def test_what_no_map_brought_goes_with_the_next_of_its_tag(store, changed):
    await follow(store)
    await begun(store, target_tag="a", **{**MERGED, **changed})
    last = await begun(store, target_tag="b", digest="sha256:2", **MERGED)
    await store.promotions.prune(NOW)
    assert await store.promotions.of(10) == [last]


async def test_a_no_to_the_last_run_of_a_tag_is_remembered(store):
    await follow(store)
    denied = await begun(store, state=RunState.DENIED, ended_at=OLD)
    no = event(EventKind.PROPOSED, outcome="turned-down")
    for noted in (event(), no, event(EventKind.FAILED)):
        await store.promotions.note(denied.id, noted)
    await store.promotions.prune(NOW)
    assert await store.promotions.events(denied.id) == [no]


async def test_what_ended_later_or_not_at_all_stays_whole(store):
    await settle(store)
    runs = [await begun(store, digest=f"sha256:{n}", verdict="{}", ended_at=at) for n, at in ((1, NOW), (2, None))]
    for run in runs:
        await store.promotions.note(run.id, event())
    await store.promotions.prune(NOW)
    assert await store.promotions.of(10) == runs[::-1]
    assert [len(await store.promotions.events(run.id)) for run in runs] == [1, 1]


async def test_of_a_promotion_that_is_gone_the_last_runs_go_as_well(store):
    await follow(store)
    gone = [await begun(store, promotion="gone", tag=tag, ended_at=OLD) for tag in ("1", "2")]
    await store.promotions.note(gone[0].id, event())
    others = [await begun(store, promotion="gone", tag=f"{at}", ended_at=at) for at in (NOW, None)]
    await store.promotions.prune(NOW)
    assert await store.promotions.of(10) == others[::-1]
    assert await store.promotions.events(gone[0].id) == []


async def test_a_promotion_of_that_name_in_another_repository_keeps_nothing(store):
    await follow(store)
    await settle(store, repository(11))
    await begun(store, repository=11, ended_at=OLD)
    await store.promotions.prune(NOW)
    assert await store.promotions.of(11) == []


async def test_more_than_one_transaction_takes_is_all_forgotten(store):
    await follow(store)
    run = await begun(store, ended_at=OLD, verdict="{}")
    for number in range(3):
        await store.promotions.note(run.id, event(outcome=str(number)))
    runs = [await begun(store, tag=f"t{number}", ended_at=OLD, verdict="{}") for number in range(1010)]
    await store.promotions.prune(NOW)
    assert {each.verdict for each in await store.promotions.of(10, limit=2000)} == {""}
    assert len(await store.promotions.of(10, limit=2000)) == len(runs) + 1


async def test_a_run_that_was_forgotten_never_gives_its_number_to_another(store):
    await settle(store)
    last = await begun(store, ended_at=OLD)
    await store.repositories.remove(10)
    await settle(store)
    assert (await begun(store, seen_at=LATER)).id > last.id
