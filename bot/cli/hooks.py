"""`niro hooks ...`: addresses that registries call when an image was pushed."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

import click

from bot.cli.running import read_settings, run

if TYPE_CHECKING:
    from bot.settings import Settings

HOOK_KINDS = {"dockerhub": "docker.io"}
"""What may call, and the registry host it may speak of."""


@click.group()
def hooks() -> None:
    """Addresses that registries call when an image was pushed."""


@hooks.command()
@click.argument("kind", type=click.Choice(list(HOOK_KINDS)))
@click.option("--installation", type=int, required=True, help="The installation the hook belongs to.")
def add(kind: str, installation: int) -> None:
    """Make a new address for a registry to call. It is shown once: only a hash of its secret is kept."""
    identifier, secret = secrets.token_urlsafe(9), secrets.token_urlsafe(32)
    settings = read_settings()
    run(_save_hook(settings, kind, installation, identifier, hashlib.sha256(secret.encode()).digest()))
    click.echo(f"{settings.public_url}/hooks/{kind}/{identifier}/{secret}")


async def _save_hook(settings: Settings, kind: str, installation: int, identifier: str, digest: bytes) -> None:
    from bot.store import Hook, Store  # noqa: PLC0415

    store = await Store.open(settings.database_url, exclusive=False)
    try:
        await store.hooks.create(Hook(identifier, kind, installation, HOOK_KINDS[kind], ""), digest)
    finally:
        await store.close()
