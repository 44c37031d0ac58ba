"""What a registry says it took or mounted is looked at before any manifest names it."""

from collections import defaultdict
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiohttp import web

from bot.registries import InvalidAnswer, Side
from tests.registries.conftest import RegistriesFor, credential
from tests.registries.copying_house import CONTENT, SECRET, House, fragile_house, when
from tests.registries.fragile import digest_of


@pytest_asyncio.fixture
async def house(registries_for: RegistriesFor, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr("bot.registries.copying.uploads.BETWEEN_TRIES", 0)
    async with fragile_house(registries_for) as running:
        yield running


UNTAKEN = {"OK": 200, "accepted": 202, "partial": 206}


@pytest.mark.parametrize("status", UNTAKEN.values(), ids=UNTAKEN.keys())
async def test_an_upload_that_is_not_created_is_none(status: int, house: House) -> None:
    house.target.hook = when("PUT", "/uploads/", lambda: web.Response(status=status))
    await house.fails(InvalidAnswer)
    assert not house.target.manifests


async def test_a_blob_that_the_target_took_and_has_not_ends_the_copy(house: House) -> None:
    house.target.hook = when("PUT", "/uploads/", lambda: web.Response(status=201))
    assert "though it took it" in str(await house.fails(InvalidAnswer))
    assert not house.target.manifests


OTHERS = {
    "another size": {"Content-Length": "7"},
    "another digest": {"Content-Length": str(len(CONTENT)), "Docker-Content-Digest": digest_of(b"another")},
}


@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS.keys())
async def test_a_blob_that_the_target_has_otherwise_ends_the_copy(headers: dict[str, str], house: House) -> None:
    house.target.hook = when("HEAD", digest_of(CONTENT), lambda: web.Response(headers=headers))
    await house.fails(InvalidAnswer)
    assert not house.target.manifests


def mounts_so(house: House, status: int, *, looks: int) -> None:
    """Answer a mount so. looks: how often the target says that it has not a blob before it has."""
    seen: dict[str, int] = defaultdict(int)

    async def hook(request: web.Request) -> web.Response | None:
        if "mount" in request.query:
            return web.Response(status=status)
        if request.method == "HEAD" and "/team/b/blobs/" in request.path:
            seen[request.path] += 1
            return web.Response(status=404) if seen[request.path] <= looks else None
        return None

    house.source.hook = hook


@pytest.mark.parametrize("status", [202, 404, 405, 500, 503])
async def test_what_a_registry_does_not_mount_is_sent(status: int, house: House) -> None:
    mounts_so(house, status, looks=1)
    writer = Side(house.source.host, "team/b", credential(house.source.host, SECRET))
    copied = await house.registries.copy(house.order(target=writer))
    assert (copied.mounted, copied.streamed_bytes > len(CONTENT)) == (0, True)


async def test_what_a_registry_says_it_mounted_and_has_not_is_sent(house: House) -> None:
    mounts_so(house, 201, looks=2)
    writer = Side(house.source.host, "team/b", credential(house.source.host, SECRET))
    copied = await house.registries.copy(house.order(target=writer))
    assert (copied.mounted, copied.streamed_bytes > len(CONTENT)) == (0, True)
