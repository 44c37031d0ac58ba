"""Hooks: found by id, with the hash of the secret and never the secret."""

import hashlib

import pytest

from bot.store import UnstorableValue
from tests.store.builders import hook

SECRET = hashlib.sha256(b"secret").digest()


@pytest.mark.parametrize("installation", [1, None])
async def test_a_hook_comes_out_as_it_went_in(store, installation):
    await store.hooks.create(hook("h1", installation=installation), SECRET)
    assert await store.hooks.get("h1") == (hook("h1", installation=installation), SECRET)


async def test_an_unknown_hook_is_none(store):
    assert await store.hooks.get("unknown") is None


async def test_making_a_hook_again_makes_its_old_secret_worthless(store):
    await store.hooks.create(hook("h1"), SECRET)
    await store.hooks.create(hook("h1"), SECRET[::-1])
    assert (await store.hooks.get("h1"))[1] == SECRET[::-1]


async def test_hooks_are_listed_and_removed(store):
    await store.hooks.create(hook("h1"), SECRET)
    await store.hooks.create(hook("h2"), SECRET)
    assert await store.hooks.remove("h1") is True
    assert await store.hooks.remove("h1") is False
    assert await store.hooks.all() == [hook("h2")]


@pytest.mark.parametrize("secret", [b"secret", b"", SECRET.hex().encode()])
async def test_only_a_hash_is_stored(store, secret):
    with pytest.raises(UnstorableValue, match="SHA-256"):
        await store.hooks.create(hook("h1"), secret)
