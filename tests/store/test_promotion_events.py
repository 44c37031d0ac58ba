"""What was done about a promoted image: each evaluation, copy, proposal and failure, bounded in number."""

import asyncio
from dataclasses import replace

import pytest

from bot.store import EventKind, LastProposal, UnknownOwner
from bot.store.promotion_events import MOST_EVENTS
from tests.store.builders import LATER, begun, event, settle

DIFFERENT = {
    "another outcome": event(outcome="true"),
    "another document": event(document="[]"),
    "another kind": event(EventKind.FAILED),
}


@pytest.mark.parametrize("kind", EventKind)
async def test_an_event_comes_out_as_it_went_in(store, kind):
    await settle(store)
    run, other = await begun(store), await begun(store, tag="other")
    noted = event(kind, seconds=1.25, streamed_bytes=2**40, document='{"a": 1}')
    await store.promotions.note(run.id, noted)
    assert await store.promotions.events(run.id) == [noted]
    assert await store.promotions.events(other.id) == []


async def test_evaluations_that_come_to_the_same_are_one_that_is_counted(store):
    await settle(store)
    run = await begun(store)
    again = event(at=LATER, seconds=2.0, streamed_bytes=5)
    for noted in (event(), event(), again):
        await store.promotions.note(run.id, noted)
    assert await store.promotions.events(run.id) == [replace(again, times=3)]


@pytest.mark.parametrize("between", DIFFERENT.values(), ids=DIFFERENT)
async def test_an_evaluation_after_something_else_is_one_of_its_own(store, between):
    await settle(store)
    run = await begun(store)
    for noted in (event(), between, event()):
        await store.promotions.note(run.id, noted)
    assert await store.promotions.events(run.id) == [event(), between, event()]


@pytest.mark.parametrize("kind", [EventKind.COPIED, EventKind.PROPOSED, EventKind.FAILED])
async def test_what_is_no_evaluation_is_never_counted_together(store, kind):
    await settle(store)
    run = await begun(store)
    for _ in range(2):
        await store.promotions.note(run.id, event(kind))
    assert await store.promotions.events(run.id) == [event(kind)] * 2


async def test_what_hostile_documents_come_to_is_counted_too(store):
    await settle(store)
    run = await begun(store)
    for _ in range(2):
        await store.promotions.note(run.id, event(document='["\ud800"]'))
    assert [each.times for each in await store.promotions.events(run.id)] == [2]


async def test_many_who_note_the_same_at_once_count_all_of_it(store, second_store):
    await settle(store)
    run = await begun(store)
    await asyncio.gather(*(each.promotions.note(run.id, event()) for each in (store, second_store) * 10))
    assert [each.times for each in await store.promotions.events(run.id)] == [20]


async def test_the_latest_events_are_kept_and_those_of_other_runs(store):
    await settle(store)
    run, other = await begun(store), await begun(store, tag="other")
    await store.promotions.note(other.id, event())
    for number in range(MOST_EVENTS + 5):
        await store.promotions.note(run.id, event(outcome=str(number)))
    outcomes = [each.outcome for each in await store.promotions.events(run.id)]
    assert outcomes == [str(number) for number in range(5, MOST_EVENTS + 5)]
    assert await store.promotions.events(other.id) == [event()]


async def test_what_was_last_noted_of_a_proposal_is_kept_whatever_comes_after_it(store):
    await settle(store)
    run = await begun(store)
    for outcome in ("open", "turned-down"):
        await store.promotions.note(run.id, event(EventKind.PROPOSED, outcome=outcome))
    for number in range(MOST_EVENTS + 5):
        await store.promotions.note(run.id, event(outcome=str(number)))
    outcomes = [each.outcome for each in await store.promotions.events(run.id)]
    assert outcomes == ["turned-down", *(str(number) for number in range(5, MOST_EVENTS + 5))]
    assert [each.outcome for each in await store.promotions.proposals(10, "to-qa")] == ["turned-down"]


async def test_events_go_with_their_run_and_need_one(store):
    await settle(store)
    run = await begun(store)
    await store.promotions.note(run.id, event())
    await store.repositories.remove(10)
    assert await store.promotions.events(run.id) == []
    with pytest.raises(UnknownOwner):
        await store.promotions.note(run.id, event())


async def test_of_each_run_of_a_promotion_it_is_known_what_was_last_noted_of_its_proposal(store):
    await settle(store)
    first, second = await begun(store, target_tag="1.0-qa"), await begun(store, revision="r2")
    other = await begun(store, promotion="other")
    for run, outcome in ((first, "opening"), (second, "opening"), (first, "open"), (other, "open")):
        await store.promotions.note(run.id, event(EventKind.PROPOSED, outcome=outcome))
    await store.promotions.note(first.id, event(EventKind.FAILED))
    assert await store.promotions.proposals(10, "to-qa") == [
        LastProposal(first.id, first.tag, first.digest, "1.0-qa", first.state, "open", "{}"),
        LastProposal(second.id, second.tag, second.digest, "", second.state, "opening", "{}"),
    ]
