"""Promotions: one run for each image that a promotion judges, changed only as it was read."""

import asyncio
from dataclasses import replace

import pytest

from bot.store import RunState, UnendedRun, UnknownOwner, UnstorableValue
from tests.store.builders import LATER, NOW, beginning, begun, installation, new_run, repository, settle

DIGEST = new_run().digest
UNENDED = {RunState.NEW, RunState.WAITING, RunState.BLOCKED, RunState.COPYING, RunState.APPROVED}
JUDGED_AGAIN = {RunState.NEW, RunState.WAITING, RunState.DENIED, RunState.BLOCKED, RunState.PROPOSED}

CHANGES = {
    "the target's tag": {"target_tag": "1.0-qa"},
    "its state": {"state": RunState.WAITING},
    "its reason": {"reason": "The report is not there yet."},
    "its verdict": {"verdict": '{"outcome": "unknown"}'},
    "its depth": {"depth": 3},
    "since when it is looked at": {"seen_at": LATER},
    "when it was decided": {"decided_at": LATER},
    "when it ended": {"ended_at": LATER},
    "when it is judged again": {"again_at": LATER},
    "how much was streamed": {"streamed_bytes": 2**40},
    "how long it took": {"seconds": 1.25},
    "where it was told": {"commit": "c1", "told_in": 10},
    "what was told": {"told": "sha256:1"},
}


async def test_an_image_that_is_seen_first_is_new_and_comes_back_as_it_was_written(store):
    await settle(store)
    run, made = await store.promotions.begin(new_run())
    assert made
    assert (run.state, run.target_tag, run.verdict, run.installation) == (RunState.NEW, "", "", 1)
    assert (run.decided_at, run.ended_at, run.again_at) == (None, None, None)
    given = {name: getattr(new_run(), name) for name in new_run().__slots__}
    assert {name: getattr(run, name) for name in given} == given
    assert await store.promotions.get(run.id) == run


async def test_the_same_image_of_the_same_text_is_one_run_that_stays_as_it_is(store):
    await settle(store)
    first = await begun(store, state=RunState.DONE, target_tag="1.0-qa")
    again = await store.promotions.begin(new_run(seen_at=LATER, target_image="acme/other", depth=2))
    assert again == (first, False)


@pytest.mark.parametrize(
    "differs", ["repository", "promotion", "revision", "source_host", "source_image", "tag", "digest"]
)
async def test_another_image_promotion_or_text_is_another_run(store, differs):
    await settle(store, repository(10), repository(11))
    first, _ = await store.promotions.begin(new_run())
    second, made = await store.promotions.begin(new_run(**{differs: 11 if differs == "repository" else "other"}))
    assert made
    assert second.id != first.id


async def test_many_who_see_an_image_at_once_begin_one_run(store, second_store):
    await settle(store)
    begun_by = await asyncio.gather(*(each.promotions.begin(new_run()) for each in (store, second_store) * 10))
    assert len({run.id for run, _ in begun_by}) == 1
    assert sum(made for _, made in begun_by) == 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_is_still_as_it_was_read_is_replaced(store, change):
    await settle(store)
    run, _ = await store.promotions.begin(new_run())
    assert await store.promotions.save(replace(run, **change), run)
    assert await store.promotions.get(run.id) == replace(run, **change)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_what_was_changed_meanwhile_stays(store, change):
    await settle(store)
    run, _ = await store.promotions.begin(new_run())
    meanwhile = replace(run, **change)
    await store.promotions.save(meanwhile, run)
    assert not await store.promotions.save(replace(run, state=RunState.DONE), run)
    assert await store.promotions.get(run.id) == meanwhile


async def test_of_many_who_change_a_run_at_once_one_does(store, second_store):
    await settle(store)
    run, _ = await store.promotions.begin(new_run())
    stores = (store, second_store) * 5
    saved = await asyncio.gather(
        *(each.promotions.save(replace(run, reason=f"{number}"), run) for number, each in enumerate(stores))
    )
    assert sum(saved) == 1


async def test_which_image_a_run_is_about_never_changes(store):
    await settle(store)
    run, _ = await store.promotions.begin(new_run())
    assert await store.promotions.save(replace(run, digest="sha256:9", target_image="acme/evil"), run)
    assert await store.promotions.get(run.id) == run


async def test_a_run_that_is_gone_is_not_saved(store):
    await settle(store)
    run = await begun(store)
    await store.repositories.remove(10)
    assert not await store.promotions.save(replace(run, reason="no"), run)
    assert await store.promotions.get(run.id) is None


async def test_runs_are_told_newest_first_by_repository_promotion_and_state_and_no_more_than_asked_for(store):
    await settle(store, repository(10), repository(11))
    first = await begun(store, tag="1")
    second = await begun(store, tag="2", state=RunState.DONE)
    third = await begun(store, tag="3", promotion="other")
    fourth = await begun(store, tag="4", repository=11)
    asked = {
        "all": await store.promotions.of(None),
        "one repository": await store.promotions.of(10),
        "one promotion": await store.promotions.of(10, "to-qa"),
        "one state": await store.promotions.of(10, state=RunState.DONE),
        "at most two": await store.promotions.of(10, limit=2),
    }
    assert asked == {
        "all": [fourth, third, second, first],
        "one repository": [third, second, first],
        "one promotion": [second, first],
        "one state": [second],
        "at most two": [third, second],
    }


