"""The whole house without a queue: real adapters on a checked sandbox, a real registry and SQLite; work on demand."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot import flows  # noqa: F401 - registers the performers
from bot.flows.delivery import drain
from bot.flows.failures import classify
from bot.flows.parts import Parts
from bot.github import GitHub, open_session
from bot.jobs.performance import Performance
from bot.jobs.performing import performer
from bot.jobs.timing import Timing
from bot.jobs.work import BumpRepository, Work, kind
from bot.registries import Registries, guarded_sessions
from bot.sandbox.git import RefMove
from bot.sandbox.model import BranchProtection, RequiredCheck
from bot.store import EMPTY, Keyring, Store
from bot.web.intake import Intake
from bot.web.server import Doors, public_application
from tests.descriptions.checked import started

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from pathlib import Path

    from bot.github import RepositoryClient
    from bot.sandbox.git import NewEntry
    from bot.sandbox.model import Installation, PullRequest
    from bot.sandbox.registry import SandboxRegistry
    from bot.sandbox.server import Sandbox
    from bot.store import BumpRecord

BOTH = ("linux/amd64", "linux/arm64")
SETTLE = timedelta(seconds=10)
TO_PLAY = timedelta(minutes=15)
"""Longer than a test plays, on a busy machine too."""
MOST_ROUNDS = 100
_NUMBERS = itertools.count(1)


class Clock:
    """The real time, moved forward by the test; a test that begins shortly before midnight plays on the next day."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self.ahead = timedelta() if (now + TO_PLAY).date() == now.date() else TO_PLAY

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def forward(self, by: timedelta) -> None:
        self.ahead += by


@dataclass
class House:
    """What a test of a flow plays on. `owner` is an organisation of its own, also in the shared registry."""

    github: Sandbox
    registry: SandboxRegistry
    parts: Parts
    clock: Clock
    url: str
    owner: str
    performed: list[Work] = field(default_factory=list)

    @property
    def repository(self) -> str:
        return f"{self.owner}/shop"

    def image(self, name: str = "api") -> str:
        return f"{self.registry.host}/{self.owner}/{name}"

    async def push(self, tag: str, name: str = "api", platforms: tuple[str, ...] = BOTH, **options: Any) -> str:
        """Push an image without telling anybody."""
        return await self.registry.push(f"{self.owner}/{name}", tag, platforms, **options)

    async def publish(self, tag: str, name: str = "api", platforms: tuple[str, ...] = BOTH, **options: Any) -> str:
        """Push an image, let GitHub tell of it, and let the settle time pass."""
        digest = await self.push(tag, name, platforms, **options)
        await self.tell(tag, digest, name)
        return digest

    async def tell(self, tag: str, digest: str, name: str = "api") -> None:
        """Let GitHub tell of an image, do what is due, let the settle time pass, and do what is due then."""
        await self.github.package_published(self.owner, name, tag, digest, self.repository)
        await self.work()
        await self.later(SETTLE)

    async def later(self, by: timedelta) -> None:
        self.clock.forward(by)
        await self.work()

    async def work(self) -> None:
        """Handle every delivery and perform everything that is due now, until nothing is left."""
        performance = Performance(
            self.parts.store.due, self._perform, classify, clock=self.clock, timing=Timing(), jitter=lambda: 0.0
        )
        for _ in range(MOST_ROUNDS):
            await self.github.webhooks.idle()
            drained = await drain(self.parts)
            now = self.clock()
            rows = await self.parts.store.due.lease(now, window=1000, share=1000, until=now + timedelta(seconds=30))
            for row in rows:
                await performance(row.kind, row.key)
            if not drained and not rows:
                return
        raise AssertionError(f"the work does not end: {self.performed[-10:]}")

    async def _perform(self, work: Work) -> None:
        self.performed.append(work)
        await performer(kind(work))(work, self.parts)

    async def commit(self, files: Mapping[str, bytes], *, removed: Sequence[str] = (), branch: str = "main") -> str:
        """Push a commit as a person would, and do what is due then."""
        oid = await self.github.commit(self.repository, branch, files, removed=removed)
        await self.work()
        return oid

    async def commit_entries(self, *entries: NewEntry) -> str:
        """Push entries of any mode to main, as a person's git would, without doing what is due then."""
        found, person = self.github.repository(self.repository), self.github.person
        head = await found.git.branch("main")
        assert head is not None
        tree = await found.git.write_tree(head, entries)
        signature = self.github.world.refs.signature(person)
        oid = await found.git.write_commit(tree, [head], "Change modes", author=signature, committer=signature)
        await self.github.world.refs.apply(found, [RefMove("refs/heads/main", head, oid)], person)
        await self.github.webhooks.idle()
        return oid

    async def head(self, branch: str = "main") -> str:
        """Return the commit at which a branch stands."""
        found = await self.github.repository(self.repository).git.branch(branch)
        assert found is not None
        return found

    def counted(self) -> Counted:
        """Count GitHub's requests from here on."""
        return Counted(self.github, len(self.github.faults.requests))

    async def ask(self, *work: Work) -> None:
        """Ask for work and do what is due."""
        await self.parts.ask(*work)
        await self.work()

    async def bump(self, group: str = "api") -> BumpRecord | None:
        """Return what the store remembers of a group's bump."""
        return await self.parts.store.bumps.get(self.github.repository(self.repository).id, group)

    def bump_work(self, group: str = "api") -> BumpRepository:
        return BumpRepository(self.installation.id, self.github.repository(self.repository).id, group)

    @property
    def installation(self) -> Installation:
        return self.github.installation(self.owner)

    async def dead(self) -> list[str]:
        """Return the reasons of the work that was parked as dead."""
        return [dead.reason for dead in await self.parts.store.due.dead()]

    async def require_checks(self, *names: str, repository: str | None = None) -> None:
        """Let the default branch demand these checks before a merge."""
        found = self.github.repository(repository or self.repository)
        required = [RequiredCheck(name, None) for name in names]
        found.protections[found.default_branch] = BranchProtection(required_checks=required)

    def client(self, repository: str | None = None) -> RepositoryClient:
        found = self.github.repository(repository or self.repository)
        return self.parts.github.repository(self.github.installation(self.owner).id, found.id, found.full_name)

    def pulls(self, repository: str | None = None) -> list[PullRequest]:
        return list(self.github.repository(repository or self.repository).pulls)

    def open_pulls(self, repository: str | None = None) -> list[PullRequest]:
        return [pull for pull in self.pulls(repository) if pull.state == "open"]

    async def on_branch(self, branch: str = "niro/api") -> int | None:
        """Count the commits that a branch is ahead of main; None: there is no such branch."""
        git = self.github.repository(self.repository).git
        head, main = await git.branch(branch), await git.branch("main")
        if head is None:
            return None
        assert main is not None
        return await git.ahead(main, head)

    def policy(self, *, name: str = "api", rule: str = "range: '*'", more: str = "") -> bytes:
        return f"version: 1\nimages:\n  - image: {self.image(name)}\n    {rule}\n{more}".encode()

    def deployment(self, tag: str = "1.4.2", name: str = "api") -> bytes:
        return DEPLOYMENT.format(name=name, image=f"{self.image(name)}:{tag}").encode()


