"""The newest runs of promotions: at which digest a tag was judged last."""

from bot.store import RunState
from tests.store.builders import LATER, NOW, begun, repository, settle

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
        await begun(store, tag=state.value, digest="sha256:new", revision=f"r{number}", state=state, seen_at=LATER)
    assert await judged(store) == {state.value: "sha256:new" for state in RunState}


async def test_of_two_runs_the_newer_is_the_one_that_was_looked_at_anew(store):
    await settle(store)
    await begun(store, digest="sha256:1", seen_at=LATER)
    await begun(store, digest="sha256:2", seen_at=NOW)
    assert await judged(store) == {"1.0-stable": "sha256:1"}


async def test_of_the_runs_of_two_texts_the_one_that_carries_the_image_on_counts(store):
    await settle(store)
    carried = await begun(store, revision="reverted", seen_at=NOW)
    await begun(store, revision="edited", seen_at=NOW, state=RunState.SUPERSEDED, ended_at=LATER)
    newest = await store.promotions.newest(10, "to-qa", *SOURCE)
    assert [run.id for run in newest.values()] == [carried.id]


async def test_other_repositories_promotions_and_sources_have_their_own(store):
    await settle(store, repository(10), repository(11))
    for other in OTHERS:
        await begun(store, **other)
    assert await judged(store) == {}
