"""1,000 open pull requests of one installation inside GitHub's limits: a round without news, and one that moves all.

The bot's own parts stand beside the sandbox GitHub, a real registry and SQLite, and its work is done in a row, as one
worker would. The sandbox enforces GitHub's limits. The clock runs ahead wherever the bot would only wait.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from benchmarks.databases import folder
from benchmarks.table import LeftOut, Row
from bot import flows  # noqa: F401 - registers the performers
from bot.demo.stage import BOTH
from bot.flows.delivery import drain
from bot.flows.failures import classify
from bot.flows.parts import Parts
from bot.github import GitHub, open_session
from bot.jobs.performance import Performance
from bot.jobs.performing import performer
from bot.jobs.timing import Timing
from bot.jobs.work import BumpRepository, ScanImage, Work, kind
from bot.registries import Registries, guarded_sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import RegistryMissingError
from bot.sandbox.server import Sandbox
from bot.store import Store
from bot.web.intake import Intake
from bot.web.server import Doors, public_application

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from benchmarks.progress import Progress

OWNER = "acme"
REPOSITORIES = 100
IMAGES = 10
SETTLE = timedelta(seconds=10)
SLOTS = 16
REFUSED = {403, 429}
LONGEST = timedelta(days=2)
HOUR = timedelta(hours=1)
LEAST_TOLD = timedelta(minutes=1)
OFTEN_SECONDS = 60.0
TARGETS = {"opened": "2 h 23 min: 500 an hour", "looked at, nothing new": "", "all moved": "2 h 23 min: 500 an hour"}
QUIET_KINDS = {"poll-image", "reconsider-image", "sweep-deliveries", "housekeeping"}
"""Work that comes again for ever, or that nothing waits for."""


class Clock:
    """A clock that stands still while something is done, and runs on where one would only wait.

    Work that takes no time is the hardest on limits: nothing is spread that is not spread on purpose.
    """

    def __init__(self) -> None:
        self._now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += timedelta(seconds=max(seconds, 0))

    def forward_to(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round took: by the clock that GitHub's limits go by, and by the work alone; and what GitHub was asked."""

    elapsed: timedelta
    seconds: float
    requests: Counter[str]
    refused: Counter[str]

    @property
    def asked(self) -> str:
        """Name the requests by kind, the most frequent first."""
        kinds = ", ".join(f"{count:,} {name}" for name, count in self.requests.most_common())
        return kinds or "none"

    def __str__(self) -> str:
        return f"{_long(self.elapsed)}, {self.seconds:.0f} s of work; {self.asked}; refused: {self.refused.total()}"


@dataclass(slots=True)
class Installation:
    """One installation with many repositories, and the bot that serves it."""

    github: Sandbox
    registry: SandboxRegistry
    parts: Parts
    clock: Clock

    async def push(self, tag: str) -> None:
        """Push a tag of every image, and have each looked at."""
        for number in range(IMAGES):
            await self.registry.push(f"{OWNER}/service-{number}", tag, BOTH)
        await self.parts.ask(*(ScanImage(self.registry.host, f"{OWNER}/service-{each}") for each in range(IMAGES)))

    async def rest(self) -> None:
        """Let the hours of GitHub's limits begin anew, so that no round pays for the one before."""
        await self.clock.sleep(HOUR.total_seconds())

    async def look_again(self) -> None:
        """Ask for a look at every open pull request."""
        found = await self.parts.store.bumps.all_open()
        await self.parts.ask(*(BumpRepository(each.installation, each.repository, each.group) for each in found))

    def moved_to(self, tag: str) -> int:
        """Count the open pull requests whose title ends with a tag."""
        repositories = self.github.world.repositories.values()
        pulls = (pull for repository in repositories for pull in repository.pulls)
        return sum(pull.state == "open" and pull.title.endswith(tag) for pull in pulls)

    async def round(self, progress: Progress, what: str) -> Round:
        """Do everything that is due and all that comes of it; where nothing is, the clock runs on to what is next."""
        asked, begin, real = len(self.github.faults.requests), self.clock(), time.monotonic()
        said = real
        while await self._work() or await self._wait(begin + LONGEST):
            if time.monotonic() > said + OFTEN_SECONDS:
                said = time.monotonic()
                progress.say(f"{what}: {_long(self.clock() - begin)}, {dict(self._counted(asked)[0])}")
        requests, refused = self._counted(asked)
        made = Round(self.clock() - begin, time.monotonic() - real, requests, refused)
        progress.say(f"{what}: {made}")
        return made

    async def _wait(self, end: datetime) -> bool:
        """Let the clock run on to the next piece of work; False: nothing waits, or nothing before `end`."""
        waiting = {name for name, count in (await self.parts.store.due.counts()).items() if count.open}
        following = await self.parts.store.due.next_due(self.clock())
        if waiting <= QUIET_KINDS or following is None or following > end:
            return False
        self.clock.forward_to(following)
        return True

    async def _work(self) -> bool:
        await self.github.webhooks.idle()
        drained = await drain(self.parts)
        now = self.clock()
        until = now + timedelta(days=1)
        rows = await self.parts.store.due.lease(now, window=SLOTS, share=SLOTS, until=until)
        performance = Performance(
            self.parts.store.due, self._perform, classify, clock=self.clock, timing=Timing(), jitter=lambda: 0.0
        )
        for row in rows:
            await performance(row.kind, row.key)
        return bool(drained or rows)

    async def _perform(self, work: Work) -> None:
        await performer(kind(work))(work, self.parts)

    def _counted(self, since: int) -> tuple[Counter[str], Counter[str]]:
        made = self.github.faults.requests[since:]
        named = [(each.graphql_operation or each.operation, each.status) for each in made]
        return Counter(name for name, _ in named), Counter(name for name, status in named if status in REFUSED)


