"""Registries that lie or lead elsewhere cost a copy a typed error, and nothing partial gets a tag."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import (
    BlobMismatch,
    ImageNotFound,
    InvalidAnswer,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    Side,
    UntrustedUpload,
)
from bot.registries.copying.several import each
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.copying_house import CONTENT, SECRET, House, fragile_house, when
from tests.registries.fragile import CONFIGURATION, INDEX, LAYER, MANIFEST, Fragile, described, digest_of
from tests.registries.scripted import Reply, ScriptedServer


@pytest_asyncio.fixture
async def house(registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr("bot.registries.copying.uploads.BETWEEN_TRIES", 0)
    async with fragile_house(registries_for) as running:
        yield running


LIES = {
    "other bytes": b"other bytes...." * 1000,
    "fewer bytes": CONTENT[:-1],
    "more bytes": CONTENT + b"!",
    "nothing": b"",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
async def test_a_blob_that_lies_is_never_finished(lie: bytes, house: House) -> None:
    house.source.blobs[digest_of(CONTENT)] = lie[: len(CONTENT)] if lie == LIES["other bytes"] else lie
    await house.fails(BlobMismatch)
    finished = [path for path in house.target.methods("PUT") if digest_of(CONTENT).removeprefix("sha256:") in path]
    assert not finished
    assert not house.target.manifests


async def test_a_blob_that_lies_and_does_not_end_is_never_finished(house: House) -> None:
    async def held_open(request: web.Request) -> web.StreamResponse | None:
        if request.method != "GET" or digest_of(CONTENT) not in request.path:
            return None
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(LIES["other bytes"][: len(CONTENT)])
        await asyncio.Event().wait()
        return response

    house.source.hook = held_open
    await house.fails(BlobMismatch)
    assert not [path for path in house.target.methods("PUT") if digest_of(CONTENT).removeprefix("sha256:") in path]


@pytest.mark.parametrize("size", [0, 1, len(CONTENT) - 1, len(CONTENT) + 1, 2**40])
async def test_a_size_that_lies_is_no_image(size: int, house: House) -> None:
    house.source.add_image(CONTENT, size=size)
    await house.fails(InvalidAnswer)
    assert digest_of(CONTENT) not in house.target.blobs


@pytest.mark.parametrize("size", [-1, True, "12", None, 1.5])
async def test_a_size_that_is_none_is_no_image(size: Any, house: House) -> None:
    layer = {"mediaType": LAYER, "digest": digest_of(CONTENT), "size": size}
    config = described(CONFIGURATION, b"{}")
    house.source.add_manifest({"mediaType": MANIFEST, "config": config, "layers": [layer]}, "1.0")
    await house.fails(InvalidAnswer)
    assert not house.target.methods("POST", "PATCH", "PUT")


async def test_a_blob_of_two_sizes_is_no_image(house: House) -> None:
    one, other = house.source.add_image(CONTENT), house.source.add_image(CONTENT, size=7)
    images = [{"mediaType": MANIFEST, "digest": digest, "size": 1} for digest in (one, other)]
    house.source.add_manifest({"mediaType": INDEX, "manifests": images}, "1.0")
    await house.fails(InvalidAnswer)


def nested(source: Fragile, levels: int) -> None:
    """Let a tag stand for an index in an index."""
    inner = source.tags["1.0"]
    for level in range(levels):
        entry = {"mediaType": INDEX if level else MANIFEST, "digest": inner, "size": 1}
        inner = source.add_manifest({"mediaType": INDEX, "manifests": [entry]}, "1.0")


@pytest.mark.parametrize("levels", [1, 2])
async def test_an_index_in_an_index_is_copied(levels: int, house: House) -> None:
    nested(house.source, levels)
    await house.registries.copy(house.order())
    assert house.target.manifests == house.source.manifests


async def test_indexes_nested_deeper_are_not(house: House) -> None:
    nested(house.source, 3)
    await house.fails(InvalidAnswer)


async def test_an_index_of_what_is_no_manifest_is_not_copied(house: House) -> None:
    entry = {"mediaType": "text/html", "digest": house.source.tags["1.0"], "size": 1}
    house.source.add_manifest({"mediaType": INDEX, "manifests": [entry]}, "1.0")
    await house.fails(InvalidAnswer)


async def test_an_index_of_too_many_is_not_copied(house: House) -> None:
    entries = [{"mediaType": MANIFEST, "digest": f"sha256:{number:064x}", "size": 1} for number in range(201)]
    house.source.add_manifest({"mediaType": INDEX, "manifests": entries}, "1.0")
    await house.fails(InvalidAnswer)


async def test_a_blob_that_the_source_lacks_is_told(house: House) -> None:
    del house.source.blobs[digest_of(CONTENT)]
    await house.fails(ImageNotFound)


def with_foreign_layer(source: Fragile) -> None:
    """Let the tag stand for an image with a layer that registries need not have."""
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layer = {**described(foreign, b"elsewhere"), "urls": [f"http://{source.host}/v2/team/a/blobs/elsewhere"]}
    config = described(CONFIGURATION, b"{}")
    source.blobs[digest_of(b"{}")] = b"{}"
    source.add_manifest({"mediaType": MANIFEST, "config": config, "layers": [layer]}, "1.0")


async def test_a_layer_that_registries_need_not_have_is_left_out(house: House) -> None:
    with_foreign_layer(house.source)
    await house.registries.copy(house.order())
    assert house.target.tags == {"2.0": house.source.tags["1.0"]}
    assert not any(path.endswith("elsewhere") for path in house.source.methods("GET"))


@pytest.mark.parametrize(
    ("status", "error"), [(403, RegistryRefused), (400, InvalidAnswer), (500, RegistryUnavailable)]
)
async def test_a_layer_that_registries_need_not_have_is_left_out_only_where_it_is_not(
    status: int, error: type[RegistryError], house: House
) -> None:
    with_foreign_layer(house.source)
    house.source.hook = when("HEAD", digest_of(b"elsewhere"), lambda: web.Response(status=status))
    await house.fails(error)


@pytest.mark.parametrize("method", ["POST", "PATCH"])
@pytest.mark.parametrize(
    "place", ["http://{other}/v2/team/b/blobs/uploads/1", "//{other}/upload", "https://{same}/upload"]
)
async def test_an_upload_to_another_place_is_not_made(
    place: str, method: str, house: House, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    location = place.format(other=scripted.host, same=house.target.host)
    house.target.hook = when(method, "/uploads/", lambda: web.Response(status=202, headers={"Location": location}))
    house.registries = registries_for(house.source.host, house.target.host, scripted.host)
    await house.fails(UntrustedUpload)
    assert not scripted.seen


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_of_a_write_is_followed(
    status: int, method: str, house: House, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    headers = {"Location": f"http://{scripted.host}/elsewhere"}
    house.target.hook = when(method, "/uploads/", lambda: web.Response(status=status, headers=headers))
    house.registries = registries_for(house.source.host, house.target.host, scripted.host)
    await house.fails(UntrustedUpload)
    assert not scripted.seen


async def test_a_blob_that_is_kept_elsewhere_is_read_there_without_the_credential(
    house: House, scripted_server: ScriptedServers, registries_for: RegistriesFor
) -> None:
    store = (await scripted_server()).on("/bucket", Reply(body=CONTENT))

    async def redirected(request: web.Request) -> web.Response | None:
        if request.headers.get("Authorization") is None:
            return web.Response(status=401, headers={"WWW-Authenticate": 'Basic realm="r"'})
        if digest_of(CONTENT) in request.path:
            return web.Response(status=307, headers={"Location": f"http://{store.host}/bucket?signed=yes"})
        return None

    house.source.hook = redirected
    registries = registries_for(house.source.host, house.target.host, store.host)
    reader = credential(house.source.host, SECRET)
    await registries.copy(house.order(source=Side(house.source.host, "team/a", reader)))
    assert house.target.blobs[digest_of(CONTENT)] == CONTENT
    assert store.authorizations("/bucket") == [None]


async def test_the_bytes_of_a_manifest_stay_as_they_are(house: House) -> None:
    digest = house.source.tags["1.0"]
    fields = json.loads(house.source.manifests[digest][1])
    content = json.dumps(fields, indent=7).encode() + b"\n\n"
    odd = house.source._keep(MANIFEST, content, "1.0")
    await house.registries.copy(house.order())
    assert house.target.manifests == {odd: (MANIFEST, content)}


async def test_indexes_that_name_too_many_together_are_not_copied(house: House) -> None:
    entries = []
    for number in range(3):
        images = [house.source.add_image(f"{number} {each}".encode(), tag=None) for each in range(90)]
        named = [{"mediaType": MANIFEST, "digest": digest, "size": 1} for digest in images]
        inner = house.source.add_manifest({"mediaType": INDEX, "manifests": named})
        entries.append({"mediaType": INDEX, "digest": inner, "size": 1})
    house.source.add_manifest({"mediaType": INDEX, "manifests": entries}, "1.0")
    await house.fails(InvalidAnswer)
    assert not house.target.methods("POST", "PATCH", "PUT")


async def test_images_of_too_many_layers_together_are_not_copied(house: House) -> None:
    layers = [{"mediaType": LAYER, "digest": f"sha256:{number:064x}", "size": 1} for number in range(6_000)]
    config = described(CONFIGURATION, b"{}")
    images = [
        house.source.add_manifest({"mediaType": MANIFEST, "config": config, "layers": layers[first : first + 1_500]})
        for first in range(0, 6_000, 1_500)
    ]
    named = [{"mediaType": MANIFEST, "digest": digest, "size": 1} for digest in images]
    house.source.add_manifest({"mediaType": INDEX, "manifests": named}, "1.0")
    assert "5,000" in str(await house.fails(InvalidAnswer))
    assert not house.target.methods("HEAD", "POST", "PATCH", "PUT")[1:]


async def test_many_layers_are_not_all_begun_at_once() -> None:
    before = len(asyncio.all_tasks())

    async def at_work(_: int) -> int:
        await asyncio.sleep(0)
        return len(asyncio.all_tasks()) - before

    assert max(await each(range(1_000), 3, at_work)) == 3


async def test_an_empty_layer_is_copied(house: House) -> None:
    house.source.add_image(b"", CONTENT)
    await house.registries.copy(house.order())
    assert house.target.blobs[digest_of(b"")] == b""


async def test_a_blob_without_end_is_cut(house: House) -> None:
    async def endless(request: web.Request) -> web.StreamResponse | None:
        if request.method != "GET" or digest_of(CONTENT) not in request.path:
            return None
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(CONTENT)

    house.source.add_image(CONTENT, size=len(CONTENT) - 1)
    house.source.hook = endless
    await house.fails(BlobMismatch)


async def test_another_part_of_a_blob_than_was_asked_for_is_none(house: House) -> None:
    async def elsewhere(request: web.Request) -> web.Response | None:
        if "Range" not in request.headers:
            return None
        return web.Response(status=206, body=CONTENT[8:], headers={"Content-Range": f"bytes 8-13999/{len(CONTENT)}"})

    house.target.blobs.update({digest: blob for digest, blob in house.source.blobs.items() if blob != CONTENT})
    house.source.get_breaks, house.source.hook = [7], elsewhere
    assert "another part" in str(await house.fails(InvalidAnswer))
