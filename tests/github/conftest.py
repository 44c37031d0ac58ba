"""The scripted GitHub, another host beside it, and a client of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import aiohttp
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.github import GitHub, RepositoryClient, Timeouts
from bot.sandbox.server import Sandbox
from tests.github.merging import UNPROTECTED
from tests.github.scripted import (
    APP_ID,
    FULL_NAME,
    INSTALLATION,
    REPOSITORY,
    Answer,
    Clock,
    Pace,
    ScriptedGitHub,
    listen,
)
from tests.github.wishes import FILES, SANDBOXED, facts, opening

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from bot.github import Opened


@pytest.fixture(scope="session")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace() -> Pace:
    return Pace()


@pytest.fixture
async def server(key: rsa.RSAPrivateKey, clock: Clock) -> AsyncIterator[ScriptedGitHub]:
    scripted = ScriptedGitHub(key.public_key(), clock)
    scripted.url, close = await listen(scripted.handle)
    yield scripted
    await close()


@pytest.fixture
async def elsewhere(key: rsa.RSAPrivateKey, clock: Clock) -> AsyncIterator[ScriptedGitHub]:
    """Another host: what comes here must carry no credential."""
    scripted = ScriptedGitHub(key.public_key(), clock)
    scripted.url, close = await listen(scripted.handle)
    yield scripted
    await close()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def github(session: aiohttp.ClientSession, server: ScriptedGitHub, pem: str, pace: Pace, clock: Clock) -> GitHub:
    return GitHub(
        session,
        APP_ID,
        pem,
        server.url,
        pace=pace,
        clock=clock,
        sleep=clock.sleep,
        timeouts=Timeouts(connect=2, read=2, total=2, archive=2),
    )


@pytest.fixture
def repo(github: GitHub) -> RepositoryClient:
    return github.repository(INSTALLATION, REPOSITORY, FULL_NAME)


@pytest.fixture
async def sandbox(tmp_path: Path, clock: Clock) -> AsyncIterator[Sandbox]:
    """A GitHub over real git repositories, with one repository of three files."""
    started = await Sandbox.start(tmp_path, now=clock)
    await started.add_repository(SANDBOXED, FILES)
    yield started
    await started.stop()


@pytest.fixture
def live(sandbox: Sandbox, session: aiohttp.ClientSession, pace: Pace, clock: Clock) -> GitHub:
    """A client of the sandbox."""
    app = sandbox.app
    return GitHub(session, app.client_id, app.private_key_pem, sandbox.url, pace=pace, clock=clock, sleep=clock.sleep)


@pytest.fixture
def shop(live: GitHub, sandbox: Sandbox) -> RepositoryClient:
    """The client of the sandbox's repository."""
    return live.repository(sandbox.installation("acme").id, sandbox.repository(SANDBOXED).id, SANDBOXED)


@pytest.fixture
async def opened(shop: RepositoryClient) -> Opened:
    """A pull request of the bot in the sandbox's repository."""
    return await shop.open_pull_request(opening(await facts(shop)))


@pytest.fixture
def told(server: ScriptedGitHub) -> ScriptedGitHub:
    """A scripted GitHub whose main branch demands nothing."""
    server.on("GET /repos/acme/shop/branches/main", Answer(UNPROTECTED))
    server.on("GET /repos/acme/shop/rules/branches/main?per_page=100&page=1", Answer([]))
    return server
