"""Comments: each is obeyed once, whatever is cut short and whoever else tries."""

import asyncio

import pytest

from bot.store import CommentState, DueRequest, UnknownOwner
from tests.store.builders import LATER, NOW, repository, seconds, settle

NEW, STARTED, OBEYED, REFUSED, DONE = CommentState
WORK = DueRequest("merge-bump", '[1,10,"app"]', "installation:1", 0, NOW)


async def test_a_comment_is_new_then_started_then_done(store):
    await settle(store)
    assert [await store.comments.begin(10, 1, NOW) for _ in range(2)] == [NEW, STARTED]
    await store.comments.done(10, 1)
    assert await store.comments.begin(10, 1, LATER) is DONE


@pytest.mark.parametrize(("is_done", "state"), [(True, OBEYED), (False, REFUSED)])
async def test_what_came_of_a_comment_is_kept_with_its_words_until_it_is_done(store, is_done, state):
    await settle(store)
    assert await store.comments.get(10, 1) is None
    await store.comments.begin(10, 1, NOW)
    words = "Because. " * 1000
    await store.comments.settle(10, 1, words, is_done=is_done)
    kept = await store.comments.get(10, 1)
    assert (kept.state, kept.words, kept.at) == (state, words, NOW)
    assert await store.comments.begin(10, 1, LATER) is state
    await store.comments.done(10, 1)
    kept = await store.comments.get(10, 1)
    assert (kept.state, kept.words) == (DONE, "")


async def test_a_comment_is_settled_together_with_the_work_it_leads_to(store):
    await settle(store)
    await store.comments.begin(10, 1, NOW)
    await store.comments.settle(10, 1, "", [WORK], is_done=True)
    (leased,) = await store.due.lease(NOW, window=10, share=10, until=LATER)
    assert (leased.kind, leased.key) == (WORK.kind, WORK.key)


def test_only_what_is_begun_or_new_may_still_be_obeyed():
    assert [state for state in CommentState if not state.is_settled] == [NEW, STARTED]


async def test_of_many_who_begin_at_once_one_finds_it_new(store, second_store):
    await settle(store)
    states = await asyncio.gather(*(each.comments.begin(10, 1, NOW) for each in [store, second_store] * 10))
    assert sorted(state.value for state in states) == ["new"] + ["started"] * 19


async def test_comments_and_repositories_are_kept_apart(store):
    await settle(store, repository(10), repository(11))
    await store.comments.begin(10, 1, NOW)
    await store.comments.done(10, 1)
    assert await store.comments.begin(10, 2, NOW) is NEW
    assert await store.comments.begin(11, 1, NOW) is NEW


async def test_a_comment_that_was_never_begun_cannot_be_done_and_that_is_no_error(store):
    await settle(store)
    await store.comments.done(10, 1)
    assert await store.comments.begin(10, 1, NOW) is NEW


async def test_old_comments_are_forgotten_however_many_they_are(store):
    await settle(store)
    for first in range(1, 1203, 100):
        old = range(first, min(first + 100, 1203))
        await asyncio.gather(*(store.comments.begin(10, number, NOW - seconds(1)) for number in old))
    await store.comments.begin(10, 5000, NOW)
    assert await store.comments.forget(NOW) == 1202
    assert await store.comments.begin(10, 5000, NOW) is STARTED
    assert await store.comments.begin(10, 1, NOW) is NEW


async def test_comments_go_with_their_repository_and_need_one(store):
    await settle(store)
    await store.comments.begin(10, 1, NOW)
    await store.repositories.remove(10)
    with pytest.raises(UnknownOwner):
        await store.comments.begin(10, 1, NOW)
    await settle(store)
    assert await store.comments.begin(10, 1, NOW) is NEW
