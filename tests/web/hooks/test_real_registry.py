"""A real registry calls the door of its kind when skopeo pushes to it."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.images import ImageReference
from bot.registries.notifications import HookKind, images
from bot.sandbox.registry_process import find_program
from bot.store import Store
from bot.web.intake import Intake
from bot.web.server import Doors, public_application
from tests.parts.image_layout import write_layout
from tests.parts.skopeo import Skopeo
from tests.web.conftest import NOW, SECRET, Serve
from tests.web.hooks.conftest import SIGNING, Clock, HookDoors
from tests.web.hooks.google import Google

LISTENING = re.compile(rb"listening on (127\.0\.0\.1:\d+)")


@asynccontextmanager
async def registry(folder: Path, address: str, authorization: str) -> AsyncIterator[str]:
    """Run a registry that tells this address of what happens, as docs/hooks.md says; gives its `address:port`."""
    endpoint = {
        "name": "niro",
        "url": address,
        "headers": {"Authorization": [authorization]},
        "timeout": "5s",
        "threshold": 5,
        "backoff": "10s",
        "ignore": {"actions": ["pull"]},
    }
    configuration = {
        "version": "0.1",
        "storage": {"filesystem": {"rootdirectory": str(folder / "storage")}},
        "http": {"addr": "127.0.0.1:0", "secret": "test"},
        "notifications": {"endpoints": [endpoint]},
    }
    (folder / "config.json").write_text(json.dumps(configuration))
    process = await asyncio.create_subprocess_exec(
        find_program(),
        "serve",
        str(folder / "config.json"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    said = b""
    while not (found := LISTENING.search(said)):
        said = await process.stderr.readline()
        assert said, "the registry ended before it listened"
    draining = asyncio.create_task(process.stderr.read())
    try:
        yield found[1].decode()
    finally:
        process.kill()
        await process.wait()
        await draining


@pytest.mark.parametrize("kind", [HookKind.DISTRIBUTION, HookKind.GITLAB])
async def test_what_it_sends_after_a_push_names_the_image(
    *, serve: Serve, store: Store, http: ClientSession, tmp_path: Path, kind: HookKind
) -> None:
    arrived: asyncio.Queue[None] = asyncio.Queue()
    intake = Intake(store.deliveries, lambda: NOW, lambda: arrived.put_nowait(None))
    url = await serve(public_application(Doors(intake, SECRET, store.hooks, {})))
    doors = HookDoors(url, store, http, Clock(), Google())
    write_layout(tmp_path / "layout", "1.0.0", ("linux/amd64", "linux/arm64"), created=NOW)
    path = await doors.hook(kind)
    async with registry(tmp_path, url + path, f"Bearer {SIGNING}") as host:
        await Skopeo(host).push(tmp_path / "layout", "team/api", "1.0.0")
        named: set[ImageReference] = set()
        while not named:
            await arrived.get()
            for delivery in await store.deliveries.claim(100, now=NOW, until=NOW):
                named.update(images(kind, json.loads(delivery.delivery.body), "never.used"))
    assert {image.name for image in named} == {f"{host}/team/api"}
