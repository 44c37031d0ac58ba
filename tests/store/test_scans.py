"""Scans and polls: how the last look at an image ended, and all that the next one has to know."""

from datetime import timedelta

import pytest

from bot.store import Follow, PollState, ScanState
from tests.store.builders import LATER, NOW, settle

IMAGE = ("ghcr.io", "acme/app")


async def state(store, reader=""):
    return await store.ledger.scan_state(*IMAGE, reader)


async def test_the_first_of_a_row_of_failures_is_remembered_until_a_success(store):
    times = [NOW + timedelta(minutes=minute) for minute in range(6)]
    errors = [None, "down", "still down", None, "down again", "and still"]
    since = []
    for at, error in zip(times, errors, strict=True):
        await store.ledger.scanned(*IMAGE, at, error)
        since.append((await state(store)).failing_since)
    assert since == [None, times[1], times[1], None, times[4], times[4]]


async def test_an_image_whose_first_scan_fails_fails_since_then(store):
    await store.ledger.scanned(*IMAGE, NOW, "down", "c-1")
    assert await state(store, "c-1") == ScanState(NOW, "down", "", NOW)
    assert await state(store) is None


@pytest.mark.parametrize("error", [None, "down"])
async def test_what_a_scan_does_not_tell_stays(store, error):
    await store.ledger.scanned(*IMAGE, NOW, list_digest="hash", watched=["latest", "edge"])
    await store.ledger.scanned(*IMAGE, LATER, error)
    kept = await state(store)
    assert (kept.list_digest, kept.watched) == ("hash", ("edge", "latest"))


async def test_nothing_watched_any_more_is_told_by_an_empty_list(store):
    await store.ledger.scanned(*IMAGE, NOW, watched=["latest"])
    await store.ledger.scanned(*IMAGE, LATER, list_digest="", watched=[])
    assert await state(store) == ScanState(LATER, None, "")


async def test_readers_do_not_share_their_scans(store):
    await store.ledger.scanned(*IMAGE, NOW, "down", "c-1", list_digest="one", watched=["latest"])
    await store.ledger.scanned(*IMAGE, LATER, None, "c-2", list_digest="two")
    assert await state(store, "c-1") == ScanState(NOW, "down", "one", NOW, ("latest",))
    assert await state(store, "c-2") == ScanState(LATER, None, "two")


async def test_of_an_image_that_was_never_scanned_a_poll_knows_how_often_it_is_wanted(store):
    assert await store.ledger.poll_state(*IMAGE) == PollState(None, None, {})
    await settle(store)
    await store.repositories.follow(10, [Follow("app", *IMAGE, poll_seconds=60)])
    assert await store.ledger.poll_state(*IMAGE) == PollState(60, None, {})


async def test_a_poll_knows_the_last_scan_and_the_digests_of_watched_tags_in_one_read(store):
    await settle(store)
    await store.repositories.follow(10, [Follow("app", *IMAGE, "c-1", 120), Follow("db", "ghcr.io", "acme/db", "", 60)])
    await store.ledger.record(*IMAGE, ["latest", "edge", "1.0", "old"], NOW, "c-1")
    await store.ledger.describe(*IMAGE, "latest", "sha256:1", None, "c-1")
    await store.ledger.describe(*IMAGE, "1.0", "sha256:2", None, "c-1")
    await store.ledger.record(*IMAGE, ["latest", "edge", "1.0"], NOW, "c-1")
    watched = ["latest", "edge", "old", "never-listed"]
    await store.ledger.scanned(*IMAGE, NOW, None, "c-1", list_digest="hash", watched=watched)
    assert await store.ledger.poll_state(*IMAGE, "c-1") == PollState(
        every=120,
        scan=ScanState(NOW, None, "hash", watched=("edge", "latest", "never-listed", "old")),
        digests={"latest": "sha256:1", "edge": None},
    )
    assert await store.ledger.poll_state(*IMAGE) == PollState(None, None, {})


async def test_the_digests_of_many_tags_are_told_at_once(store):
    names = [f"v{number}" for number in range(1203)]
    await store.ledger.record(*IMAGE, names, NOW)
    await store.ledger.describe(*IMAGE, "v7", "sha256:7", None)
    digests = await store.ledger.digests(*IMAGE, "", [*names, "v7", "unknown"])
    assert digests == {**dict.fromkeys(names), "v7": "sha256:7"}
    assert await store.ledger.digests(*IMAGE, "", []) == {}
