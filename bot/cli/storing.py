"""How a command opens the store: beside a running bot, whose file it may be, and with the keys of the settings."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.settings import Settings
    from bot.store import Store


@asynccontextmanager
async def opened_store(settings: Settings, *, check_keys: bool = False) -> AsyncIterator[Store]:
    """Open the store without its lock, and close it at the end. Raises StoreError.

    check_keys: refuse a ring that does not open what is there. What is sealed with another ring than the running bot's
    would be lost to it; what only looks, removes or replaces must work without the old keys too.
    """
    from bot.store import Store  # noqa: PLC0415 - many commands start faster without it

    keys = settings.keyring
    async with await Store.open(settings.database_url, exclusive=False, keys=keys, check_keys=check_keys) as store:
        yield store
