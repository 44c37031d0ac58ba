"""The ledger: since when a tag is known, and what is behind it."""

import asyncio

import pytest

from bot.store import ScanState, TagChanges
from tests.store.builders import LATER, NOW

IMAGE = ("ghcr.io", "acme/app")


async def names(store, *image):
    return sorted(tag.name for tag in await store.ledger.tags(*(image or IMAGE)))


async def tag(store, name="1.0"):
    return {item.name: item for item in await store.ledger.tags(*IMAGE)}[name]


async def test_a_new_tag_is_known_from_the_time_it_was_listed(store):
    assert await store.ledger.record(*IMAGE, ["1.1", "1.0"], NOW) == TagChanges(("1.0", "1.1"), ())
    known = await tag(store)
    assert (known.first_seen, known.digest, known.pushed_at, known.platforms) == (NOW, None, None, None)


async def test_a_tag_that_stays_listed_keeps_its_time(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    assert await store.ledger.record(*IMAGE, ["1.0", "1.1"], LATER) == TagChanges(("1.1",), ())
    assert (await tag(store)).first_seen == NOW


async def test_a_tag_that_is_not_listed_any_more_is_gone(store):
    await store.ledger.record(*IMAGE, ["1.0", "1.1"], NOW)
    assert await store.ledger.record(*IMAGE, ["1.1"], LATER) == TagChanges((), ("1.0",))
    assert await names(store) == ["1.1"]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", True),
        ("", "sha256:1", True),
        ("sha256:1", "", True),
        ("sha256:1", "sha256:1", True),
        ("sha256:1", "sha256:2", False),
    ],
)
async def test_a_tag_came_back_until_something_else_is_known_to_stand_there(store, before, after, expected):
    await store.ledger.record(*IMAGE, {"1.0", "1.1"}, NOW)
    await store.ledger.describe(*IMAGE, "1.0", before or None, None)
    await store.ledger.record(*IMAGE, {"1.1"}, LATER)
    await store.ledger.record(*IMAGE, {"1.0", "1.1"}, LATER)
    await store.ledger.describe(*IMAGE, "1.0", after or None, None)
    found = {tag.name: tag.came_back for tag in await store.ledger.tags(*IMAGE)}
    assert found == {"1.0": expected, "1.1": False}


async def test_a_tag_that_comes_back_is_new_and_nothing_old_is_believed_of_it(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", ["linux/amd64"], pushed_at=NOW)
    await store.ledger.record(*IMAGE, [], NOW)
    await store.ledger.record(*IMAGE, ["1.0"], LATER)
    known = await tag(store)
    assert (known.first_seen, known.digest, known.pushed_at, known.platforms) == (LATER, None, None, None)


async def test_scans_of_one_image_at_once_agree(store, second_store):
    scans = [item.ledger.record(*IMAGE, ["1.0", "1.1"], NOW) for item in [store, second_store] * 2]
    await asyncio.gather(*scans)
    assert await names(store) == ["1.0", "1.1"]


async def test_a_long_list_is_recorded_as_a_whole(store):
    long = {f"v{number}" for number in range(1203)}
    await store.ledger.record(*IMAGE, long, NOW)
    assert set(await names(store)) == long
    await store.ledger.record(*IMAGE, ["v7"], LATER)
    assert await names(store) == ["v7"]


async def test_what_one_credential_may_see_is_kept_apart(store):
    await store.ledger.record(*IMAGE, ["public"], NOW)
    await store.ledger.record(*IMAGE, ["private"], NOW, "team")
    assert await names(store) == ["public"]
    assert await names(store, *IMAGE, "team") == ["private"]


async def test_images_are_kept_apart(store):
    await store.ledger.record("ghcr.io", "acme/app", ["1"], NOW)
    await store.ledger.record("ghcr.io", "acme/db", ["2"], NOW)
    await store.ledger.record("docker.io", "acme/app", ["3"], NOW)
    assert await names(store) == ["1"]


async def test_what_is_behind_a_tag_is_kept(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    platforms = ["linux/arm64", "linux/amd64"]
    assert await store.ledger.describe(*IMAGE, "1.0", "sha256:1", platforms, pushed_at=LATER) is True
    known = await tag(store)
    assert (known.digest, known.platforms) == ("sha256:1", ("linux/amd64", "linux/arm64"))
    assert known.pushed_at == LATER


async def test_an_image_without_platforms_is_not_one_whose_platforms_are_unknown(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", [])
    assert (await tag(store)).platforms == ()


@pytest.mark.parametrize(
    ("digest", "platforms", "expected"),
    [
        ("sha256:1", None, ("linux/amd64",)),
        (None, None, ("linux/amd64",)),
        ("sha256:1", ["linux/arm64"], ("linux/arm64",)),
        ("sha256:2", None, None),
        ("sha256:2", ["linux/arm64"], ("linux/arm64",)),
    ],
)
async def test_another_digest_clears_the_platforms_that_belonged_to_the_old(store, digest, platforms, expected):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", ["linux/amd64"])
    await store.ledger.describe(*IMAGE, "1.0", digest, platforms)
    known = await tag(store)
    assert (known.digest, known.platforms) == (digest or "sha256:1", expected)


async def test_another_digest_clears_the_push_time(store):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", None, pushed_at=NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:2", None)
    assert (await tag(store)).pushed_at is None


@pytest.mark.parametrize(
    ("digest", "first_seen"),
    [pytest.param("sha256:2", LATER, id="another image is young again"), pytest.param("sha256:1", NOW, id="the same")],
)
async def test_a_tag_that_was_pushed_again_is_first_seen_then(store, digest, first_seen):
    await store.ledger.record(*IMAGE, ["1.0"], NOW)
    await store.ledger.describe(*IMAGE, "1.0", "sha256:1", None, seen_at=NOW)

    await store.ledger.describe(*IMAGE, "1.0", digest, None, seen_at=LATER)

    assert [tag.first_seen for tag in await store.ledger.tags(*IMAGE)] == [first_seen]


async def test_a_tag_that_was_never_listed_is_not_described(store):
    assert await store.ledger.describe(*IMAGE, "1.0", "sha256:1", None) is False
    assert await names(store) == []


async def test_a_scan_is_remembered_with_its_error_and_the_last_list(store):
    assert await store.ledger.scan_state(*IMAGE) is None
    await store.ledger.scanned(*IMAGE, NOW, list_digest="hash")
    assert await store.ledger.scan_state(*IMAGE) == ScanState(NOW, None, "hash")
    await store.ledger.scanned(*IMAGE, LATER, "the registry did not answer")
    assert await store.ledger.scan_state(*IMAGE) == ScanState(LATER, "the registry did not answer", "hash", LATER)
    assert await store.ledger.scan_state(*IMAGE, "team") is None
