"""How long it takes from a hook's call to the last decision about it, with 10 and with 1,000 repositories following.

The call comes over HTTP from another process than the bot's, there is no settle time, and the store is a file of
SQLite. A new tag was pushed before each call, so that every repository's decision changes. Bumps are asked
for and handed out, but not made; the next call waits for the last of them.
"""

from __future__ import annotations

import asyncio
import hashlib
import statistics
import sys
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import aiohttp
import uvloop
from aiohttp import web

from benchmarks.databases import folder, sqlite_url
from benchmarks.registry import running_registry
from benchmarks.table import Row
from benchmarks.working import Addresses, Clock, Wake, at_work, parts_of
from bot.flows.delivery import Deliveries
from bot.flows.indexed import indexed_file
from bot.jobs.performing import performer
from bot.jobs.work import AnnounceImage, BumpRepository, ScanImage, Work, kind
from bot.logs import configure_logs
from bot.manifests import find_images
from bot.store import Follow, Hook, Installation, PolicyRecord, Repository, Store
from bot.web.intake import Intake
from bot.web.server import Doors, public_application

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import AsyncIterator

    from benchmarks.progress import Progress
    from benchmarks.registry import RegistryProcess

FOLLOWERS = {10: 300, 1_000: 5}
"""How many repositories follow an image, and how many calls tell of it; one more before them warms up."""

LONGEST_SECONDS = 25
FEWEST = 1
HOSTS = 2
IDENTIFIER, SECRET = "bench", "secret-of-the-address"
SCAN, BUMP = kind(ScanImage).encode(), kind(BumpRepository).encode()
INSTALLATION = 1
COMMIT = "0" * 40
POLICIES = "version: 1\nimages:\n  - image: {image}\n    range: '*'\n"
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: service
spec:
  template:
    spec:
      containers:
        - name: service
          image: {image}:1.4.2
"""


def measure(progress: Progress) -> list[Row]:
    """Call the hook again and again, each time when the call before has had its decisions."""
    return uvloop.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    rows: list[Row] = []
    async with running_registry(HOSTS) as registry:
        with folder() as directory:
            url = sqlite_url(directory)
            await _fill(url, registry.hosts[1])
            progress.say("filled")
            async with _bot(url, registry) as call:
                for followers, calls in FOLLOWERS.items():
                    times = await _times(registry, call, followers, calls)
                    asked = await registry.asked()
                    progress.say(f"{followers:,} followers: {len(times)} calls, {_shown(times)}; {_each(asked, times)}")
                    rows += [Row(f"from a hook's call to {followers:,} decisions", _shown(times))]
    return rows


def _shown(times: list[float]) -> str:
    if len(times) < 100:
        return f"p50 {statistics.median(times) * 1000:,.0f} ms, at most {max(times) * 1000:,.0f} ms"
    p50, p99 = (statistics.quantiles(times, n=100)[which] * 1000 for which in (49, 98))
    return f"p50 {p50:,.0f} ms, p99 {p99:,.0f} ms"


def _each(asked: Counter[str], times: list[float]) -> str:
    return f"requests to the registry for a call: {asked.total() / (len(times) + 1):.1f} {dict(asked)}"


async def _times(registry: RegistryProcess, call: Call, followers: int, calls: int) -> list[float]:
    """Push and call; give the seconds of each call but the first."""
    times: list[float] = []
    begin = time.monotonic()
    for number in range(calls + 1):
        await registry.push(_name(followers), f"2.{number}.0")
        times.append(await call(f"{registry.hosts[1]}/{_name(followers)}", followers))
        if number >= FEWEST and time.monotonic() - begin > LONGEST_SECONDS:
            break
    return times[1:]


def _name(followers: int) -> str:
    return f"acme/followed-by-{followers}"


async def _fill(url: str, host: str) -> None:
    """Let repositories follow the images, with everything read that a scan wants to know of them."""
    async with await Store.open(url) as store:
        await store.installations.save(Installation(INSTALLATION, "acme", "Organization", False))
        await store.hooks.create(Hook(IDENTIFIER, "generic", None, host, ""), hashlib.sha256(SECRET.encode()).digest())
        first = 1
        for followers in FOLLOWERS:
            numbers = range(first, first + followers)
            await asyncio.gather(*(_add(store, number, host, _name(followers)) for number in numbers))
            first += followers


async def _add(store: Store, number: int, host: str, name: str) -> None:
    image = f"{host}/{name}"
    await store.repositories.save(Repository(number, INSTALLATION, f"acme/shop-{number}", "main", False, False))
    record = PolicyRecord("1" * 40, POLICIES.format(image=image), (), COMMIT)
    await store.repositories.save_policy(number, record)
    await store.repositories.follow(number, [Follow(name.rpartition("/")[2], host, name)])
    found = find_images("deploy.yaml", MANIFEST.format(image=image).encode())
    await store.index.put(number, [indexed_file("deploy.yaml", "2" * 40, found)])
    await store.index.finish(number, COMMIT, "3" * 40)


class Call:
    """Calls the hook, and waits until all that follows from it is done."""

    def __init__(self, session: aiohttp.ClientSession, url: str, said: asyncio.StreamReader) -> None:
        self._session, self._url, self._said = session, url, said

    async def __call__(self, image: str, followers: int) -> float:
        """Return the seconds from the call to the last decision."""
        begin = time.monotonic()
        async with self._session.post(self._url, json={"image": image}) as answer:
            assert answer.status == 202, answer.status
        decided, bumps = 0.0, 0
        while not decided or bumps < followers:
            done, at = (await self._said.readline()).split()
            if done == SCAN:
                decided = float(at)
            bumps += done == BUMP
        return decided - begin


@asynccontextmanager
async def _bot(url: str, registry: RegistryProcess) -> AsyncIterator[Call]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.hook", url, registry.github_url, *registry.hosts),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        port = int(await process.stdout.readline())
        async with aiohttp.ClientSession(trust_env=False) as session:
            yield Call(session, f"http://127.0.0.1:{port}/hooks/generic/{IDENTIFIER}/{SECRET}", process.stdout)
    finally:
        process.stdin.close()
        await process.wait()


async def serve(addresses: Addresses) -> None:
    """Be the bot, its doors too, until standard input ends. What is done is told, with its time."""
    clock, wake = Clock(), Wake()
    async with parts_of(addresses, clock, wake) as parts:

        async def perform(work: Work) -> None:
            if isinstance(work, (AnnounceImage, ScanImage)):
                await performer(kind(work))(work, parts)
            print(kind(work), time.monotonic(), flush=True)

        deliveries = Deliveries(parts)
        intake = Intake(parts.store.deliveries, clock, deliveries.arrived)
        async with at_work(parts, addresses.database, wake, perform), _listening(intake, parts.store):
            handling = asyncio.create_task(deliveries.run())
            await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
            handling.cancel()


@asynccontextmanager
async def _listening(intake: Intake, store: Store) -> AsyncIterator[None]:
    runner = web.AppRunner(public_application(Doors(intake, b"none", store.hooks, {})), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[0][1], flush=True)
    try:
        yield
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    configure_logs("json", "info")
    database, github, *hosts = sys.argv[1:]
    uvloop.run(serve(Addresses(database, github, tuple(hosts))))
