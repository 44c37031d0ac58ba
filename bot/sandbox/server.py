"""The sandbox GitHub as a whole: start it, fill it, change things as people would, stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from bot.sandbox.doors import Doors
from bot.sandbox.model import App, Installation, Repository, Role
from bot.sandbox.people import People
from bot.sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime
    from pathlib import Path

    from bot.sandbox.faults import Faults
    from bot.sandbox.graphql import GraphQL
    from bot.sandbox.model import CheckRun, CommitStatus
    from bot.sandbox.webhooks import Delivery, Webhooks

LARGEST_REQUEST = 64 * 1024 * 1024
PERMISSIONS = {
    "administration": "read",
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "merge_queues": "read",
    "metadata": "read",
    "packages": "read",
    "pull_requests": "write",
    "statuses": "read",
}
"""What the App asks for; who wants more of it has it accepted, see ``World.accept``."""
EVENTS = [
    "check_run",
    "check_suite",
    "issue_comment",
    "issues",
    "merge_group",
    "pull_request",
    "pull_request_review",
    "push",
    "registry_package",
    "repository",
    "status",
]


class Sandbox(People):
    """A running sandbox GitHub with one App of ours, ``niro``, and one person, ``octocat``."""

    def __init__(self, world: World, doors: Doors, app: App) -> None:
        super().__init__(world)
        self.doors = doors
        self.app = app
        self._runner: web.AppRunner | None = None

    @classmethod
    async def start(
        cls,
        directory: Path,
        *,
        latency: float = 0.0,
        permissions: Mapping[str, str] | None = None,
        now: Callable[[], datetime] | None = None,
        schema_text: str | None = None,
        port: int = 0,
    ) -> Sandbox:
        """Start on a free port of loopback; repositories live below ``directory``. ``latency`` in seconds a request."""
        world = World(directory, now=now)
        owner = world.add_account("niro-maintainers", "Organization")
        app = world.add_app("niro", owner=owner, permissions=dict(permissions or PERMISSIONS), events=EVENTS)
        sandbox = cls(world, Doors(world, _graphql(world, schema_text)), app)
        sandbox.faults.latency = latency
        await sandbox._listen(port)
        return sandbox

    async def stop(self) -> None:
        """Stop answering and telling; nothing of it is left running."""
        await self.webhooks.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self.world.close()

    @property
    def url(self) -> str:
        """The base address of REST; GraphQL is at ``/graphql`` below it."""
        return self.world.url

    @property
    def faults(self) -> Faults:
        """What a test can switch on, and what it can count."""
        return self.doors.faults

    @property
    def webhooks(self) -> Webhooks:
        """The deliveries."""
        return self.doors.webhooks

    @property
    def webhook_url(self) -> str | None:
        """Where the App's webhooks are sent; None: nowhere."""
        return self.app.webhook_url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self.app.webhook_url = url

    def installation(self, login: str) -> Installation:
        """Return the App's installation on an account; raises LookupError."""
        for found in self.world.installations.values():
            if found.app is self.app and found.account.login == login:
                return found
        raise LookupError(login)

    async def add_repository(
        self, full_name: str, files: Mapping[str, bytes] | None = None, *, private: bool = False, install: bool = True
    ) -> Repository:
        """Make a repository with a first commit, octocat as its admin, and the App installed on all of its owner's."""
        repository = await self.world.add_repository(full_name, private=private)
        repository.collaborators[self.person.login] = Role.ADMIN
        owner = repository.owner
        if install and not any(found.account is owner for found in self.world.installations.values()):
            await self.world.install(self.app, owner)
        elif install:
            await self._tell_added(repository)
        if files:
            await self.commit(full_name, repository.default_branch, files, "Begin")
        return repository

    async def read(self, full_name: str, path: str, revision: str | None = None) -> bytes:
        """Return a file as it stands at a revision (the default branch unless told); raises LookupError."""
        repository = self.repository(full_name)
        found = await repository.git.read(f"{revision or repository.default_branch}:{path}")
        if found is None:
            raise LookupError(f"{full_name} has no {path}")
        return found.content

    async def complete_checks(
        self, full_name: str, oid: str, names: Collection[str] = ("ci",), conclusion: str = "success"
    ) -> list[CheckRun]:
        """Let the people's CI (GitHub Actions) report completed check runs on a commit."""
        repository, actions = self.repository(full_name), self.world.actions
        return [
            await self.world.checks.create_run(
                repository,
                actions,
                name=name,
                head_oid=oid,
                actor=actions.bot,
                status="completed",
                conclusion=conclusion,
            )
            for name in names
        ]

    async def start_check(self, full_name: str, oid: str, name: str = "ci") -> CheckRun:
        """Let the people's CI report that it has begun."""
        actions = self.world.actions
        return await self.world.checks.create_run(
            self.repository(full_name), actions, name=name, head_oid=oid, actor=actions.bot, status="in_progress"
        )

    async def finish_check(self, full_name: str, run: CheckRun, conclusion: str = "success") -> None:
        """Let the people's CI end a check it has begun."""
        actions = self.world.actions
        await self.world.checks.update_run(
            self.repository(full_name), run, actions, actor=actions.bot, status="completed", conclusion=conclusion
        )

    async def fail_checks(self, full_name: str, oid: str, names: Collection[str] = ("ci",)) -> list[CheckRun]:
        """Let the people's CI report failed check runs on a commit."""
        return await self.complete_checks(full_name, oid, names, "failure")

    async def set_status(self, full_name: str, oid: str, context: str = "ci", state: str = "success") -> CommitStatus:
        """Let a person's CI set a commit status."""
        return await self.world.checks.set_status(
            self.repository(full_name), oid, state=state, context=context, actor=self.person
        )

    async def package_published(
        self,
        owner: str,
        name: str,
        tag: str,
        digest: str,
        repository: str | None = None,
        *,
        pushed_at: datetime | None = None,
    ) -> None:
        """Send ``registry_package published`` for an image pushed to the owner's packages, now or at `pushed_at`."""
        linked = self.repository(repository) if repository else None
        pushed = (name, tag, digest, pushed_at or self.world.now())
        await self.webhooks.package_published(self.world.account(owner), pushed, linked)

    async def deliver(self, event: str, payload: Any, *, guid: str | None = None) -> Delivery:
        """Send any payload, signed as ours, and wait for the answer."""
        delivery = self.webhooks.send(self.app, event, payload, guid=guid)
        await self.webhooks.idle()
        return delivery

    async def _listen(self, port: int) -> None:
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_route("*", "/{path:.*}", self.doors.handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        self.world.url = await self._site(port)
        self.doors.downloads.url = await self._site(0)

    async def _site(self, port: int) -> str:
        assert self._runner is not None
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, port = cast("tuple[str, int]", self._runner.addresses[-1][:2])
        return f"http://{host}:{port}"

    async def _tell_added(self, repository: Repository) -> None:
        for installation in self.world.installations_for(repository):
            await self.world.tell_selection("added", installation, [repository])


def _graphql(world: World, schema_text: str | None) -> GraphQL | None:
    """Return the GraphQL part; None where the library that executes its documents is not installed."""
    try:
        from bot.sandbox.graphql import GraphQL  # noqa: PLC0415 - an optional part
    except ModuleNotFoundError as missing:
        if missing.name and missing.name.partition(".")[0] == "graphql":
            return None
        raise
    return GraphQL(world, schema_text)
