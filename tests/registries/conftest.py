"""Real registries (open, with tokens, with a password), scripted ones, and clients that may reach them."""

import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.abc import AbstractResolver
from pydantic import SecretStr

from bot.registries import Access, Credential, Registries, guarded_sessions
from bot.registries.sessions import Sessions
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import ACCOUNT, PASSWORD
from bot.sandbox.registry_process import Access as Doors
from tests.registries.scripted import ScriptedServer

RegistriesFor = Callable[..., Registries]
ScriptedServers = Callable[[], Awaitable[ScriptedServer]]


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class OneAnswer(AbstractResolver):
    """A name server that knows one address for every name."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = None) -> list[Any]:  # noqa: ARG002
        return [
            {"hostname": host, "host": address, "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


@pytest.fixture
def clock() -> Clock:
    return Clock()


async def _running(factory: pytest.TempPathFactory, **options: Any) -> AsyncIterator[SandboxRegistry]:
    registry = await SandboxRegistry.start(factory.mktemp("registry"), **options)
    yield registry
    await registry.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A real registry that everybody may use."""
    async for running in _running(tmp_path_factory):
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def token_registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A real registry that wants tokens; nobody in particular gets one to read."""
    async for running in _running(tmp_path_factory, access=Doors.TOKEN):
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def private_registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A real registry that wants tokens, and has none for nobody in particular."""
    async for running in _running(tmp_path_factory, access=Doors.TOKEN, anonymous_pull=False):
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def password_registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A real registry that wants a password with every request."""
    async for running in _running(tmp_path_factory, access=Doors.PASSWORD):
        yield running


@pytest_asyncio.fixture
async def registries_for(clock: Clock) -> AsyncIterator[RegistriesFor]:
    """Make clients that may speak http to the hosts given, and to loopback addresses."""
    async with guarded_sessions(["127.0.0.0/8"]) as everywhere:

        def make(*hosts: str, sessions: Sessions = everywhere, **options: Any) -> Registries:
            return Registries(sessions, insecure_hosts=frozenset(hosts), clock=clock, **options)

        yield make


@pytest_asyncio.fixture
async def scripted_server() -> AsyncIterator[ScriptedServers]:
    """Start scripted servers, each on a port of its own."""
    async with AsyncExitStack() as stack:

        async def start() -> ScriptedServer:
            server = ScriptedServer()
            runner = await server.start()
            stack.push_async_callback(runner.cleanup)
            return server

        yield start


@pytest_asyncio.fixture
async def scripted(scripted_server: ScriptedServers) -> ScriptedServer:
    """One scripted server."""
    return await scripted_server()


def credential(host: str, secret: str = PASSWORD, **options: Any) -> Access:
    """Who reads a host with a credential; with the right secret, unless told otherwise."""
    username = options.pop("username", ACCOUNT)
    networks = options.pop("networks", frozenset())
    return Access(Credential(options.pop("id", "credential-1"), host, username, SecretStr(secret), **options), networks)
