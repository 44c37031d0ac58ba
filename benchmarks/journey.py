"""How long it takes from an event to the pull request, and how many requests: with 0 and 60 ms of latency for each.

The bot runs as `niro serve` on SQLite; GitHub is the sandbox, the registry a real one. Everything is warm: the
installation's token, the policy, the index. No settle time, and no pause between writes.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.databases import folder
from benchmarks.slow import Distance, far_away
from benchmarks.table import LeftOut, Row
from bot.demo.process import BotProcess, running_bot
from bot.demo.stage import BOTH, bot_settings, free_port
from bot.sandbox.model import BranchProtection, RequiredCheck
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import RegistryMissingError, RegistryRequest
from bot.sandbox.server import Sandbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from benchmarks.progress import Progress

OWNER = "acme"
STAYING, MERGED = "acme/shop", "acme/cart"
LATENCIES = 0.0, 0.06
RUNS = 3
QUIET_SECONDS = 0.7
LOOK_SECONDS = 0.002
LONGEST_SECONDS = 30
TARGETS = {"open": "2 GitHub requests", "update": "2", "no change": "1", "merge": "2"}


@dataclass(frozen=True, slots=True)
class Trip:
    """One journey: seconds from the event to its end, and what was asked meanwhile."""

    seconds: float
    github: tuple[str, ...]
    registry: tuple[str, ...]

    @property
    def requests(self) -> str:
        return f"{len(self.github)} GitHub and {len(self.registry)} registry requests"

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, GitHub: {', '.join(self.github)}; registry: {', '.join(self.registry) or 'none'}"


@dataclass(frozen=True, slots=True)
class World:
    """The bot, and the two parties it speaks to."""

    github: Sandbox
    registry: SandboxRegistry
    distance: Distance
    bot: BotProcess

    async def push(self, image: str, tag: str) -> str:
        return await self.registry.push(f"{OWNER}/{image}", tag, BOTH)

    async def announce(self, image: str, tag: str, digest: str) -> None:
        await self.github.package_published(OWNER, image, tag, digest)

    async def trip(self, event: Awaitable[object], end: str, **expected: str) -> Trip:
        """Let an event happen, and wait until the bot has said `end` once more."""
        await self.quiet()
        asked, read = len(self.github.faults.requests), len(self.registry.requests())
        ended = self._count(end, expected)
        begin = time.perf_counter()
        await event
        while self._count(end, expected) == ended:
            if time.perf_counter() > begin + LONGEST_SECONDS:
                raise RuntimeError(
                    f"no {end!r} within {LONGEST_SECONDS} s; {self.bot.events('job goes on later')[-1:]}"
                )
            await asyncio.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - begin
        names = tuple(each.graphql_operation or each.operation for each in self.github.faults.requests[asked:])
        reads = tuple(_short(each) for each in self.registry.requests()[read:])
        return Trip(seconds, names, reads)

    async def quiet(self) -> None:
        """Wait until the bot has asked and done nothing for a while."""
        seen = -1
        while seen != (now := len(self.github.faults.requests) + len(self.bot.events("job done"))):
            seen = now
            await asyncio.sleep(QUIET_SECONDS)

    def _count(self, end: str, expected: dict[str, str]) -> int:
        return sum(expected.items() <= event.items() for event in self.bot.events(end))


def _short(request: RegistryRequest) -> str:
    path = request.path.partition("?")[0].partition(f"/{OWNER}/")[2]
    return f"{request.method} {path.partition('sha256:')[0]}"


def measure(progress: Progress) -> list[Row]:
    """Make every kind of journey a few times at each latency, and give the medians."""
    return asyncio.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    trips: defaultdict[tuple[str, float], list[Trip]] = defaultdict(list)
    # The first round warms up: tokens, connections, the bot's own code.
    rounds = [(0.0, False), *((latency, True) for latency in LATENCIES for _ in range(RUNS))]
    async with _world(len(rounds)) as world:
        for number, (latency, counts) in enumerate(rounds):
            world.github.faults.latency = world.distance.latency = latency
            made = await _journeys(world, number)
            for kind, trip in made.items() if counts else ():
                trips[kind, latency].append(trip)
                progress.say(f"{kind}, {latency * 1000:.0f} ms: {trip}")
    return [_row(kind, latency, made) for (kind, latency), made in sorted(trips.items(), key=lambda each: each[0][1])]


def _row(kind: str, latency: float, made: list[Trip]) -> Row:
    middle = sorted(made, key=lambda trip: trip.seconds)[len(made) // 2]
    what = f"journey: {kind}, {latency * 1000:.0f} ms of latency"
    return Row(what, f"{middle.seconds:.2f} s, {middle.requests}", TARGETS[kind])


async def _journeys(world: World, number: int) -> dict[str, Trip]:
    """Open a pull request for an image of this round, move it, look again, and merge another one."""
    staying, merged = f"shop-{number}", f"cart-{number}"
    first = await world.push(staying, "1.5.0")
    opened = await world.trip(world.announce(staying, "1.5.0", first), "pull_request.opened")
    second = await world.push(staying, "1.6.0")
    updated = await world.trip(world.announce(staying, "1.6.0", second), "pull_request.updated")
    kept = await world.trip(world.announce(staying, "1.6.0", second), "job done", kind="bump-repository")
    await world.trip(world.announce(merged, "1.5.0", await world.push(merged, "1.5.0")), "pull_request.opened")
    head = world.github.repository(MERGED).pulls[-1].head_oid
    green = await world.trip(world.github.complete_checks(MERGED, head, ("ci",)), "pull_request.merged")
    return {"open": opened, "update": updated, "no change": kept, "merge": green}


@asynccontextmanager
async def _world(rounds: int) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(folder())
        try:
            registry = await SandboxRegistry.start(directory)
        except RegistryMissingError as problem:
            raise LeftOut(str(problem)) from problem
        stack.push_async_callback(registry.stop)
        distance = await stack.enter_async_context(far_away(registry.host))
        github = await Sandbox.start(directory / "github")
        stack.push_async_callback(github.stop)
        github.world.package_host = distance.host
        url = f"http://127.0.0.1:{free_port()}"
        settings = bot_settings(github, registry, directory) | {
            "NIRO_BIND": url.removeprefix("http://"),
            "NIRO_ADMIN_BIND": f"127.0.0.1:{free_port()}",
            "NIRO_INSECURE_REGISTRIES": distance.host,
            "NIRO_SETTLE_SECONDS": "0",
            "NIRO_WRITE_GAP_SECONDS": "0",
        }
        bot = await stack.enter_async_context(running_bot(url, settings))
        github.webhook_url = f"{url}/webhook"
        world = World(github, registry, distance, bot)
        await _plant(world, STAYING, [f"shop-{number}" for number in range(rounds)], merge="false")
        await _plant(world, MERGED, [f"cart-{number}" for number in range(rounds)], merge="true")
        yield world


async def _plant(world: World, repository: str, images: list[str], *, merge: str) -> None:
    """Make a repository whose manifests use these images at 1.4.2, and wait until the bot knows them."""
    for image in images:
        await world.push(image, "1.4.2")
    policies = [POLICY.format(image=f"{world.distance.host}/{OWNER}/{image}", merge=merge) for image in images]
    files = {".niro/policies.yml": "version: 1\nimages:\n" + "".join(policies)}
    for image in images:
        files[f"deploy/{image}.yaml"] = MANIFEST.format(
            name=image, image=f"{world.distance.host}/{OWNER}/{image}:1.4.2"
        )
    await world.github.add_repository(repository, {path: text.encode() for path, text in files.items()})
    found = world.github.repository(repository)
    found.protections[found.default_branch] = BranchProtection(required_checks=[RequiredCheck("ci", None)])
    await world.bot.event("repository.indexed", repository=repository)


POLICY = """  - image: {image}
    range: 1.x
    pull-request: {{auto-merge: {merge}}}
"""
MANIFEST = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  template:
    spec:
      containers:
        - name: {name}
          image: {image}
"""
