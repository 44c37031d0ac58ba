"""Push times: told by registries for a tag and its digest, and by signed events for a digest."""

from datetime import timedelta

import pytest

from bot.store import Push
from tests.store.builders import LATER, NOW

IMAGE = ("ghcr.io", "acme/app")
EARLIER = NOW - timedelta(days=1)


async def listed(store, *names, reader="", **digests):
    await store.ledger.record(*IMAGE, [*names, *digests], NOW, reader)
    for name, digest in digests.items():
        await store.ledger.describe(*IMAGE, name, digest, None, reader, seen_at=NOW)


async def push_times(store, reader=""):
    return {tag.name: tag.pushed_at for tag in await store.ledger.tags(*IMAGE, reader)}


@pytest.mark.parametrize("digest", ["sha256:1", None])
async def test_a_registry_tells_when_a_tag_was_pushed(store, digest):
    await listed(store, "bare", a="sha256:1")
    pushes = [Push("a", digest, NOW), Push("bare", digest, LATER)]
    assert await store.ledger.note_pushes(*IMAGE, "", pushes) == 2
    assert await push_times(store) == {"a": NOW, "bare": LATER}


async def test_only_news_is_counted_and_written(store):
    await listed(store, "a", "b", "c")
    await store.ledger.note_pushes(*IMAGE, "", [Push(name, None, NOW) for name in "abc"])
    news = [Push("a", None, NOW), Push("b", None, LATER), Push("c", "sha256:3", NOW)]
    assert await store.ledger.note_pushes(*IMAGE, "", news) == 2
    assert await store.ledger.note_pushes(*IMAGE, "", news) == 0


async def test_tags_that_are_not_listed_are_passed_over(store):
    await listed(store, "a", "gone")
    await store.ledger.record(*IMAGE, ["a"], NOW)
    assert await store.ledger.note_pushes(*IMAGE, "", [Push("gone", None, NOW), Push("unknown", None, NOW)]) == 0


async def test_the_push_of_another_digest_counts_once_the_tag_stands_for_it(store):
    await listed(store, a="sha256:1")
    await store.ledger.note_pushes(*IMAGE, "", [Push("a", "sha256:1", EARLIER)])
    await store.ledger.note_pushes(*IMAGE, "", [Push("a", "sha256:2", NOW)])
    assert await push_times(store) == {"a": None}
    await store.ledger.describe(*IMAGE, "a", "sha256:2", None)
    assert await push_times(store) == {"a": NOW}
    await store.ledger.describe(*IMAGE, "a", "sha256:3", None)
    assert await push_times(store) == {"a": None}


async def test_readers_do_not_share_what_a_registry_told(store):
    await listed(store, a="sha256:1")
    await listed(store, a="sha256:1", reader="c-1")
    await store.ledger.note_pushes(*IMAGE, "c-1", [Push("a", "sha256:1", NOW)])
    assert (await push_times(store), await push_times(store, "c-1")) == ({"a": None}, {"a": NOW})


async def test_of_many_pushes_each_counts_and_of_two_for_one_tag_the_last(store):
    names = [f"v{number}" for number in range(1203)]
    await listed(store, *names)
    pushes = [*(Push(name, None, NOW) for name in names), Push("v1202", None, LATER)]
    await store.ledger.note_pushes(*IMAGE, "", pushes)
    assert await push_times(store) == {**dict.fromkeys(names, NOW), "v1202": LATER}


async def test_an_event_tells_when_a_digest_was_pushed_under_a_tag_before_or_after_it_is_seen(store):
    await store.ledger.pushed(*IMAGE, Push("a", "sha256:1", EARLIER))
    await listed(store, "bare", a="sha256:1", b="sha256:1", c="sha256:2")
    await store.ledger.pushed(*IMAGE, Push("c", "sha256:2", NOW))
    await store.ledger.pushed(*IMAGE, Push("c", "sha256:1", LATER))
    assert await push_times(store) == {"a": EARLIER, "b": None, "c": NOW, "bare": None}


async def test_the_last_push_of_each_tag_can_be_asked_for(store):
    for push in (Push("a", "sha256:2", NOW), Push("a", "sha256:1", EARLIER), Push("b", "sha256:1", LATER)):
        await store.ledger.pushed(*IMAGE, push)
    assert await store.ledger.told_pushes(*IMAGE) == [Push("a", "sha256:2", NOW), Push("b", "sha256:1", LATER)]


@pytest.mark.parametrize("told", [(NOW, EARLIER), (EARLIER, NOW)])
async def test_of_several_events_the_earliest_counts(store, told):
    await listed(store, a="sha256:1")
    for at in told:
        await store.ledger.pushed(*IMAGE, Push("a", "sha256:1", at))
    assert await push_times(store) == {"a": EARLIER}


async def test_an_event_counts_for_its_image_only(store):
    await listed(store, a="sha256:1")
    await store.ledger.pushed("ghcr.io", "acme/other", Push("a", "sha256:1", NOW))
    await store.ledger.pushed("docker.io", "acme/app", Push("a", "sha256:1", NOW))
    assert await push_times(store) == {"a": None}


async def test_the_registrys_own_word_goes_before_an_event(store):
    await listed(store, a="sha256:1")
    await store.ledger.pushed(*IMAGE, Push("a", "sha256:1", EARLIER))
    await store.ledger.note_pushes(*IMAGE, "", [Push("a", "sha256:1", NOW)])
    assert await push_times(store) == {"a": NOW}


async def test_an_event_fills_in_where_the_registry_spoke_of_another_digest(store):
    await listed(store, a="sha256:1")
    await store.ledger.pushed(*IMAGE, Push("a", "sha256:1", EARLIER))
    await store.ledger.note_pushes(*IMAGE, "", [Push("a", "sha256:2", NOW)])
    assert await push_times(store) == {"a": EARLIER}
