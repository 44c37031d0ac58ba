"""A copy that breaks off goes on where it was, or sends the blob anew; what ends half-way leaves no tag."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import ANONYMOUS, CopyOrder, Registries, RegistryUnavailable, Side, UploadBroken
from bot.registries.incoming import Pace
from tests.registries.conftest import RegistriesFor
from tests.registries.fragile import Fragile, break_off, digest_of

LAYER = random.Random(8).randbytes(5_000_000)
Pair = tuple[Fragile, Fragile]


@pytest_asyncio.fixture
async def pair(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Pair]:
    """A source that has an image of one large layer, and an empty target."""
    monkeypatch.setattr("bot.registries.copying.uploads.BETWEEN_TRIES", 0)
    source, target = Fragile(), Fragile()
    async with AsyncExitStack() as stack:
        for registry in (source, target):
            stack.push_async_callback((await registry.start()).cleanup)
        source.add_image(LAYER)
        yield source, target


def order(pair: Pair) -> CopyOrder:
    source, target = (Side(registry.host, f"team/{name}", ANONYMOUS) for registry, name in zip(pair, "ab", strict=True))
    return CopyOrder(source, target, pair[0].tags["1.0"], "1.0", "2.0")


@pytest.fixture
def registries(pair: Pair, registries_for: RegistriesFor) -> Registries:
    return registries_for(*(registry.host for registry in pair))


@pytest.mark.parametrize("breaks", [[1], [1_000_000], [4_999_999], [0, 0], [3_000_000, 1_500_000]])
@pytest.mark.parametrize("ranges", [True, False], ids=["ranges", "no ranges"])
async def test_a_download_that_breaks_off_is_taken_up_again(
    breaks: list[int], ranges: bool, pair: Pair, registries: Registries
) -> None:
    source, target = pair
    source.get_breaks, source.ranges = list(breaks), ranges
    # The configuration breaks, too, where it is asked for first.
    await registries.copy(order(pair))
    assert target.blobs[digest_of(LAYER)] == LAYER


async def test_only_the_rest_is_asked_for_after_a_break(pair: Pair, registries: Registries) -> None:
    source, target = pair
    await registries.copy(order(pair))
    del target.blobs[digest_of(LAYER)], target.tags["2.0"]
    source.get_breaks, source.seen = [1_000_000], []
    copied = await registries.copy(order(pair))
    asked = [headers.get("Range") for method, path, headers in source.seen if method == "GET" and "blobs" in path]
    assert asked == [None, "bytes=1000000-4999999"]
    assert copied.streamed_bytes == len(LAYER)


@pytest.mark.parametrize("breaks", [[1_000_000], [2], [1_500_000, 4_000_000], [4_999_999]])
async def test_an_upload_that_breaks_off_goes_on_where_it_was(
    breaks: list[int], pair: Pair, registries: Registries
) -> None:
    source, target = pair
    target.blobs.update({digest: content for digest, content in source.blobs.items() if content != LAYER})
    target.patch_breaks = list(breaks)
    await registries.copy(order(pair))
    assert target.blobs[digest_of(LAYER)] == LAYER
    ranges = [headers.get("Content-Range") for method, _, headers in target.seen if method == "PATCH"]
    assert ranges == [None, *(f"{offset}-4999999" for offset in breaks)]
    assert target.methods("POST") == ["/v2/team/b/blobs/uploads/"]


async def test_an_upload_whose_answer_is_lost_is_not_sent_again(pair: Pair, registries: Registries) -> None:
    source, target = pair
    target.blobs.update({digest: content for digest, content in source.blobs.items() if content != LAYER})
    target.patch_breaks = [len(LAYER)]
    await registries.copy(order(pair))
    assert target.blobs[digest_of(LAYER)] == LAYER
    assert len(target.methods("PATCH")) == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_an_upload_whose_session_is_lost_begins_anew(resumable: bool, pair: Pair, registries: Registries) -> None:
    source, target = pair
    target.blobs.update({digest: content for digest, content in source.blobs.items() if content != LAYER})
    # One byte is what a registry without any says, too: "0-0".
    target.patch_breaks, target.resumable = [1 if resumable else 1_000_000], resumable
    await registries.copy(order(pair))
    assert target.blobs[digest_of(LAYER)] == LAYER
    assert len(target.methods("POST")) == 2


async def test_an_upload_that_breaks_off_for_ever_is_given_up(pair: Pair, registries: Registries) -> None:
    target = pair[1]
    target.patch_breaks = [1] * 100
    with pytest.raises(UploadBroken, match="several times"):
        await registries.copy(order(pair))
    assert not target.tags
    assert not target.manifests


async def test_a_download_that_breaks_off_for_ever_is_given_up(pair: Pair, registries: Registries) -> None:
    source, target = pair
    source.get_breaks = [10] * 100
    with pytest.raises(RegistryUnavailable) as caught:
        await registries.copy(order(pair))
    assert caught.value.host == source.host
    assert not target.tags
    assert not any(held == LAYER for held in target.blobs.values())


async def test_a_source_that_breaks_does_not_break_the_upload(pair: Pair, registries: Registries) -> None:
    source, target = pair
    source.get_breaks = [4_000_000]
    await registries.copy(order(pair))
    assert len(target.methods("PATCH")) == 2


def dies_at(method: str, part: str) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """Break off the first request like this, and have no answer for any after it."""
    dead: list[bool] = []

    async def hook(request: web.Request) -> web.StreamResponse | None:
        if dead or (request.method == method and part in request.path):
            dead.append(True)
            return break_off(request)
        return None

    return hook


STEPS = [
    ("HEAD", "/manifests/2.0"),
    ("HEAD", "/blobs/"),
    ("POST", "/uploads/"),
    ("PATCH", "/uploads/"),
    ("PUT", "/uploads/"),
    ("HEAD", "/manifests/sha256"),
    ("PUT", "/manifests/sha256"),
    ("PUT", "/manifests/2.0"),
]


@pytest.mark.parametrize(("method", "part"), STEPS, ids=[" ".join(step) for step in STEPS])
async def test_a_copy_that_ended_at_any_step_leaves_no_tag_and_the_next_one_sets_it(
    method: str, part: str, pair: Pair, registries: Registries
) -> None:
    source, target = pair
    target.hook = dies_at(method, part)
    with pytest.raises(RegistryUnavailable):
        await registries.copy(order(pair))
    assert not target.tags
    target.hook = None
    await registries.copy(order(pair))
    assert target.tags == {"2.0": source.tags["1.0"]}
    assert target.blobs == source.blobs


async def test_what_an_earlier_copy_brought_is_not_sent_again(pair: Pair, registries: Registries) -> None:
    target = pair[1]
    target.hook = dies_at("PUT", "/manifests/sha256")
    with pytest.raises(RegistryUnavailable):
        await registries.copy(order(pair))
    target.hook = None
    again = await registries.copy(order(pair))
    assert (again.streamed_bytes, again.present) == (0, 2)


async def test_a_copy_that_comes_to_no_end_is_given_up(
    pair: Pair, registries: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: web.Request) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.registries.copying.image.LONGEST_COPY_SECONDS", 0.3)
    pair[0].hook = never
    with pytest.raises(UploadBroken, match="no end"):
        await registries.copy(order(pair))


PACES = [(299.0, 1, False), (300.0, 300 * 16 * 1024, False), (300.0, 300 * 16 * 1024 - 1, True), (600.0, 0, True)]


@pytest.mark.parametrize(("seconds", "size", "is_drip"), PACES)
def test_what_goes_too_slowly_for_five_minutes_is_a_drip(seconds: float, size: int, is_drip: bool) -> None:
    pace = Pace(16 * 1024)
    assert not pace.is_drip(299, 299 * 16 * 1024)
    assert not pace.is_drip(1, 16 * 1024)
    assert pace.is_drip(seconds, size) == is_drip


@pytest.mark.parametrize(("side", "where"), [(0, "copying.source"), (1, "transport")], ids=["source", "target"])
async def test_a_side_that_is_slower_than_any_line_is_given_up(
    side: int, where: str, pair: Pair, registries: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.registries.incoming.LONGEST_SLOW_SECONDS", 0)
    monkeypatch.setattr(f"bot.registries.{where}.SLOWEST_PACE", 1e15)
    with pytest.raises(RegistryUnavailable) as caught:
        await registries.copy(order(pair))
    assert caught.value.host == pair[side].host
    assert not pair[1].tags


@pytest.mark.parametrize("limit", ["STARTING_SECONDS", "LONGEST_PIECE_SECONDS"])
async def test_a_source_that_drips_is_given_up_and_is_no_fault_of_the_target(
    limit: str, pair: Pair, registries: Registries, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drips(request: web.Request) -> web.StreamResponse | None:
        if request.method != "GET" or digest_of(LAYER) not in request.path:
            return None
        response = web.StreamResponse(headers={"Content-Length": str(len(LAYER))})
        await response.prepare(request)
        await response.write(LAYER[:10])
        await asyncio.Event().wait()
        return response

    source, target = pair
    monkeypatch.setattr("bot.registries.incoming.SLOWEST_BYTES_A_SECOND", 1e12)
    monkeypatch.setattr(f"bot.registries.incoming.{limit}", 0.1)
    source.hook = drips
    with pytest.raises(RegistryUnavailable) as caught:
        await registries.copy(order(pair))
    assert caught.value.host == source.host
    assert await registries.head(target.host, "team/b", "2.0") is None
