"""The world of the sandbox GitHub: who and what there is; its parts hold what can be done.

REST and GraphQL both call the parts: ``refs``, ``pulls``, ``merging``, ``checks``, ``issues``, ``rules``, ``tokens``
and ``limits``. A part refuses with a ``Refusal``; who may ask at all is decided before, by ``Token.require``.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.sandbox import keys
from bot.sandbox.authentication import Tokens
from bot.sandbox.checks import Checks
from bot.sandbox.git import GitRepository
from bot.sandbox.issues import Issues
from bot.sandbox.limits import Limits
from bot.sandbox.merging import Merging
from bot.sandbox.model import GHOST_EMAIL, Account, App, Installation, Repository, Role, node_id
from bot.sandbox.pulls import PullRequests
from bot.sandbox.refs import Refs
from bot.sandbox.refusals import NotFound
from bot.sandbox.reviews import Reviews
from bot.sandbox.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from pathlib import Path

ACCOUNT_PREFIX = {"User": "U", "Organization": "O", "Bot": "BOT"}


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that a webhook tells: the event, its action, where, by whom and about what."""

    event: str  # push | pull_request | check_run | ...
    action: str | None
    sender: Account
    repository: Repository | None = None
    installation: Installation | None = None  # only for the events about installations
    subject: Any = None  # the record it is about
    details: dict[str, Any] = field(default_factory=dict)


