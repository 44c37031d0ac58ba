"""What is put under load: the bot as it runs in production, its door alone, and Probot."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.payloads import SECRET
from benchmarks.table import LeftOut
from bot.demo.stage import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PROBOT = Path(__file__).resolve().parents[1] / ".parts" / "probot"
NOBODY = "http://127.0.0.1:9"


def private_key() -> bytes:
    """Make a key as an App has one; nothing is ever asked of GitHub with it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@asynccontextmanager
async def bot(directory: Path, database_url: str, processes: int, *, door_only: bool) -> AsyncIterator[str]:
    """Run `niro serve`, or its public door without the work behind it, in some processes on one port."""
    port = free_port()
    async with _running(
        [_bot_command(door_only=door_only)] * processes,
        [_settings(directory, database_url, port, number) for number in range(processes)],
        f"http://127.0.0.1:{port}/healthz",
    ):
        yield f"http://127.0.0.1:{port}/webhook"


def _bot_command(*, door_only: bool) -> list[str]:
    return [sys.executable, "-m", *(("benchmarks.door",) if door_only else ("bot", "serve"))]


def _settings(directory: Path, database_url: str, port: int, number: int) -> dict[str, str]:
    return {
        "NIRO_APP_ID": "1",
        "NIRO_PRIVATE_KEY": private_key().decode(),
        "NIRO_WEBHOOK_SECRET": SECRET.decode(),
        "NIRO_GITHUB_URL": NOBODY,
        "NIRO_DATABASE_URL": database_url,
        "NIRO_SETTINGS_FILE": str(directory / f"{number}.env"),
        "NIRO_BIND": f"127.0.0.1:{port}",
        "NIRO_ADMIN_BIND": f"127.0.0.1:{free_port()}",
        "NIRO_LOG_LEVEL": "warning",
    }


@asynccontextmanager
async def probot(directory: Path) -> AsyncIterator[str]:
    """Run Probot, which verifies and answers, and stores nothing. Raises LeftOut when it cannot be had."""
    await install_probot()
    port, key = free_port(), directory / "probot.pem"
    key.write_bytes(private_key())
    command = ["node", str(Path(__file__).with_name("peer.mjs")), str(PROBOT), str(port), SECRET.decode(), str(key)]
    async with _running([command], [{"NODE_ENV": "production"}], f"http://127.0.0.1:{port}/ping"):
        yield f"http://127.0.0.1:{port}/api/github/webhooks"


async def install_probot() -> None:
    """Let npm install Probot into the cache, once."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise LeftOut("node and npm are not installed")
    if (PROBOT / "node_modules/probot/package.json").exists():
        return
    PROBOT.mkdir(parents=True, exist_ok=True)
    (PROBOT / "package.json").write_text('{"private": true}\n')
    npm = await asyncio.create_subprocess_exec(
        *("npm", "install", "--no-audit", "--no-fund", "--silent", "probot@14"),
        cwd=PROBOT,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await npm.communicate()
    if npm.returncode:
        raise LeftOut(f"npm could not install probot@14: {said.decode(errors='replace').strip()[-200:]}")


@asynccontextmanager
async def _running(commands: list[list[str]], settings: list[dict[str, str]], ready: str) -> AsyncIterator[None]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NIRO_")}
    processes = [
        await asyncio.create_subprocess_exec(*command, env=plain | added, stdout=asyncio.subprocess.DEVNULL)
        for command, added in zip(commands, settings, strict=True)
    ]
    try:
        # Every new connection may reach another process: this many reach all of them.
        for _ in range(1 if len(processes) == 1 else 40):
            await _answering(ready, processes)
        yield
    finally:
        for process in processes:
            if process.returncode is None:
                process.terminate()
        await asyncio.gather(*(process.wait() for process in processes))


async def _answering(url: str, processes: list[asyncio.subprocess.Process]) -> None:
    async with asyncio.timeout(60):
        while True:
            if any(process.returncode is not None for process in processes):
                raise RuntimeError(f"the server of {url} ended by itself")
            try:
                async with aiohttp.ClientSession(trust_env=False) as session, session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.05)
