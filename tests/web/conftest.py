"""A real browser and real servers for the pages."""

import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import BrowserContext, async_playwright

from bot.github import AppCredentials, GitHubError
from bot.store import Hook, Store
from bot.web.intake import Intake
from bot.web.listening import listening
from bot.web.server import Doors, public_application
from bot.web.setup import Setup, setup_application
from tests.parts.install import find_program

PATIENCE = 120_000
"""In milliseconds."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
async def browser() -> AsyncIterator[BrowserContext]:
    """A browser that waits as long as a busy machine needs."""
    program = find_program("chromium", "chromium-browser", "google-chrome")
    assert program is not None, "install it with: python3 tests/parts/install.py browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=QUIET, timeout=PATIENCE)
        context = await browser.new_context()
        context.set_default_timeout(PATIENCE)
        yield context
        await browser.close()


Serve = Callable[..., Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve an application on a free port of loopback; gives its address."""
    async with AsyncExitStack() as stack:

        async def start(application: web.Application, **limits: float) -> str:
            served = listening(application, "127.0.0.1", 0, door="test", **limits)
            return f"http://{await stack.enter_async_context(served)}"

        yield start


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession(trust_env=False) as session:
        yield session


CREDENTIALS = AppCredentials(
    app_id=7,
    client_id="Iv23abc",
    slug="niro-acme",
    name="niro acme",
    html_url="https://github.example/apps/niro-acme",
    private_key="-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n",
    webhook_secret="hook secret",
    client_secret="client secret",
)

MANIFEST = {
    "name": "niro-bot",
    "url": "https://niro.example",
    "public": False,
    "default_permissions": {"contents": "write", "metadata": "read"},
    "default_events": ["push"],
}


@dataclass
class Offer:
    """A setup page that is being offered, and what it kept; `errors` are what GitHub answers first."""

    setup: Setup
    url: str
    kept: list[AppCredentials] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    errors: list[GitHubError] = field(default_factory=list)
    full: bool = False


Offering = Callable[..., Awaitable[Offer]]


@pytest.fixture
def offer(serve: Serve) -> Offering:
    async def make(github_web_url: str = "https://github.example", manifest: dict[str, object] = MANIFEST) -> Offer:
        made: Offer

        async def convert(code: str) -> AppCredentials:
            made.codes.append(code)
            if made.errors:
                raise made.errors.pop()
            return CREDENTIALS

        def keep(credentials: AppCredentials) -> None:
            if made.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            made.kept.append(credentials)

        setup = Setup(manifest, github_web_url, convert, keep, secure_cookie=False)
        made = Offer(setup, await serve(setup_application(setup)))
        return made

    return make


SECRET = b"the webhook's secret"
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(f"sqlite:///{tmp_path / 'niro.db'}", clock=lambda: NOW) as store:
        yield store


@pytest.fixture
async def hook(store: Store) -> str:
    """A Docker Hub hook; gives its path."""
    await store.hooks.create(Hook("hook_1", "dockerhub", 1, "docker.io", ""), sha256(b"hook-secret").digest())
    return "/hooks/dockerhub/hook_1/hook-secret"


@dataclass
class Public:
    """The public doors over a real store, and how often they said that something came."""

    url: str
    store: Store
    arrivals: list[None] = field(default_factory=list)


@pytest.fixture
async def public(serve: Serve, store: Store) -> Public:
    arrivals: list[None] = []
    intake = Intake(store.deliveries, lambda: NOW, lambda: arrivals.append(None))
    return Public(await serve(public_application(Doors(intake, SECRET, store.hooks, {}))), store, arrivals)


@pytest.fixture
async def impatient(serve: Serve, store: Store) -> str:
    """The public doors of a server that waits a hundredth of a second for a body; gives their address."""
    intake = Intake(store.deliveries, lambda: NOW, lambda: None)
    return await serve(public_application(Doors(intake, SECRET, store.hooks, {}, reading_seconds=0.01)))
