"""What a promotion follows: since when, as which reader, and which tag stood at which digest."""

from dataclasses import replace

import pytest

from tests.store.builders import LATER, beginning, begun, repository, settle

OTHERS = {
    "another host": {"source_host": "other.example"},
    "another image": {"source_image": "acme/other"},
    "another reader": {"reader": "c-team"},
}


async def test_a_beginning_comes_out_as_it_went_in_and_a_later_one_replaces_it(store):
    await settle(store)
    for each in (beginning(), beginning(reader="c-team", at=LATER, existing_done=True)):
        await store.promotions.begin_following(each)
        assert await store.promotions.beginning(10, "to-qa") == each
    assert await store.promotions.beginning(10, "other") is None
    assert await store.promotions.beginning(11, "to-qa") is None


async def test_that_todays_tags_were_walked_is_noted_of_one_promotion(store):
    await settle(store)
    for name in ("to-qa", "other"):
        await store.promotions.begin_following(beginning(promotion=name))
    await store.promotions.existing_is_done(10, "to-qa")
    await store.promotions.existing_is_done(10, "never begun")
    assert await store.promotions.beginning(10, "to-qa") == replace(beginning(), existing_done=True)
    assert await store.promotions.beginning(10, "other") == beginning(promotion="other")


async def test_watched_tags_are_added_and_moved_and_forgotten_one_by_one(store):
    await settle(store)
    await store.promotions.watch(10, "to-qa", {"1.0": "sha256:1", "1.1": "sha256:2", "1.2": "sha256:3"})
    await store.promotions.watch(10, "to-qa", {"1.1": "sha256:9"})
    await store.promotions.unwatch(10, "to-qa", ["1.2", "never"])
    assert await store.promotions.watched(10, "to-qa") == {"1.0": "sha256:1", "1.1": "sha256:9"}


async def test_more_tags_than_one_transaction_takes_are_all_watched_and_forgotten(store):
    await settle(store)
    tags = {f"v{number}": f"sha256:{number}" for number in range(1203)}
    await store.promotions.watch(10, "to-qa", tags)
    assert await store.promotions.watched(10, "to-qa") == tags
    await store.promotions.unwatch(10, "to-qa", tags)
    assert await store.promotions.watched(10, "to-qa") == {}


async def test_repositories_and_promotions_have_their_own(store):
    await settle(store, repository(10), repository(11))
    await store.promotions.watch(10, "to-qa", {"1.0": "sha256:1"})
    assert await store.promotions.watched(10, "other") == {}
    assert await store.promotions.watched(11, "to-qa") == {}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
async def test_what_was_watched_elsewhere_or_by_somebody_else_is_forgotten(store, other):
    await settle(store)
    await store.promotions.begin_following(beginning())
    for name in ("to-qa", "untouched"):
        await store.promotions.watch(10, name, {"1.0": "sha256:1"})
    await store.promotions.begin_following(beginning(**other))
    assert await store.promotions.watched(10, "to-qa") == {}
    assert await store.promotions.watched(10, "untouched") == {"1.0": "sha256:1"}


async def test_what_was_watched_of_the_same_source_stays(store):
    await settle(store)
    await store.promotions.begin_following(beginning())
    await store.promotions.watch(10, "to-qa", {"1.0": "sha256:1"})
    await store.promotions.begin_following(beginning(at=LATER))
    assert await store.promotions.watched(10, "to-qa") == {"1.0": "sha256:1"}


async def test_promotions_that_are_gone_follow_nothing_and_their_history_stays(store):
    await settle(store, repository(10), repository(11))
    run = await begun(store)
    for number in (10, 11):
        for name in ("to-qa", "kept"):
            await store.promotions.begin_following(beginning(repository=number, promotion=name))
            await store.promotions.watch(number, name, {"1.0": "sha256:1"})
    await store.promotions.forget(10, ["kept"])
    assert await store.promotions.beginning(10, "to-qa") is None
    assert await store.promotions.watched(10, "to-qa") == {}
    assert await store.promotions.of(10) == [run]
    for number, name in ((10, "kept"), (11, "to-qa")):
        assert await store.promotions.beginning(number, name) is not None
        assert await store.promotions.watched(number, name) == {"1.0": "sha256:1"}
    await store.promotions.forget(10, [])
    assert await store.promotions.beginning(10, "kept") is None
