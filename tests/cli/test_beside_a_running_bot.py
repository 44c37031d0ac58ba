"""The commands work on the store of a running bot, which sees what they did without a restart."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest

from bot.jobs.work import ChooseReaders, key, kind
from bot.store import Keyring, Store
from tests.cli.conftest import KEYS, REACHES_THIS_MACHINE, Door, run, start
from tests.store.conftest import database_url, empty_postgres, migrated_postgres, postgres_server

__all__ = ["database_url", "empty_postgres", "migrated_postgres", "postgres_server"]

SECRET, NEWER = "kept-to-itself-84", "kept-to-itself-85"


def run_here(*words: str, **settings: str) -> tuple[int, str]:
    ended = run(*words, **settings)
    return ended.exit_code, ended.output


@pytest.fixture
async def running(database_url: str) -> AsyncIterator[Store]:
    """The store as a running bot holds it: on SQLite it is locked."""
    async with await Store.open(database_url, keys=Keyring.parse(KEYS)) as store:
        yield store


async def test_a_credential_is_added_rotated_listed_and_removed(
    running: Store,
    private: Door,
    database_url: str,
    tmp_path,
) -> None:
    # A file is locked against other processes only; a server's clients are strangers to each other anywhere.
    command = start if database_url.startswith("sqlite") else run_here

    async def niro(*words: str, secret: str = "") -> str:
        file = tmp_path / "secret"
        file.write_text(secret)
        more = ["--secret-file", str(file)] if secret else []
        settings = REACHES_THIS_MACHINE | {"NIRO_DATABASE_URL": database_url}
        code, said = await asyncio.to_thread(command, "registries", *words, *more, **settings)
        assert code == 0, said
        return said

    async def kept() -> str:
        stored = await running.credentials.get(7, "ours")
        assert stored is not None
        opened = await running.credentials.open(stored.id)
        assert opened is not None
        return opened[1].get_secret_value()

    at = ("ours", "--installation", "7")
    private.let_in("robot", SECRET)
    await niro("add", *at, *private.options, "--username", "robot", "--repository", "acme/api", secret=SECRET)
    assert await kept() == SECRET
    assert await running.due.keys(kind(ChooseReaders)) == {key(ChooseReaders(7))}
    private.let_in("robot", NEWER)
    await niro("rotate", *at, "--repository", "acme/api", secret=NEWER)
    assert await kept() == NEWER
    assert [stored["name"] for stored in json.loads(await niro("list", "--format", "json"))] == ["ours"]
    await niro("remove", *at, "--yes")
    assert await running.credentials.all() == []
