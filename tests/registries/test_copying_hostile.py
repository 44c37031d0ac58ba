"""Registries that lie, lead elsewhere, are full or change their mind: a typed error, and nothing partial gets a tag."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import (
    ANONYMOUS,
    BlobMismatch,
    CopyOrder,
    ImageNotFound,
    InvalidAnswer,
    PushRefused,
    Registries,
    RegistryError,
    RegistryFull,
    RegistryLimited,
    Side,
    SourceMoved,
    TargetTagTaken,
    UntrustedUpload,
)
from tests.registries.conftest import RegistriesFor, ScriptedServers, credential
from tests.registries.fragile import (
    CONFIGURATION,
    INDEX,
    LAYER,
    MANIFEST,
    Fragile,
    described,
    digest_of,
)
from tests.registries.scripted import Reply, ScriptedServer

SECRET = "a secret that stays here"
CONTENT = b"the only layer" * 1000
Answering = Callable[[web.Request], web.StreamResponse | None]


@dataclass
class House:
    """A source with an image, an empty target, and a client."""

    source: Fragile
    target: Fragile
    registries: Registries

    def order(self, **changes: Any) -> CopyOrder:
        source = Side(self.source.host, "team/a", ANONYMOUS)
        target = Side(self.target.host, "team/b", credential(self.target.host, SECRET))
        return replace(CopyOrder(source, target, self.source.tags["1.0"], "1.0", "2.0"), **changes)

    async def fails(self, error: type[RegistryError], **changes: Any) -> RegistryError:
        """Copy, which has to fail without a tag; return how."""
        before = dict(self.target.tags)
        with pytest.raises(error) as caught:
            await self.registries.copy(self.order(**changes))
        assert self.target.tags == before
        assert SECRET not in str(caught.value)
        return caught.value


@pytest_asyncio.fixture
async def house(registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr("bot.registries.copying.uploads.BETWEEN_TRIES", 0)
    source, target = Fragile(), Fragile()
    async with AsyncExitStack() as stack:
        for registry in (source, target):
            stack.push_async_callback((await registry.start()).cleanup)
        source.add_image(CONTENT)
        yield House(source, target, registries_for(source.host, target.host))


def when(method: str, part: str, answer: Callable[[], web.Response], *, times: int = 1000) -> Any:
    """Answer so what goes this way to a place with this in its path."""
    left = [times]

    async def hook(request: web.Request) -> web.Response | None:
        if request.method != method or part not in request.path or not left[0]:
            return None
        left[0] -= 1
        return answer()

    return hook


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


async def test_a_layer_that_registries_need_not_have_is_left_out(house: House) -> None:
    foreign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
    layer = {**described(foreign, b"elsewhere"), "urls": [f"http://{house.source.host}/v2/team/a/blobs/elsewhere"]}
    config = described(CONFIGURATION, b"{}")
    house.source.blobs[digest_of(b"{}")] = b"{}"
    house.source.add_manifest({"mediaType": MANIFEST, "config": config, "layers": [layer]}, "1.0")
    await house.registries.copy(house.order())
    assert house.target.tags == {"2.0": house.source.tags["1.0"]}
    assert not any(path.endswith("elsewhere") for path in house.source.methods("GET"))


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


HARBOR = {"code": "DENIED", "message": "adding 4.2 MiB of storage resource, which when updated to current usage of "
          "99 MiB will exceed the configured upper limit of 100 MiB"}  # fmt: skip
QUAY = {"code": "DENIED", "message": "Quota has been exceeded on namespace"}
FULL = {
    "507": (507, {}),
    "413": (413, {}),
    "Harbor's quota": (403, {"errors": [HARBOR]}),
    "Quay's quota": (403, {"errors": [QUAY]}),
}
REFUSALS = {
    "403": (403, {"errors": [{"code": "DENIED", "message": "requested access to the resource is denied"}]}),
    "401": (401, {}),
}
WRITES = [("POST", "/uploads/"), ("PATCH", "/uploads/"), ("PUT", "/uploads/"), ("PUT", "/manifests/sha256"),
          ("PUT", "/manifests/2.0")]  # fmt: skip


def refuses(house: House, write: tuple[str, str], status: int, body: Any) -> None:
    house.target.hook = when(*write, lambda: web.json_response(body, status=status))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@pytest.mark.parametrize(("status", "body"), FULL.values(), ids=FULL.keys())
async def test_a_full_registry_says_so(write: tuple[str, str], status: int, body: Any, house: House) -> None:
    refuses(house, write, status, body)
    assert "no room" in str(await house.fails(RegistryFull))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
@pytest.mark.parametrize(("status", "body"), REFUSALS.values(), ids=REFUSALS.keys())
async def test_a_credential_that_may_not_push_is_told_so(
    write: tuple[str, str], status: int, body: Any, house: House
) -> None:
    refuses(house, write, status, body)
    assert "no right" in str(await house.fails(PushRefused))


@pytest.mark.parametrize("write", WRITES, ids=" ".join)
async def test_a_registry_that_asks_for_a_pause_gets_it(write: tuple[str, str], house: House) -> None:
    house.target.hook = when(*write, lambda: web.Response(status=429, headers={"Retry-After": "60"}))
    await house.fails(RegistryLimited)
    seen = len(house.target.seen)
    await house.fails(RegistryLimited)
    assert len(house.target.seen) == seen


@pytest.mark.parametrize("write", WRITES[1:], ids=" ".join)
@pytest.mark.parametrize("status", [400, 404, 416, 418])
async def test_a_write_that_is_never_taken_comes_to_an_end(write: tuple[str, str], status: int, house: House) -> None:
    refuses(house, write, status, {"errors": [{"code": "NONSENSE", "message": "x" * 1000}]})
    await house.fails(RegistryError)
    assert len(house.target.seen) < 60


async def test_another_tag_is_never_overwritten(house: House) -> None:
    old = house.target.add_image(b"older", tag="2.0")
    error = await house.fails(TargetTagTaken)
    assert isinstance(error, TargetTagTaken)
    assert (error.tag, error.digest) == ("2.0", old)
    assert not house.target.methods("POST", "PATCH", "PUT")


async def test_another_tag_is_overwritten_where_that_is_wanted(house: House) -> None:
    old = house.target.add_image(b"older", tag="2.0")
    copied = await house.registries.copy(house.order(overwrite=True))
    assert (copied.replaced, house.target.tags["2.0"]) == (old, house.source.tags["1.0"])


def meanwhile(method: str, part: str, do: Callable[[], object]) -> Any:
    """Let something happen when a request like this comes."""

    async def hook(request: web.Request) -> None:
        if request.method == method and part in request.path:
            do()

    return hook


@pytest.mark.parametrize("write", WRITES[:4], ids=" ".join)
async def test_a_tag_that_moves_during_the_copy_is_not_copied(write: tuple[str, str], house: House) -> None:
    given = house.order()
    house.target.hook = meanwhile(*write, lambda: house.source.add_image(b"newer"))
    with pytest.raises(SourceMoved) as caught:
        await house.registries.copy(given)
    assert caught.value.digest_now == house.source.tags["1.0"] != given.digest
    assert not house.target.tags


async def test_a_tag_that_is_gone_after_the_copy_is_not_copied(house: House) -> None:
    given = house.order()
    house.target.hook = meanwhile("PUT", "/manifests/sha256", house.source.tags.clear)
    with pytest.raises(SourceMoved, match="is gone"):
        await house.registries.copy(given)
    assert not house.target.tags


async def test_a_target_tag_that_appears_during_the_copy_is_kept(house: House) -> None:
    house.target.hook = meanwhile("PUT", "/manifests/sha256", lambda: house.target.add_image(b"theirs", tag="2.0"))
    with pytest.raises(TargetTagTaken):
        await house.registries.copy(house.order())
    assert house.target.tags["2.0"] != house.source.tags["1.0"]


async def test_a_registry_that_forgets_what_it_took_gets_no_tag(house: House) -> None:
    house.target.hook = when("PUT", "/manifests/sha256", lambda: web.Response(status=201))
    await house.fails(InvalidAnswer)
    assert "/v2/team/b/manifests/2.0" not in house.target.methods("PUT")


async def test_a_tag_that_was_not_kept_is_told(house: House) -> None:
    house.target.hook = when("PUT", "/manifests/2.0", lambda: web.Response(status=201))
    await house.fails(InvalidAnswer)


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

    house.source.hook = endless
    assert "has more than 14,000 bytes" in str(await house.fails(BlobMismatch))


async def test_another_part_of_a_blob_than_was_asked_for_is_none(house: House) -> None:
    async def elsewhere(request: web.Request) -> web.Response | None:
        if "Range" not in request.headers:
            return None
        return web.Response(status=206, body=CONTENT[8:], headers={"Content-Range": f"bytes 8-13999/{len(CONTENT)}"})

    house.target.blobs.update({digest: blob for digest, blob in house.source.blobs.items() if blob != CONTENT})
    house.source.get_breaks, house.source.hook = [7], elsewhere
    assert "another part" in str(await house.fails(InvalidAnswer))


async def test_a_token_that_ends_before_a_stream_is_renewed_and_the_stream_begun_anew(
    house: House, scripted: ScriptedServer, registries_for: RegistriesFor
) -> None:
    scripted.on("/token", Reply(body={"token": "first"}), Reply(body={"token": "second"}))
    challenge = f'Bearer realm="http://{scripted.host}/token",service="s"'

    async def wants_token(request: web.Request) -> web.Response | None:
        given = request.headers.get("Authorization")
        if given in {None, "Bearer first"} and (request.method == "PATCH" or given is None):
            return web.Response(status=401, headers={"WWW-Authenticate": challenge})
        return None

    house.target.hook = wants_token
    hosts = house.source.host, house.target.host, scripted.host
    registries = registries_for(*hosts, token_hosts=frozenset({scripted.host}))
    await registries.copy(house.order())
    assert house.target.blobs == house.source.blobs
