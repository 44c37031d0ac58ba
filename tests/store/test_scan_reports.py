"""Scan reports: the newest of each kind through each hook, for the installation of that hook."""

import random

import pytest

from bot.store import UnknownOwner, UnstorableValue
from bot.store.scan_report_room import MOST_REPORTS
from bot.store.scan_reports import ScanReports
from tests.store.builders import LATER, NOW, hook, installation, report, seconds

IMAGE = ("dev.example", "acme/website")
DIGEST = report().digest


@pytest.fixture
async def store(store):
    """Return a store with a hook for each of two installations, and one of the operator's."""
    for identifier, whose in (("h1", 1), ("h2", 1), ("other", 2), ("operator", None)):
        await store.hooks.create(hook(identifier, kind="scan", installation=whose), b"x" * 32)
    return store


async def found(store, *digests, installation=1):
    return await store.scan_reports.of(installation, *IMAGE, digests or [DIGEST])


@pytest.mark.parametrize(
    "content", [b"", b'{"Results": []}', bytes(range(256)) * 40_000], ids=["empty", "small", "big"]
)
async def test_a_report_comes_out_as_it_went_in(store, content):
    await store.scan_reports.put(report(content=content))
    assert await found(store) == [report(content=content)]


async def test_reports_are_told_newest_first_for_the_digests_that_are_asked_for(store):
    reports = [report(digest=f"sha256:{number}", at=NOW + seconds(number)) for number in (1, 2, 3)]
    for each in reports:
        await store.scan_reports.put(each)
    assert await found(store, "sha256:1", "sha256:3", "sha256:1", "sha256:9") == [reports[2], reports[0]]
    assert await store.scan_reports.of(1, *IMAGE, []) == []


async def test_other_images_have_their_own(store):
    await store.scan_reports.put(report(image="acme/other"))
    await store.scan_reports.put(report(host="other.example"))
    assert await found(store) == []


async def test_a_newer_report_replaces_one_and_an_older_one_is_passed_over(store):
    for at, content in ((NOW, b"first"), (LATER, b"newest"), (NOW + seconds(1), b"late")):
        await store.scan_reports.put(report(at=at, content=content))
    assert await found(store) == [report(at=LATER, content=b"newest")]


async def test_each_hook_and_media_type_has_its_own(store):
    reports = [report(), report(hook="h2", at=LATER), report(media_type="text/plain", at=LATER + seconds(1))]
    for each in reports:
        await store.scan_reports.put(each)
    assert await found(store) == reports[::-1]


async def test_installations_see_their_own_reports_and_the_operators(store):
    ours, theirs = report(), report(hook="other", installation=2)
    operators = report(hook="operator", installation=None, at=LATER)
    for each in (ours, theirs, operators):
        await store.scan_reports.put(each)
    assert await found(store) == [operators, ours]
    assert await found(store, installation=2) == [operators, theirs]


async def test_the_newest_of_a_digest_are_kept_and_others_are_not_touched(store):
    await store.scan_reports.put(report(hook="other", installation=2))
    await store.scan_reports.put(report(digest="sha256:2"))
    for number in range(MOST_REPORTS + 3):
        await store.scan_reports.put(report(media_type=f"text/{number}", at=NOW + seconds(number)))
    kept = [each.media_type for each in await found(store)]
    assert kept == [f"text/{number}" for number in reversed(range(3, MOST_REPORTS + 3))]
    assert len(await found(store, "sha256:2")) == len(await found(store, installation=2)) == 1


async def test_the_newest_of_each_digest_are_told_whoever_posted_them(store):
    for number in range(MOST_REPORTS):
        await store.scan_reports.put(report(media_type=f"text/{number}", at=NOW + seconds(number)))
        await store.scan_reports.put(report(media_type=f"text/{number}", hook="operator", installation=None))
    await store.scan_reports.put(report(digest="sha256:2", at=NOW - seconds(1)))
    told = await found(store, DIGEST, "sha256:2")
    assert [each.digest for each in told] == [DIGEST] * MOST_REPORTS + ["sha256:2"]
    assert {each.hook for each in told} == {"h1"}