class World:
    """All accounts, Apps, installations and repositories, and the parts that change them."""

    def __init__(self, directory: Path, *, now: Callable[[], datetime] | None = None) -> None:
        self.directory = directory
        self.now = now or (lambda: datetime.now(UTC))
        self.url = "http://127.0.0.1"  # where the doors are; the server sets it
        self.accounts: dict[str, Account] = {}  # by login, lower case
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.repositories: dict[int, Repository] = {}
        self.nodes: dict[str, Any] = {}  # every record with a node id
        self.names: dict[str, int] = {}  # full name, lower case -> repository
        self.former_names: dict[str, int] = {}  # the same for names that redirect
        self.package_host = "ghcr.io"  # where the images live that the package events tell of
        self.manifests: dict[str, App] = {}  # conversion codes of Apps made from a manifest
        self.listeners: list[Callable[[Happening], Awaitable[None]]] = []
        self._ids = itertools.count(1001)
        self.tokens = Tokens(self)
        self.limits = Limits(self)
        self.rules = Rules(self)
        self.refs = Refs(self)
        self.pulls = PullRequests(self)
        self.merging = Merging(self)
        self.checks = Checks(self)
        self.issues = Issues(self)
        self.reviews = Reviews(self)
        self.web = self.add_account("web-flow", "User")
        self.actions = self._actions_app()

    def identify(self, prefix: str) -> tuple[int, str]:
        """Return a new id with its node id."""
        number = next(self._ids)
        return number, node_id(prefix, number)

    def remember(self, record: Any) -> None:
        """Make a record findable by its node id."""
        self.nodes[record.node_id] = record

    def forget(self, record: Any) -> None:
        """Let a record's node id name nothing any more."""
        self.nodes.pop(record.node_id, None)

    def node(self, identifier: str) -> Any:
        """Return the record with a node id; raises NotFound as GraphQL words it."""
        if identifier not in self.nodes:
            raise NotFound(f"Could not resolve to a node with the global id of '{identifier}'")
        return self.nodes[identifier]

    async def announce(self, happening: Happening) -> None:
        """Tell all listeners what happened, while the world still is as it tells."""
        for listener in self.listeners:
            await listener(happening)

    async def tell(
        self,
        event: str,
        action: str | None,
        repository: Repository,
        sender: Account,
        *,
        subject: Any = None,
        **details: Any,
    ) -> None:
        """Announce something that happened in a repository."""
        await self.announce(Happening(event, action, sender, repository, subject=subject, details=details))

    def add_account(self, login: str, kind: str = "User") -> Account:
        """Return a new user, organisation (``Organization``) or ``Bot``; the existing one if the login is taken."""
        if login.lower() not in self.accounts:
            account = Account(*self.identify(ACCOUNT_PREFIX[kind]), login, kind)
            self.accounts[login.lower()] = account
            self.remember(account)
        return self.accounts[login.lower()]

    def account(self, login: str) -> Account:
        """Return the account with a login; raises NotFound."""
        if login.lower() not in self.accounts:
            raise NotFound
        return self.accounts[login.lower()]

    def add_app(
        self, slug: str, *, owner: Account, permissions: dict[str, str], events: list[str], signs: bool = True
    ) -> App:
        """Register an App with its bot user, and with a new key pair if it signs its requests."""
        number, node = self.identify("A")
        private_key, public_key = keys.new_pair() if signs else ("", "")
        app = App(
            id=number,
            node_id=node,
            slug=slug,
            name=slug.replace("-", " ").title(),
            owner=owner,
            bot=self.add_account(f"{slug}[bot]", "Bot"),
            client_id=f"Iv23li{number:014d}",
            client_secret=keys.new_secret(),
            private_key_pem=private_key,
            public_key_pem=public_key,
            webhook_secret=keys.new_secret(),
            created_at=self.now(),
            permissions=dict(permissions),
            events=list(events),
        )
        self.apps[number] = app
        self.remember(app)
        return app

    async def install(self, app: App, account: Account, repositories: set[int] | None = None) -> Installation:
        """Install an App on an account, with all its permissions; tells ``installation created``."""
        number, node = self.identify("I")
        permissions, events = {"metadata": "read", **app.permissions}, list(app.events)
        installation = Installation(number, node, app, account, self.now(), permissions, events, repositories)
        self.installations[number] = installation
        await self._tell_installation("created", installation)
        return installation

    async def uninstall(self, installation: Installation) -> None:
        """Remove an installation; its tokens end. Tells ``installation deleted``."""
        await self._tell_installation("deleted", installation)
        del self.installations[installation.id]

    async def suspend(self, installation: Installation) -> None:
        """Suspend an installation; tells ``installation suspend``."""
        installation.suspended_at = self.now()
        await self._tell_installation("suspend", installation)

    async def unsuspend(self, installation: Installation) -> None:
        """End a suspension; tells ``installation unsuspend``."""
        installation.suspended_at = None
        await self._tell_installation("unsuspend", installation)

    async def accept(self, installation: Installation, permissions: Mapping[str, str]) -> None:
        """Let the owner accept permissions that the App asks for now; tells ``new_permissions_accepted``."""
        installation.app.permissions |= permissions
        installation.permissions |= permissions
        await self._tell_installation("new_permissions_accepted", installation)

    async def select(self, installation: Installation, repositories: set[int] | None) -> None:
        """Change which repositories an installation holds; tells ``installation_repositories``."""
        before = {repository.id for repository in self.installed(installation)}
        installation.repositories = repositories
        after = {repository.id for repository in self.installed(installation)}
        for action, changed in (("added", after - before), ("removed", before - after)):
            if changed:
                await self.tell_selection(action, installation, [self.repositories[one] for one in sorted(changed)])

    async def tell_selection(self, action: str, installation: Installation, changed: list[Repository]) -> None:
        """Tell ``installation_repositories``: which repositories came (``added``) or went (``removed``)."""
        await self.announce(
            Happening(
                "installation_repositories",
                action,
                installation.account,
                installation=installation,
                subject=changed,
            )
        )

    def installed(self, installation: Installation) -> list[Repository]:
        """Return the repositories an installation holds."""
        return [repository for repository in self.repositories.values() if self.holds(installation, repository)]

    def holds(self, installation: Installation, repository: Repository) -> bool:
        """Tell whether an installation holds a repository."""
        chosen = installation.repositories
        return repository.owner is installation.account and (chosen is None or repository.id in chosen)

    def installations_for(self, repository: Repository) -> list[Installation]:
        """Return the installations that hold a repository."""
        return [found for found in self.installations.values() if self.holds(found, repository)]

    async def add_repository(
        self, full_name: str, *, private: bool = False, default_branch: str = "main"
    ) -> Repository:
        """Return a new, empty repository; its owner becomes an organisation if there is no such account yet."""
        login, _, name = full_name.partition("/")
        number, node = self.identify("R")
        git = await GitRepository.create(self.directory / f"{number}.git", default_branch)
        owner, now = self.add_account(login, "Organization"), self.now()
        repository = Repository(
            number, node, owner, name, git, now, now, default_branch=default_branch, private=private
        )
        self.repositories[number] = repository
        self.names[full_name.lower()] = number
        self.former_names.pop(full_name.lower(), None)
        self.remember(repository)
        return repository

    def repository(self, owner: str, name: str) -> Repository:
        """Return the repository that has this name now; raises NotFound. Former names: ``former_names``."""
        number = self.names.get(f"{owner}/{name}".lower())
        if number is None:
            raise NotFound
        return self.repositories[number]

    async def rename(self, repository: Repository, name: str) -> None:
        """Give a repository another name; the former one answers with a redirect."""
        former = repository.name
        self.former_names[repository.full_name.lower()] = self.names.pop(repository.full_name.lower())
        repository.name = name
        self.names[repository.full_name.lower()] = repository.id
        details = {"changes": {"repository": {"name": {"from": former}}}}
        await self.announce(Happening("repository", "renamed", repository.owner, repository, details=details))

    def role(self, repository: Repository, account: Account) -> Role:
        """Tell what a person may do in a repository; the owner is its admin, and everybody reads what is public."""
        if account is repository.owner:
            return Role.ADMIN
        least = Role.NONE if repository.private else Role.READ
        return repository.collaborators.get(account.login.lower(), least)

    def app_of(self, account: Account) -> App | None:
        """Return the App whose bot user an account is."""
        return next((app for app in self.apps.values() if app.bot is account), None)

    def account_of_email(self, email: str) -> Account | None:
        """Return the account a commit's address belongs to; GitHub's own commits are web-flow's."""
        if email == GHOST_EMAIL:
            return self.web
        return next((account for account in self.accounts.values() if account.email == email), None)

    async def close(self) -> None:
        """End what the repositories hold open."""
        for repository in self.repositories.values():
            await repository.git.close()

    def _actions_app(self) -> App:
        """Return the App in whose name people's own checks run."""
        owner = self.add_account("github", "Organization")
        return self.add_app("github-actions", owner=owner, permissions={}, events=[], signs=False)

    async def _tell_installation(self, action: str, installation: Installation) -> None:
        await self.announce(Happening("installation", action, installation.account, installation=installation))
