"""Reviews: one for each pull request, found by the commit that it ended at."""

from dataclasses import replace

import pytest

from bot.store import UnknownOwner, UnstorableValue
from tests.store.builders import LATER, NOW, repository, review, seconds, settle


async def test_a_review_comes_out_as_it_went_in_and_a_later_one_replaces_it(store):
    await settle(store)
    ends = replace(review(), head="h2", conclusion="success", cross_repository=True, at=LATER, again_at=LATER)
    for record in (review(), ends):
        await store.reviews.put(record)
        assert await store.reviews.get(10, 7) == record


async def test_pull_requests_and_repositories_have_their_own(store):
    await settle(store, repository(10), repository(11))
    await store.reviews.put(review())
    assert await store.reviews.get(10, 8) is None
    assert await store.reviews.get(11, 7) is None


async def test_all_reviews_that_ended_at_a_commit_are_found_the_newest_first(store):
    await settle(store, repository(10), repository(11))
    for record in (review(number=8, at=LATER), review(number=9), review(number=6, head="h2"), review(repository=11)):
        await store.reviews.put(record)
    assert [each.number for each in await store.reviews.all_by_head(10, "h1")] == [8, 9]
    assert await store.reviews.all_by_head(10, "h3") == []


async def test_a_repositorys_reviews_are_told_newest_first_and_no_more_than_asked_for(store):
    await settle(store, repository(10), repository(11))
    for number in (1, 2, 3):
        await store.reviews.put(review(number=number, at=NOW + seconds(number)))
    await store.reviews.put(review(repository=11))
    assert [each.number for each in await store.reviews.of(10)] == [3, 2, 1]
    assert [each.number for each in await store.reviews.of(10, limit=2)] == [3, 2]


async def test_a_removed_review_is_gone_and_removing_nothing_is_no_error(store):
    await settle(store)
    for number in (7, 8):
        await store.reviews.put(review(number=number))
    await store.reviews.remove(10, 7)
    await store.reviews.remove(10, 7)
    assert [each.number for each in await store.reviews.of(10)] == [8]


async def test_old_reviews_are_forgotten(store):
    await settle(store)
    await store.reviews.put(review(number=1, at=NOW - seconds(1)))
    await store.reviews.put(review(number=2, at=NOW))
    await store.reviews.prune(NOW)
    assert [each.number for each in await store.reviews.of(10)] == [2]


async def test_reviews_go_with_their_repository_and_need_one(store):
    await settle(store)
    await store.reviews.put(review())
    await store.repositories.remove(10)
    assert await store.reviews.get(10, 7) is None
    with pytest.raises(UnknownOwner):
        await store.reviews.put(review())


async def test_a_commit_that_no_database_can_hold_is_refused(store):
    await settle(store)
    with pytest.raises(UnstorableValue, match="an object's id"):
        await store.reviews.put(review(head="a\0"))
