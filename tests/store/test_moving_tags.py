"""Tags that move: since when each digest is known behind a tag, and which tags were pushed again."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text

from bot.store import PushedAgain
from tests.store.builders import NOW

IMAGE = ("ghcr.io", "acme/app")
A, B, C = "sha256:a", "sha256:b", "sha256:c"


def minute(number):
    return NOW + timedelta(minutes=number)


async def describe(store, digest, at, **more):
    assert await store.ledger.describe(*IMAGE, "1.0", digest, None, seen_at=at, **more)


async def tag(store):
    [known] = await store.ledger.tags(*IMAGE)
    return known


def digests_since(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT credential, name, digest, first_seen FROM tag_digests")).all()
    engine.dispose()
    return {(row.credential, row.name, row.digest): row.first_seen - int(NOW.timestamp()) * 10**6 for row in rows}


def microseconds(minutes):
    return minutes * 60 * 10**6


async def walk(store, *digests):
    """Describe the tag with one digest after the other, a minute apart; it was listed at minute 0."""
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    for number, digest in enumerate(digests, start=1):
        await describe(store, digest, minute(number))


@pytest.mark.parametrize(
    ("digests", "expected"),
    [
        pytest.param([A], None, id="never moved"),
        pytest.param([A, A, None, A], None, id="stayed"),
        pytest.param([A, B], (A, B, 2), id="moved"),
        pytest.param([A, B, B], (A, B, 2), id="moved and stayed"),
        pytest.param([A, B, C], (B, C, 3), id="moved twice"),
        pytest.param([A, B, A], (B, A, 3), id="moved back"),
    ],
)
async def test_a_tag_that_moved_is_told_with_its_digest_before_and_now(store, digests, expected):
    await walk(store, *digests)
    told = [] if expected is None else [PushedAgain("1.0", expected[0], expected[1], minute(expected[2]))]
    assert await store.ledger.pushed_again(*IMAGE) == told


async def test_a_tag_is_first_seen_when_it_moved_last(store):
    await walk(store, A, B, A)
    assert (await tag(store)).first_seen == minute(3)


async def test_each_digest_keeps_the_time_at_which_it_was_first_seen_behind_the_tag(store, database_url):
    await walk(store, A, B, A)
    assert digests_since(database_url) == {("", "1.0", A): microseconds(1), ("", "1.0", B): microseconds(2)}


async def test_readers_and_tags_are_kept_apart(store, database_url):
    for reader, name, digest in (("", "1.0", A), ("c-1", "1.0", B), ("", "2.0", A)):
        await store.ledger.record(*IMAGE, ["1.0", "2.0"], NOW, reader)
        await store.ledger.describe(*IMAGE, name, digest, None, reader, seen_at=NOW)
    assert await store.ledger.pushed_again(*IMAGE) == []
    assert digests_since(database_url).keys() == {("", "1.0", A), ("c-1", "1.0", B), ("", "2.0", A)}


@pytest.mark.parametrize(("digest", "again"), [(A, []), (B, [PushedAgain("1.0", A, B, minute(6))])])
async def test_a_tag_that_was_deleted_and_pushed_again_is_told_if_it_is_another_image(store, digest, again):
    await walk(store, A)
    await store.ledger.record(*IMAGE, [], minute(4))
    assert await store.ledger.pushed_again(*IMAGE) == []
    await store.ledger.record(*IMAGE, ["1.0"], minute(5))
    await describe(store, digest, minute(6))
    assert await store.ledger.pushed_again(*IMAGE) == again
    assert (await tag(store)).first_seen == minute(5)


async def test_a_tag_that_went_twice_before_it_was_read_is_compared_with_what_it_was_last_known_to_be(store):
    await walk(store, A)
    for number in (4, 6):
        await store.ledger.record(*IMAGE, [], minute(number))
        await store.ledger.record(*IMAGE, ["1.0"], minute(number + 1))
    await describe(store, B, minute(8))
    assert await store.ledger.pushed_again(*IMAGE) == [PushedAgain("1.0", A, B, minute(8))]


async def test_a_tag_that_moved_and_went_is_not_told_any_more(store):
    await walk(store, A, B)
    await store.ledger.record(*IMAGE, [], minute(4))
    assert await store.ledger.pushed_again(*IMAGE) == []


async def test_when_an_image_was_made_is_kept_until_the_tag_moves(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await describe(store, A, NOW, created_at=minute(-9))
    await describe(store, A, NOW)
    assert (await tag(store)).created_at == minute(-9)
    await describe(store, B, NOW)
    assert (await tag(store)).created_at is None


async def test_without_a_time_a_move_counts_from_now(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW - timedelta(days=10_000))
    for digest in (A, B):
        await store.ledger.describe(*IMAGE, "1.0", digest, None)
    assert (await tag(store)).first_seen > NOW - timedelta(days=10_000)


async def test_two_that_see_the_same_move_at_once_make_one_of_it(store, second_store):
    await walk(store, A)
    await asyncio.gather(*(describe(item, B, minute(2)) for item in [store, second_store] * 3))
    assert await store.ledger.pushed_again(*IMAGE) == [PushedAgain("1.0", A, B, minute(2))]
