"""The command line as people use it: in an empty folder, and with no settings but those that a test gives."""

import asyncio
import os
import pty
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import pytest_asyncio
from click.testing import CliRunner, Result

from bot.cli import commands
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import Access
from bot.store import Keyring, Store, new_key

ROOT = Path(__file__).parents[2]
KEYS = new_key("k1")
LONG = 600.0
"""After how many seconds a command may tell that it takes long: a busy machine has no part in what it says."""
REACHES_THIS_MACHINE = {"NIRO_KEYS": KEYS, "NIRO_PRIVATE_NETWORKS": "*:*=127.0.0.0/8"}

T = TypeVar("T")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment without settings, in an empty folder."""
    for name in [name for name in os.environ if name.startswith("NIRO_") or name == "COLUMNS"]:
        monkeypatch.delenv(name)
    monkeypatch.setattr("bot.explaining.ELSEWHERE", LONG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, entered: str | None = None, **settings: str) -> Result:
    """Run a command in this process; `entered` is its standard input."""
    return CliRunner().invoke(commands, arguments, env=settings, input=entered)


def start(*arguments: str, **settings: str) -> tuple[int, str]:
    """Run a command in a process of its own, as those do that set up the logs; returns its code and all it said.

    But for what it tells who waits for long, as one does on a busy machine.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
    )
    said = [line for line in ended.stdout.splitlines(keepends=True) if not line.endswith(" ...\n")]
    return ended.returncode, "".join(said)


def at_terminal(*arguments: str, asked: str, answer: str, **settings: str) -> tuple[int, str]:
    """Run a command at a terminal, and answer what is asked there; returns its code and all that the terminal shows."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | settings,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    while asked.encode() not in shown and (more := _read(ours)):
        shown += more
    os.write(ours, f"{answer}\n".encode())
    while more := _read(ours):
        shown += more
    os.close(ours)
    return process.wait(timeout=120), shown.decode()


def _read(terminal: int) -> bytes:
    """Read what a process writes to a terminal; nothing once it is gone."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


@dataclass(frozen=True)
class Door:
    """A registry with the options that lead to it, and an account of its own for each test."""

    registry: SandboxRegistry
    certificate: Path
    tokens: bool = True

    @property
    def options(self) -> tuple[str, ...]:
        """The options of `niro registries add` that name the registry, and what belongs to it."""
        told = ("--host", self.registry.host, "--certificate", str(self.certificate))
        return (*told, "--token-host", self.registry.tokens.host) if self.tokens else told

    def let_in(self, username: str, secret: str) -> None:
        """Take this user name with this secret from now on, and no other secret."""
        self.registry.tokens.set_password(username, secret)


async def _door(factory: pytest.TempPathFactory, access: Access, *, anonymous_pull: bool) -> AsyncIterator[Door]:
    folder = factory.mktemp("registry")
    registry = await SandboxRegistry.start(folder, access=access, anonymous_pull=anonymous_pull, tls=True)
    await registry.push("acme/api", "1.0")
    certificate = folder / "authority.pem"
    certificate.write_text(registry.certificate_authority)
    yield Door(registry, certificate, access is Access.TOKEN)
    await registry.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def private(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A real registry that wants tokens, and has none for nobody in particular."""
    async for door in _door(tmp_path_factory, Access.TOKEN, anonymous_pull=False):
        yield door


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def public(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A real registry that wants tokens, and gives one that reads to everybody."""
    async for door in _door(tmp_path_factory, Access.TOKEN, anonymous_pull=True):
        yield door


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def unguarded(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Door]:
    """A real registry that asks nobody who they are."""
    async for door in _door(tmp_path_factory, Access.OPEN, anonymous_pull=True):
        yield door


def in_store(folder: Path, work: Callable[[Store], Awaitable[T]]) -> T:
    """Look into the store that the commands of a test left in their folder."""

    async def look() -> T:
        url = f"sqlite:///{folder / 'niro.db'}"
        async with await Store.open(url, keys=Keyring.parse(KEYS)) as store:
            return await work(store)

    return asyncio.run(look())
