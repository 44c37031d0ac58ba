"""`niro registries` as its tests call it: for a credential `ours` of the installation 7, whose account is `robot`."""

import json
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.conftest import REACHES_THIS_MACHINE, Door, in_store, run

SECRET = "kept-to-itself-84"
NEWER = "kept-to-itself-85"


def niro(*words: str, entered: str | None = None, **settings: str) -> Result:
    return run("registries", *words, entered=entered, **REACHES_THIS_MACHINE | settings)


def add(door: Door, *more: str, name: str = "ours", secret: str = SECRET, **settings: str) -> Result:
    """Add the account `robot`; its secret comes from standard input."""
    words = ("--installation", "7", *door.options, "--username", "robot", "--repository", "acme/api", "--secret-stdin")
    return niro("add", name, *words, *more, entered=secret, **settings)


def at(name: str = "ours", repository: str | None = "acme/api") -> tuple[str, ...]:
    named = (name, "--installation", "7")
    return (*named, "--repository", repository) if repository else named


def listed(**settings: str) -> list[dict[str, object]]:
    return json.loads(niro("list", "--format", "json", **settings).stdout)


def kept_secret(folder: Path, name: str = "ours") -> str | None:
    async def look(store):
        stored = await store.credentials.get(7, name)
        return (await store.credentials.open(stored.id))[1].get_secret_value() if stored else None

    return in_store(folder, look)


@pytest.fixture
def ours(private: Door) -> Door:
    """A registry that takes `robot` by SECRET, and the credential that was added for it."""
    private.let_in("robot", SECRET)
    added = add(private)
    assert added.exit_code == 0, added.output
    return private
