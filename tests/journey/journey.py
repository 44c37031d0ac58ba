"""The main job with the bot in a process of its own, which a test may kill at any moment and start again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.demo.process import BotProcess, start_bot
from bot.demo.stage import bot_settings, free_port
from bot.sandbox.model import BranchProtection, PullRequest, RequiredCheck
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Happening
from tests.descriptions.checked import started

REPOSITORY = "acme/shop"
DEADLINE_SECONDS = 180
POLICY = """version: 1
images:
  - image: {host}/acme/api
    range: 1.x
    pull-request: {{labels: [images], auto-merge: true}}
findings: {{fail-on: high}}
"""
POD = """apiVersion: v1
kind: Pod
metadata: {{name: api}}
spec:
  containers:
    - {{name: api, image: '{host}/acme/api:{tag}'}}
"""


@dataclass
class Journey:
    """Everything that runs, and what a test wants to know at the end.

    `arrived`: something came onto the default branch, which on this way only the merge brings about. That is known
    before anybody is told of it; `merged` is set once somebody looked.
    """

    github: Sandbox
    registry: SandboxRegistry
    url: str
    settings: dict[str, str]
    bot: BotProcess
    merged: asyncio.Event = field(default_factory=asyncio.Event)
    arrived: bool = False
    struck: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def pulls(self) -> list[PullRequest]:
        return list(self.github.repository(REPOSITORY).pulls)

    def strike(self) -> None:
        """Kill the bot where it stands, once."""
        if not self.struck.is_set():
            os.kill(self.bot.pid, signal.SIGKILL)
            self.struck.set()

    async def travel(self, *, killed: bool = False) -> None:
        """Push a tag and tell of it; wait until the pull request is merged.

        `killed`: the test strikes on the way; the bot is started again then.
        """
        digest = await self.registry.push("acme/api", "1.5.0")
        await self.github.package_published("acme", "api", "1.5.0", digest, REPOSITORY)
        async with asyncio.timeout(DEADLINE_SECONDS):
            if killed:
                await self.struck.wait()
                await self.bot.kill()
                self.bot = await start_bot(self.url, self.settings)
                await self.bot.ready()
            await self.merged.wait()
            await self.github.webhooks.idle()

    async def pushed(self, happening: Happening) -> None:
        """Note that something came onto the default branch."""
        if happening.event == "push" and happening.subject.ref == "refs/heads/main":
            self.arrived = True

    async def happened(self, happening: Happening) -> None:
        """Play the people's CI: every commit of a pull request is tested and found good."""
        if happening.event == "pull_request" and happening.action in {"opened", "synchronize"}:
            self._later(self.github.complete_checks(REPOSITORY, happening.subject.head_oid, ("ci",)))
        self._later(self._look())

    async def _look(self) -> None:
        if await self.github.read(REPOSITORY, "pod.yaml") == self.pod("1.5.0"):
            self.merged.set()

    def pod(self, tag: str) -> bytes:
        return POD.format(host=self.registry.host, tag=tag).encode()

    def _later(self, work: Awaitable[object]) -> None:
        async def run() -> None:
            await work

        task = asyncio.create_task(run())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@asynccontextmanager
async def begun(directory: Path) -> AsyncIterator[Journey]:
    """Start everything and let the bot come to know the repository; the journey itself has not begun."""
    registry = await SandboxRegistry.start(directory)
    try:
        async with started(directory / "github") as github:
            github.world.package_host = registry.host
            port, admin = free_port(), free_port()
            url = f"http://127.0.0.1:{port}"
            settings = bot_settings(github, registry, directory) | {
                "NIRO_BIND": f"127.0.0.1:{port}",
                "NIRO_ADMIN_BIND": f"127.0.0.1:{admin}",
                "NIRO_SETTLE_SECONDS": "0",
                "NIRO_WRITE_GAP_SECONDS": "0",
                "NIRO_LOG_LEVEL": "debug",
            }
            journey = Journey(github, registry, url, settings, await start_bot(url, settings))
            try:
                await journey.bot.ready()
                github.webhook_url = f"{url}/webhook"
                await _plant(journey)
                yield journey
            finally:
                await journey.bot.kill()
                await github.webhooks.idle()
    finally:
        await registry.stop()


async def _plant(journey: Journey) -> None:
    host = journey.registry.host
    await journey.registry.push("acme/api", "1.4.0")
    files = {".niro/policies.yml": POLICY.format(host=host), "pod.yaml": POD.format(host=host, tag="1.4.0")}
    repository = await journey.github.add_repository(REPOSITORY, {path: text.encode() for path, text in files.items()})
    protection = BranchProtection(required_checks=[RequiredCheck("ci")])
    journey.github.world.rules.protect(repository, repository.default_branch, protection)
    await journey.bot.event("tag.decided", policy="api", current="1.4.0")
    await journey.github.webhooks.idle()
    journey.github.world.listeners.insert(0, journey.pushed)  # before the bot is told of it
    journey.github.world.listeners.append(journey.happened)
