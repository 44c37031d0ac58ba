"""Forgetting push times: kept while somebody lists the tag and follows the image, and not more of them than needed."""

import asyncio
from datetime import timedelta

import pytest
from pydantic import SecretStr

from bot.store import Follow, Push, Store
from bot.store.database import pieces
from tests.store.builders import LATER, NOW, credential, settle

IMAGE = ("registry.example", "app")
OTHER = ("registry.example", "other")


async def told(store, *names, image=IMAGE, at=NOW):
    """Have signed events tell of pushes."""
    for some in pieces(names):
        await asyncio.gather(*(store.ledger.pushed(*image, Push(name, "sha256:1", at)) for name in some))


async def left(store, image=IMAGE):
    return [push.tag for push in await store.ledger.told_pushes(*image)]


async def listed(store, *names, reader="", image=IMAGE):
    await store.ledger.record(*image, names, NOW, reader)
    await store.ledger.scanned(*image, NOW, None, reader)


async def followed(store, *images, reader=""):
    await settle(store)
    await store.repositories.follow(10, [Follow(f"p-{image[1]}", *image, reader) for image in images])


async def remove(store):
    await store.credentials.add(credential(), SecretStr("secret"))
    await store.credentials.remove(1, "team")


async def test_push_times_go_with_the_only_reader_that_could_list_the_tags(store):
    await told(store, "private", "not-seen-yet")
    await told(store, "elsewhere", image=OTHER)
    await listed(store, "private", reader="c-team")
    await remove(store)
    assert (await left(store), await left(store, OTHER)) == ([], ["elsewhere"])


async def test_that_nobody_in_particular_tried_to_read_the_image_keeps_none(store):
    """Before there was a credential, and again after it, the image is followed and cannot be read."""
    await followed(store, IMAGE)
    await told(store, "private")
    await store.ledger.scanned(*IMAGE, NOW, "denied")
    await listed(store, "private", reader="c-team")
    await remove(store)
    assert await left(store) == []


@pytest.mark.parametrize("other", ["", "c-other"])
async def test_those_of_tags_that_others_list_too_stay(store, other):
    await told(store, "shared", "private")
    await listed(store, "shared", reader=other)
    await listed(store, "shared", "private", reader="c-team")
    await remove(store)
    assert await left(store) == ["shared"]


async def test_of_a_removed_installations_readers_the_last_takes_them_along(store):
    await settle(store)
    await store.credentials.add(credential(), SecretStr("secret"))
    await told(store, "private")
    for reader in ("c-team", "operator:1"):
        await listed(store, "private", reader=reader)
    await store.installations.remove(1)
    assert await left(store) == []


async def test_a_long_list_is_forgotten_whole(store):
    names = [f"v{number}" for number in range(1203)]
    await told(store, *names)
    await listed(store, *names, reader="c-team")
    await remove(store)
    assert await left(store) == []


CASES = {"listed and followed": True, "only listed": False, "only followed": False, "neither": False}


@pytest.mark.parametrize(("case", "stays"), CASES.items(), ids=CASES)
async def test_old_ones_stay_while_the_tag_is_listed_and_the_image_followed(store, case, stays):
    if "listed" in case:
        await listed(store, "1.0")
    if "followed" in case:
        await followed(store, IMAGE)
    await told(store, "1.0")
    await store.ledger.forget_strays(LATER)
    assert await left(store) == (["1.0"] if stays else [])


async def test_new_ones_wait_for_the_scan_that_lists_their_tag(store):
    await told(store, "1.0", at=LATER)
    await store.ledger.forget_strays(LATER)
    assert await left(store) == ["1.0"]


async def test_a_failed_scan_by_nobody_in_particular_keeps_no_old_ones(store):
    await followed(store, IMAGE)
    await told(store, "1.0")
    await store.ledger.scanned(*IMAGE, NOW, "denied")
    await store.ledger.forget_strays(LATER)
    assert await left(store) == []


@pytest.mark.parametrize(("days", "kept"), [(179, 1003), (181, 1000)])
async def test_beyond_the_newest_thousand_those_of_half_a_year_ago_go(database_url, days, kept):
    async with await Store.open(database_url, clock=lambda: NOW + timedelta(days=days)) as store:
        old = [f"old{number}" for number in range(3)]
        new = [f"v{number}" for number in range(1000)]
        await told(store, *old, at=NOW - timedelta(seconds=1))
        await told(store, *new, at=NOW)
        await listed(store, *old, *new)
        await followed(store, IMAGE)
        await store.ledger.forget_strays(NOW)
        assert len(await left(store)) == kept
        assert set(await left(store)) >= set(new)