@dataclass(frozen=True)
class Counted:
    """The requests that reached GitHub since a moment."""

    github: Sandbox
    start: int

    @property
    def names(self) -> list[str]:
        """Return each request by its GraphQL name or its REST operation, in order."""
        made = self.github.faults.requests[self.start :]
        return [record.graphql_operation or record.operation for record in made]


DEPLOYMENT = """# The {name} of the shop.
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
spec:
  template:
    spec:
      containers:
        - name: {name}
          image: {image}   # bumped by the bot
          ports: [{{containerPort: 8080}}]
"""


@asynccontextmanager
async def built(
    directory: Path, registry: SandboxRegistry, *, keys: Keyring = EMPTY, **settings: Any
) -> AsyncIterator[House]:
    """Build a house over empty parts; the test fails when the sandbox's traffic is not as GitHub describes it."""
    clock, owner = Clock(), f"acme{next(_NUMBERS)}"
    async with AsyncExitStack() as stack:
        github = await stack.enter_async_context(started(directory / "github", now=clock))
        github.world.package_host = registry.host
        url = f"sqlite:///{directory / 'niro.db'}"
        store = await stack.enter_async_context(await Store.open(url, clock=clock, keys=keys))
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
                gap=timedelta(),
            ),
            registries=Registries(guarded, insecure_hosts=frozenset({registry.host}), clock=clock),
            clock=clock,
            executor=stack.enter_context(ThreadPoolExecutor(1)),
            settle=SETTLE,
            **settings,
        )
        url = await _served(stack, parts, github)
        github.webhook_url = f"{url}/webhook"
        yield House(github, registry, parts, clock, url, owner)
        await github.webhooks.idle()


async def _served(stack: AsyncExitStack, parts: Parts, github: Sandbox) -> str:
    intake = Intake(parts.store.deliveries, parts.clock, lambda: None)
    doors = Doors(intake, github.app.webhook_secret.encode(), parts.store.hooks, {})
    runner = web.AppRunner(public_application(doors))
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return f"http://127.0.0.1:{runner.addresses[0][1]}"
