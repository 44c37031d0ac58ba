"""A real browser and real servers for the pages."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession, web
from playwright.async_api import Browser, async_playwright

from bot.github import AppCredentials
from bot.web.setup import Setup, setup_application
from tests.parts.install import find_program

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    program = find_program("chromium", "chromium-browser", "google-chrome")
    assert program is not None, "install it with: python3 tests/parts/install.py browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=str(program), args=QUIET)
        yield browser
        await browser.close()


Serve = Callable[[web.Application], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serve an application on a free port of loopback; gives its address."""
    async with AsyncExitStack() as stack:

        async def start(application: web.Application) -> str:
            runner = web.AppRunner(application)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            return f"http://127.0.0.1:{runner.addresses[0][1]}"

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
    """A setup page that is being offered, and what it kept."""

    setup: Setup
    url: str
    kept: list[AppCredentials] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


Offering = Callable[..., Awaitable[Offer]]


@pytest.fixture
def offer(serve: Serve) -> Offering:
    async def make(github_web_url: str = "https://github.example", manifest: dict[str, object] = MANIFEST) -> Offer:
        made: Offer

        async def convert(code: str) -> AppCredentials:
            made.codes.append(code)
            return CREDENTIALS

        setup = Setup(manifest, github_web_url, convert, lambda given: made.kept.append(given), secure_cookie=False)
        made = Offer(setup, await serve(setup_application(setup)))
        return made

    return make
