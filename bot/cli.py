"""The command line: `niro serve`, `niro worker`, `niro demo`, `niro hooks`, `niro settings`."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import sys
from typing import TYPE_CHECKING

import click
from pydantic import ValidationError

from bot.logs import configure_logs
from bot.settings import Settings, load_settings, settings_file

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

HOOK_KINDS = {"dockerhub": "docker.io"}
"""What may call, and the registry host it may speak of."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="niro-bot")
def commands() -> None:
    """Keep the container images in manifests up to date, one small explained pull request at a time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; `arguments` are those of the process when None. Ends the process with its exit code."""
    commands(args=arguments)


@commands.command()
def serve() -> None:
    """Start the doors and the work behind them; without credentials, the setup page."""
    from bot.assembly import serve as start  # noqa: PLC0415 - the other commands start faster without it

    settings = _settings()
    configure_logs(settings.log_format, settings.log_level)
    _run(start(settings))


@commands.command()
def worker() -> None:
    """Do work without opening the public doors: one more machine, on PostgreSQL."""
    from bot.assembly import work as start  # noqa: PLC0415

    settings = _settings()
    configure_logs(settings.log_format, settings.log_level)
    _run(start(settings))


@commands.command()
@click.option("--serve", "keep", is_flag=True, help="Keep the bot and its sandbox running until Ctrl-C.")
def demo(*, keep: bool) -> None:
    """Show the bot's main job on a sandbox GitHub and a real registry."""
    from bot.demo import demonstrate  # noqa: PLC0415

    sys.exit(asyncio.run(demonstrate(keep=keep)))


@commands.group()
def hooks() -> None:
    """Addresses that registries call when an image was pushed."""


@hooks.command()
@click.argument("kind", type=click.Choice(list(HOOK_KINDS)))
@click.option("--installation", type=int, required=True, help="The installation the hook belongs to.")
def add(kind: str, installation: int) -> None:
    """Make a new address for a registry to call. It is shown once: only a hash of its secret is kept."""
    identifier, secret = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    settings = _settings()
    _run(_save_hook(settings, kind, installation, identifier, hashlib.sha256(secret.encode()).digest()))
    click.echo(f"{settings.public_url}/hooks/{kind}/{identifier}/{secret}")


async def _save_hook(settings: Settings, kind: str, installation: int, identifier: str, digest: bytes) -> None:
    from bot.store import Hook, Store  # noqa: PLC0415

    store = await Store.open(settings.database_url, exclusive=False)
    try:
        await store.hooks.create(Hook(identifier, kind, installation, HOOK_KINDS[kind], ""), digest)
    finally:
        await store.close()


@commands.command(name="settings")
def show_settings() -> None:
    """List every setting, what it means and what it is; secrets are not shown."""
    values = _settings()
    click.echo(f"settings file: {settings_file()}")
    for name, field in Settings.model_fields.items():
        value = getattr(values, name)
        shown = ", ".join(sorted(value)) if isinstance(value, frozenset) else str(value)
        click.echo(f"\nNIRO_{name.upper()}={shown}\n    {field.description}")


def _settings() -> Settings:
    try:
        return load_settings()
    except ValidationError as error:
        lines = [f"NIRO_{str(item['loc'][0]).upper()}: {item['msg']}" for item in error.errors() if item["loc"]]
        raise click.UsageError("\n".join(lines) or str(error)) from error


def _run(work: Coroutine[object, object, None]) -> None:
    try:
        import uvloop  # noqa: PLC0415 - where it installs
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)
