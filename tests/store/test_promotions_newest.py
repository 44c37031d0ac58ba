"""The newest runs of promotions: at which digest a tag was judged last, and what of old ones is opened again."""

from dataclasses import replace

import pytest

from bot.store import RunState
from tests.store.builders import LATER, NOW, begun, new_run, repository, settle

SOURCE = ("dev.example", "acme/website")
OTHERS = ({"repository": 11}, {"promotion": "b"}, {"source_host": "h"}, {"source_image": "i"})


async def judged(store):
    return await store.promotions.judged(10, "to-qa", *SOURCE)


async def test_each_tag_was_judged_last_at_the_digest_of_its_newest_run(store):
    await settle(store)
    assert await judged(store) == {}
    for tag, digest in (("1", "sha256:1"), ("2", "sha256:2"), ("1", "sha256:3")):
        await begun(store, tag=tag, digest=digest)
    assert await judged(store) == {"1": "sha256:3", "2": "sha256:2"}


async def test_no_revision_and_no_end_of_a_run_is_passed_over(store):
    await settle(store)
    for number, state in enumerate(RunState):
        await begun(store, tag=state.value, digest="sha256:old")
        await begun(store, tag=state.value, digest="sha256:new", revision=f"r{number}", state=state, ended_at=NOW)
    assert await judged(store) == {state.value: "sha256:new" for state in RunState}


async def test_of_two_runs_the_newer_is_the_one_that_was_looked_at_anew(store):
    await settle(store)
    await begun(store, digest="sha256:1", seen_at=LATER)
    await begun(store, digest="sha256:2", seen_at=NOW)
    assert await judged(store) == {"1.0-stable": "sha256:1"}


async def test_other_repositories_promotions_and_sources_have_their_own(store):
    await settle(store, repository(10), repository(11))
    for other in OTHERS:
        await begun(store, **other)
    assert await judged(store) == {}


async def test_the_last_run_of_a_tag_at_a_digest_is_found_under_every_revision(store):
    await settle(store)
    await begun(store)
    newest = await begun(store, revision="r2", state=RunState.DENIED)
    await begun(store, revision="r3", digest="sha256:2")
    assert await store.promotions.last(10, "to-qa", newest.tag, newest.digest) == newest


async def test_a_tag_at_a_digest_that_nobody_saw_has_no_last_run(store):
    await settle(store, repository(10), repository(11))
    run = new_run()
    for other in ({"repository": 11}, {"promotion": "b"}, {"tag": "t"}, {"digest": "sha256:2"}):
        await begun(store, **other)
    assert await store.promotions.last(10, "to-qa", run.tag, run.digest) is None


async def test_a_superseded_run_is_opened_again_once(store):
    await settle(store)
    run = await begun(
        store, state=RunState.SUPERSEDED, reason="moved", ended_at=NOW, again_at=NOW, verdict="{}", target_tag="t"
    )
    assert await store.promotions.reopen(run.id)
    anew = replace(run, state=RunState.NEW, reason="", ended_at=None, again_at=None)
    assert await store.promotions.get(run.id) == anew
    assert not await store.promotions.reopen(run.id)
    assert await store.promotions.get(run.id) == anew


async def test_a_run_that_is_opened_again_can_be_looked_at_since_then(store):
    await settle(store)
    run = await begun(store, state=RunState.SUPERSEDED)
    await begun(store, digest="sha256:2")
    assert await store.promotions.reopen(run.id, seen_at=LATER)
    assert (await store.promotions.get(run.id)).seen_at == LATER
    assert await judged(store) == {run.tag: run.digest}


@pytest.mark.parametrize("state", set(RunState) - {RunState.SUPERSEDED}, ids=lambda state: state.value)
async def test_no_other_run_is_opened_again(store, state):
    await settle(store)
    run = await begun(store, state=state, reason="so it is")
    assert not await store.promotions.reopen(run.id, seen_at=LATER)
    assert await store.promotions.get(run.id) == run
    assert not await store.promotions.reopen(run.id + 1)
