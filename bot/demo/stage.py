"""What the demo plays on: a sandbox GitHub with three repositories, a real registry, and the bot as in production."""

from __future__ import annotations

import socket
import tempfile
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.process import BotProcess, running_bot
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.server import Sandbox
from bot.store import new_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

BOTH = ("linux/amd64", "linux/arm64")
_KEPT: list[socket.socket] = []
IMAGES = {"acme/api": "1.4.0", "acme/web": "2.0.0", "acme/blog": "0.9.1"}


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs."""

    directory: Path
    github: Sandbox
    registry: SandboxRegistry
    bot: BotProcess
    settings: Mapping[str, str] = field(repr=False)


@asynccontextmanager
async def staged() -> AsyncIterator[Stage]:
    """Start everything in a temporary folder, and take it down at the end."""
    async with AsyncExitStack() as stack:
        directory = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="niro-demo-")))
        registry = await SandboxRegistry.start(directory)
        stack.push_async_callback(registry.stop)
        for image, tag in IMAGES.items():
            await registry.push(image, tag, BOTH)
        github = await Sandbox.start(directory / "github")
        stack.push_async_callback(github.stop)
        github.world.package_host = registry.host
        port, admin_port = free_port(), free_port()
        url = f"http://127.0.0.1:{port}"
        settings = bot_settings(github, registry, directory) | {
            "NIRO_BIND": f"127.0.0.1:{port}",
            "NIRO_ADMIN_BIND": f"127.0.0.1:{admin_port}",
            "NIRO_PUBLIC_URL": url,
        }
        bot = await stack.enter_async_context(running_bot(url, settings))
        github.webhook_url = f"{url}/webhook"
        yield Stage(directory, github, registry, bot, settings)


def bot_settings(github: Sandbox, registry: SandboxRegistry, directory: Path) -> dict[str, str]:
    """Give the settings under which the bot serves this sandbox, with SQLite in `directory`."""
    return {
        "NIRO_APP_ID": github.app.client_id,
        "NIRO_PRIVATE_KEY": github.app.private_key_pem,
        "NIRO_WEBHOOK_SECRET": github.app.webhook_secret,
        "NIRO_GITHUB_URL": github.url,
        "NIRO_DATABASE_URL": f"sqlite:///{directory / 'niro.db'}",
        "NIRO_SETTINGS_FILE": str(directory / "niro.env"),
        "NIRO_INSECURE_REGISTRIES": registry.host,
        "NIRO_PRIVATE_NETWORKS": "*:*=127.0.0.0/8",
        "NIRO_SETTLE_SECONDS": "1",
        "NIRO_KEYS": new_key("demo"),
    }


def free_port() -> int:
    """Find a port of loopback for a server of ours: until this process ends nobody is given it who wants just any."""
    kept = socket.socket()
    # It listens to nothing, so a server that names the port may have it beside this, again and again.
    for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
        kept.setsockopt(socket.SOL_SOCKET, option, 1)
    kept.bind(("127.0.0.1", 0))
    _KEPT.append(kept)
    port: int = kept.getsockname()[1]
    return port