def noise(size):
    """Return bytes that no packing makes smaller."""
    return random.Random(size).randbytes(size)


async def test_an_installation_keeps_the_newest_that_it_has_room_for(store):
    reports = ScanReports(store._database, largest_kept=100_000)
    await reports.put(report(hook="other", installation=2, content=noise(60_000), at=NOW - seconds(9)))
    await reports.put(report(hook="operator", installation=None, content=noise(60_000), at=NOW - seconds(9)))
    for number in range(4):
        await reports.put(report(digest=f"sha256:{number}", content=noise(40_000), at=NOW + seconds(number)))
    kept = [each.digest for each in await found(store, *(f"sha256:{number}" for number in range(4)))]
    assert kept == ["sha256:3", "sha256:2", DIGEST]
    assert [each.hook for each in await found(store, installation=2)] == ["operator", "other"]


async def test_no_number_of_small_reports_fills_the_store(store):
    reports = ScanReports(store._database, largest_kept=10 * 4096)
    digests = [f"sha256:{number:02}" for number in range(15)]
    for number, digest in enumerate(digests):
        await reports.put(report(digest=digest, at=NOW + seconds(number)))
    assert [each.digest for each in await found(store, *digests)] == digests[:4:-1]


async def test_a_report_that_has_no_room_at_all_is_not_kept(store):
    await ScanReports(store._database, largest_kept=10_000).put(report(content=noise(20_000)))
    assert await found(store) == []


async def test_from_the_first_report_that_is_too_much_at_once_on_they_come_without_content(store):
    for number, size in enumerate((10, 500, 600, 600, 500)):
        await store.scan_reports.put(report(digest=f"sha256:{number}", content=b" " * size, at=NOW + seconds(number)))
    reports = ScanReports(store._database, largest_together=1200)
    told = await reports.of(1, *IMAGE, [f"sha256:{number}" for number in range(5)])
    assert [len(each.content) for each in told] == [500, 600, 0, 0, 0]
    assert [each.digest for each in told] == [f"sha256:{number}" for number in (4, 3, 2, 1, 0)]


async def test_large_reports_are_read_a_few_at_a_time(store):
    contents = [noise(9_000_000), noise(9_000_001), noise(100)]
    for number, content in enumerate(contents):
        await store.scan_reports.put(report(digest=f"sha256:{number}", content=content, at=NOW - seconds(number)))
    told = await found(store, *(f"sha256:{number}" for number in range(3)))
    assert [each.content for each in told] == contents


async def test_reports_of_long_ago_are_forgotten(store):
    await store.scan_reports.put(report(at=NOW - seconds(1)))
    await store.scan_reports.put(report(hook="h2"))
    await store.scan_reports.prune(NOW)
    assert await found(store) == [report(hook="h2")]


async def test_what_came_through_a_hook_counts_no_more_once_it_is_closed(store):
    for name in ("h1", "h2"):
        await store.scan_reports.put(report(hook=name))
    await store.hooks.remove("h1")
    assert await found(store) == [report(hook="h2")]
    with pytest.raises(UnknownOwner):
        await store.scan_reports.put(report())


async def test_a_hook_with_another_secret_keeps_its_reports(store):
    await store.scan_reports.put(report())
    await store.hooks.create(hook("h1", kind="scan"), b"y" * 32)
    assert await found(store) == [report()]


async def test_reports_go_with_their_installation(store):
    await store.installations.save(installation())
    await store.scan_reports.put(report())
    await store.installations.remove(1)
    assert await found(store) == []


@pytest.mark.parametrize("name", ["host", "image", "digest", "hook", "media_type"])
async def test_a_name_that_cannot_be_held_is_refused(store, name):
    with pytest.raises(UnstorableValue):
        await store.scan_reports.put(report(**{name: "a\0b"}))


async def test_the_longest_names_can_be_stored_and_found(store):
    await store.hooks.create(hook("h" * 255), b"x" * 32)
    long = report(host="o" * 255, image="i" * 512, digest="d" * 255, hook="h" * 255, media_type="m" * 255)
    await store.scan_reports.put(long)
    assert await store.scan_reports.of(1, long.host, long.image, [long.digest]) == [long]