def measure(progress: Progress) -> list[Row]:
    """Open the pull requests, look at all of them again, and move all of them once."""
    return asyncio.run(_measured(progress))


async def _measured(progress: Progress) -> list[Row]:
    rounds: dict[str, Round] = {}
    async with installed(progress) as installation:
        await installation.push("1.5.0")
        rounds["opened"] = await installation.round(progress, "opened")
        _expect(progress, installation, "1.5.0")
        await installation.rest()
        await installation.look_again()
        rounds["looked at, nothing new"] = await installation.round(progress, "looked at, nothing new")
        await installation.rest()
        await installation.push("1.6.0")
        rounds["all moved"] = await installation.round(progress, "all moved")
        _expect(progress, installation, "1.6.0")
    refused = sum((made.refused for made in rounds.values()), Counter())
    if refused:
        progress.failed(f"GitHub's limits refused {dict(refused)}")
    rows = [row for what, made in rounds.items() for row in _rows(what, made)]
    return [*rows, Row("refused by a limit", f"{refused.total()} requests", "0")]


def _expect(progress: Progress, installation: Installation, tag: str) -> None:
    moved = installation.moved_to(tag)
    if moved != REPOSITORIES * IMAGES:
        progress.failed(f"{moved:,} pull requests of {REPOSITORIES * IMAGES:,} are at {tag}")


def _rows(what: str, made: Round) -> list[Row]:
    pulls = REPOSITORIES * IMAGES
    first = f"{pulls:,} pull requests {what}"
    took = f"{_long(made.elapsed)} by GitHub's limits, " if made.elapsed > LEAST_TOLD else ""
    return [Row(first, f"{took}{made.seconds:.0f} s of work", TARGETS[what]), Row("requests", made.asked)]


@asynccontextmanager
async def installed(progress: Progress, repositories: int = REPOSITORIES) -> AsyncIterator[Installation]:
    """Install the bot in repositories of ten images each, inside GitHub's limits; everything was read once."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        directory = stack.enter_context(folder())
        try:
            registry = await SandboxRegistry.start(directory)
        except RegistryMissingError as problem:
            raise LeftOut(str(problem)) from problem
        stack.push_async_callback(registry.stop)
        github = await Sandbox.start(directory / "github", now=clock)
        stack.push_async_callback(github.stop)
        store = await stack.enter_async_context(await Store.open(f"sqlite:///{directory / 'niro.db'}", clock=clock))
        session = await stack.enter_async_context(open_session())
        guarded = await stack.enter_async_context(guarded_sessions(["127.0.0.0/8"]))
        parts = Parts(
            store=store,
            github=GitHub(
                session,
                github.app.client_id,
                github.app.private_key_pem,
                github.url,
                pace=store.pacing,
                clock=clock,
                sleep=clock.sleep,
            ),
            registries=Registries(guarded, insecure_hosts=frozenset({registry.host}), clock=clock),
            clock=clock,
            executor=stack.enter_context(ThreadPoolExecutor(1)),
            settle=SETTLE,
        )
        github.webhook_url = await _served(stack, parts, github)
        installation = Installation(github, registry, parts, clock)
        await _plant(installation, progress, repositories)
        await installation.rest()
        github.world.limits.settings.enforce_points()
        yield installation
        await github.webhooks.idle()


async def _served(stack: AsyncExitStack, parts: Parts, github: Sandbox) -> str:
    intake = Intake(parts.store.deliveries, parts.clock, lambda: None)
    doors = Doors(intake, github.app.webhook_secret.encode(), parts.store.hooks, {})
    runner = web.AppRunner(public_application(doors))
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"


async def _plant(installation: Installation, progress: Progress, repositories: int) -> None:
    """Make repositories of ten images each at 1.4.2, and let the bot learn them."""
    host = installation.registry.host
    for number in range(IMAGES):
        await installation.registry.push(f"{OWNER}/service-{number}", "1.4.2", BOTH)
    names = [f"service-{number}" for number in range(IMAGES)]
    policies = "".join(POLICY.format(image=f"{host}/{OWNER}/{name}") for name in names)
    files = {".niro/policies.yml": POLICY_FILE + policies}
    files |= {f"deploy/{name}.yaml": MANIFEST.format(name=name, image=f"{host}/{OWNER}/{name}:1.4.2") for name in names}
    contents = {path: text.encode() for path, text in files.items()}
    for number in range(repositories):
        await installation.github.add_repository(f"{OWNER}/shop-{number}", contents)
    await installation.round(progress, f"{repositories} repositories read")


def _long(duration: timedelta) -> str:
    minutes = round(duration.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60:02} min" if minutes >= 60 else f"{duration.total_seconds():.0f} s"


POLICY_FILE = """version: 1
limits: {open-pull-requests: 100, new-per-hour: 100}
images:
"""
POLICY = """  - image: {image}
    range: 1.x
    poll: 1d
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
