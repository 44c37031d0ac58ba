"""A sandbox for each test; whatever it answers and sends must be what GitHub's own descriptions say."""

import json
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import jwt
import pytest
from aiohttp import web

from bot.sandbox.server import Sandbox
from tests.descriptions.checked import started

MANIFEST = b"image: acme/api:1.0.0\n"


class Receiver:
    """Stands where the bot would: takes webhooks and answers as told."""

    def __init__(self) -> None:
        self.events: list[tuple[dict[str, str], bytes]] = []
        self.status = 202
        self.url = ""

    def of(self, event: str) -> list[dict[str, Any]]:
        return [json.loads(body) for headers, body in self.events if headers["X-GitHub-Event"] == event]

    async def take(self, request: web.Request) -> web.Response:
        self.events.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


class Client:
    """Speaks REST to the sandbox with one token."""

    def __init__(self, session: aiohttp.ClientSession, sandbox: Sandbox, token: str) -> None:
        self.session = session
        self.sandbox = sandbox
        self.token = token

    async def ask(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None, follow: bool = False
    ) -> "Reply":
        authorization = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        url = path if path.startswith("http") else self.sandbox.url + path
        async with self.session.request(
            method, url, json=body, headers={**authorization, **(headers or {})}, allow_redirects=follow
        ) as answer:
            return Reply(answer.status, await answer.read(), answer.headers.copy())

    async def get(self, path: str, **options: Any) -> "Reply":
        return await self.ask("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> "Reply":
        return await self.ask("POST", path, body, **options)

    async def patch(self, path: str, body: Any = None, **options: Any) -> "Reply":
        return await self.ask("PATCH", path, body, **options)

    async def put(self, path: str, body: Any = None, **options: Any) -> "Reply":
        return await self.ask("PUT", path, body, **options)

    async def delete(self, path: str, **options: Any) -> "Reply":
        return await self.ask("DELETE", path, **options)


class Reply:
    def __init__(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def message(self) -> str:
        return str(self.json["message"])

    @property
    def reasons(self) -> list[str]:
        return [error.get("message") or f"{error['field']} {error['code']}" for error in self.json.get("errors", [])]


def app_jwt(sandbox: Sandbox, **claims: Any) -> str:
    now = int(time.time())
    known = {"iat": now - 60, "exp": now + 540, "iss": sandbox.app.client_id, **claims}
    return jwt.encode(known, sandbox.app.private_key_pem, algorithm="RS256")


@pytest.fixture
def undescribed() -> None:
    """Asked for by tests of answers that GitHub gives and its description leaves out: redirects, some refusals."""


@pytest.fixture
async def sandbox(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Sandbox]:
    """A running sandbox whose requests, answers and webhooks must be as GitHub describes them."""
    begin = _unheld if "undescribed" in request.fixturenames else started
    async with begin(tmp_path / "github") as running:
        yield running
        await running.webhooks.idle()


@asynccontextmanager
async def _unheld(directory: Path) -> AsyncIterator[Sandbox]:
    running = await Sandbox.start(directory)
    yield running
    await running.stop()


@pytest.fixture
async def receiver(sandbox: Sandbox) -> AsyncIterator[Receiver]:
    """Takes the App's webhooks from before anything is installed."""
    found = Receiver()
    application = web.Application(client_max_size=2**26)
    application.router.add_post("/webhook", found.take)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    sandbox.webhook_url = found.url
    yield found
    await sandbox.webhooks.idle()
    await runner.cleanup()


@pytest.fixture
async def shop(sandbox: Sandbox) -> Any:
    return await sandbox.add_repository("acme/shop", {"deploy/api.yaml": MANIFEST, "README.md": b"# Shop\n"})


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def app(sandbox: Sandbox, session: aiohttp.ClientSession) -> Client:
    """The App, with its JWT."""
    return Client(session, sandbox, app_jwt(sandbox))


@pytest.fixture
async def bot(sandbox: Sandbox, session: aiohttp.ClientSession, shop: Any) -> Client:
    """The App's installation on acme, with all its permissions."""
    token = sandbox.world.tokens.for_installation(sandbox.installation("acme"))
    return Client(session, sandbox, token.text)


@pytest.fixture
async def person(sandbox: Sandbox, session: aiohttp.ClientSession) -> Client:
    """The person octocat, admin of what the sandbox makes."""
    return Client(session, sandbox, sandbox.world.tokens.for_user(sandbox.person))
