"""Notes: one for each group, and news only when they say something new."""

import asyncio

import pytest

from bot.store import NoteKind, UnknownOwner
from tests.store.builders import LATER, note, repository, settle


@pytest.mark.parametrize("kind", NoteKind)
async def test_a_note_comes_out_as_it_went_in(store, kind):
    await settle(store)
    assert await store.notes.put(note(kind=kind)) is True
    assert await store.notes.get(10, "app") == note(kind=kind)


async def test_the_same_again_is_no_news_and_stays_since_when_it_was_first_said(store):
    await settle(store)
    await store.notes.put(note())
    await store.notes.mark_told(10, "app")
    assert await store.notes.put(note(at=LATER)) is False
    assert await store.notes.get(10, "app") == note(told=True)


@pytest.mark.parametrize("change", [{"kind": NoteKind.STOPPED}, {"sentence": "It waits for 3 others."}])
async def test_another_kind_or_sentence_is_news_that_nobody_was_told(store, change):
    await settle(store)
    await store.notes.put(note())
    await store.notes.mark_told(10, "app")
    assert await store.notes.put(note(at=LATER, **change)) is True
    assert await store.notes.get(10, "app") == note(at=LATER, **change)


async def test_a_sentence_that_had_to_be_cleaned_is_no_news_the_second_time(store):
    await settle(store)
    hostile = note(sentence="\0\udc80" * 3000)
    assert [await store.notes.put(hostile) for _ in range(2)] == [True, False]


async def test_of_the_same_news_put_at_once_one_is_new(store, second_store):
    await settle(store)
    news = await asyncio.gather(*(each.notes.put(note()) for each in [store, second_store] * 5))
    assert sorted(news) == [False] * 9 + [True]


async def test_notes_are_listed_by_group_each_repository_for_itself(store):
    await settle(store, repository(10), repository(11))
    for changes in ({"group": "b"}, {"group": "a"}, {"repository": 11, "group": "c"}):
        await store.notes.put(note(**changes))
    assert [each.group for each in await store.notes.of(10)] == ["a", "b"]


async def test_a_removed_note_is_gone_and_the_others_stay(store):
    await settle(store)
    await store.notes.put(note())
    await store.notes.put(note(group="db"))
    assert [await store.notes.remove(10, "app") for _ in range(2)] == [True, False]
    assert [each.group for each in await store.notes.of(10)] == ["db"]


async def test_a_note_that_was_removed_meanwhile_cannot_be_told_and_that_is_no_error(store):
    await store.notes.mark_told(10, "app")
    assert await store.notes.get(10, "app") is None


async def test_notes_go_with_their_repository_and_need_one(store):
    await settle(store)
    await store.notes.put(note())
    await store.repositories.remove(10)
    assert await store.notes.of(10) == []
    with pytest.raises(UnknownOwner):
        await store.notes.put(note())
