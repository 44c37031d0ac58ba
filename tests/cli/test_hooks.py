"""`niro hooks` hands out a hook's address once."""

import asyncio
import hashlib
import re
from pathlib import Path

from bot.store import Hook, Store
from tests.cli.conftest import run


def kept_hook(folder: Path, identifier: str) -> tuple[Hook, bytes] | None:
    async def get() -> tuple[Hook, bytes] | None:
        async with await Store.open(f"sqlite:///{folder / 'niro.db'}") as store:
            return await store.hooks.get(identifier)

    return asyncio.run(get())


def test_a_new_hook_is_shown_once_and_only_its_hash_is_kept(folder: Path) -> None:
    added = run("hooks", "add", "dockerhub", "--installation", "7", NIRO_PUBLIC_URL="https://niro.example/")
    shown = re.fullmatch(r"https://niro\.example/hooks/dockerhub/([\w-]{12})/([\w-]{43})\n", added.stdout)
    assert shown is not None, added.output
    identifier, secret = shown.groups()
    assert kept_hook(folder, identifier) == (
        Hook(identifier, "dockerhub", 7, "docker.io", ""),
        hashlib.sha256(secret.encode()).digest(),
    )
    assert all(secret.encode() not in file.read_bytes() for file in folder.iterdir())


def test_two_hooks_have_nothing_in_common() -> None:
    addresses = [run("hooks", "add", "dockerhub", "--installation", "7").stdout.split("/") for _ in range(2)]
    assert addresses[0][-2:] != addresses[1][-2:]


def test_a_hook_of_an_unknown_kind_is_refused(folder: Path) -> None:
    ended = run("hooks", "add", "quay", "--installation", "7")
    assert ended.exit_code == 2
    assert "dockerhub" in ended.output
    assert list(folder.iterdir()) == []