def in_few_words(run):
    return UnendedRun(**{name: getattr(run, name) for name in UnendedRun.__slots__})


async def test_runs_that_have_not_ended_are_told_the_oldest_first(store):
    await settle(store, repository(10), repository(11))
    runs = [await begun(store, tag=state.value, state=state) for state in RunState]
    other = await begun(store, repository=11)
    ours = [in_few_words(run) for run in runs if run.state in UNENDED]
    assert await store.promotions.unended(10) == ours
    assert await store.promotions.unended() == [*ours, in_few_words(other)]


async def test_runs_that_have_not_ended_are_told_without_their_verdicts(store):
    await settle(store)
    run = await begun(store, state=RunState.WAITING, verdict="{}" * 1000, again_at=LATER)
    (told,) = await store.promotions.unended()
    assert told == in_few_words(run)
    assert not hasattr(told, "verdict")


async def test_new_evidence_finds_the_runs_it_can_change_in_every_repository(store):
    await settle(store, repository(10), repository(11))
    runs = [await begun(store, tag=state.value, state=state) for state in RunState]
    other = await begun(store, repository=11, digest="sha256:2")
    await begun(store, source_image="acme/else")
    await begun(store, source_host="other.example")
    ours = [run for run in runs if run.state in JUDGED_AGAIN]
    assert await store.promotions.of_source("dev.example", "acme/website") == [other, *ours[::-1]]


@pytest.mark.parametrize("idle", [{"archived": True}, {"installation": 2}], ids=["archived", "suspended"])
async def test_what_cannot_be_worked_on_is_not_told_as_work(store, idle):
    await settle(store)
    await store.installations.save(installation(2, suspended=True))
    await begun(store)
    await store.repositories.save(repository(**idle))
    assert await store.promotions.unended() == []
    assert await store.promotions.of_source("dev.example", "acme/website") == []
    assert len(await store.promotions.of(10)) == 1


async def test_a_run_belongs_to_the_installation_that_its_repository_belongs_to_now(store):
    await settle(store)
    run = await begun(store)
    await store.installations.save(installation(2))
    await store.repositories.save(repository(installation=2))
    assert (await store.promotions.get(run.id)).installation == 2


async def test_everything_goes_with_the_repository_and_needs_one(store):
    await settle(store)
    run = await begun(store)
    await store.promotions.watch(10, "to-qa", {"1.0": DIGEST})
    await store.promotions.begin_following(beginning())
    await store.promotions.claim("h", "i", "t", run.id, NOW, LATER)
    await store.repositories.remove(10)
    assert await store.promotions.of(None) == []
    assert await store.promotions.watched(10, "to-qa") == {}
    assert await store.promotions.beginning(10, "to-qa") is None
    for write in (
        lambda: store.promotions.begin(new_run()),
        lambda: store.promotions.watch(10, "to-qa", {"1.0": DIGEST}),
        lambda: store.promotions.begin_following(beginning()),
        lambda: store.promotions.claim("h", "i", "t", run.id, NOW, LATER),
    ):
        with pytest.raises(UnknownOwner):
            await write()


@pytest.mark.parametrize("name", ["promotion", "tag", "digest", "source_image", "target_image"])
async def test_a_name_that_cannot_be_held_is_refused(store, name):
    await settle(store)
    with pytest.raises(UnstorableValue):
        await store.promotions.begin(new_run(**{name: "a\0b"}))


async def test_the_longest_names_can_be_stored_and_found(store):
    await settle(store)
    names = ("promotion", "revision", "source_host", "tag", "digest", "target_host")
    long = {name: name[0] * 255 for name in names} | {"source_image": "i" * 512, "target_image": "j" * 512}
    run, _ = await store.promotions.begin(new_run(**long))
    assert await store.promotions.begin(new_run(**long)) == (run, False)


async def test_hostile_sentences_and_verdicts_are_cleaned_and_can_still_be_compared(store):
    await settle(store)
    run, _ = await store.promotions.begin(new_run())
    hostile = replace(run, reason="no\0 \udfff" + "x" * 9000, verdict='["\ud800"]')
    assert await store.promotions.save(hostile, run)
    assert (await store.promotions.get(run.id)).verdict == '["\ufffd"]'
    assert await store.promotions.save(replace(hostile, reason="fine"), hostile)


async def test_what_is_told_on_a_commit_is_that_of_one_repository_and_installation(store):
    await settle(store, repository(10), repository(11))
    here = await begun(store, commit="c1", told_in=10)
    await begun(store, tag="2.0", commit="c1", told_in=11)
    await begun(store, tag="3.0", commit="c2", told_in=10)
    assert await store.promotions.told_on(1, 10, "c1") == [here]
    assert await store.promotions.told_on(2, 10, "c1") == []
