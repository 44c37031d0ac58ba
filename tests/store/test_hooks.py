"""Hooks: found by id, with the hash of the secret and never the secret; a signing key is sealed."""

import hashlib

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.store import CannotOpen, NoKey, OpenedHook, Store, UnstorableValue
from tests.store.builders import NOW, hook

SIGNING = SecretStr("signing-key")
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


async def test_who_signs_is_kept_with_the_hook(store):
    signed = hook("h1", audience="https://niro.example/hooks", email="push@project.iam.gserviceaccount.com")
    await store.hooks.create(signed, SECRET)
    assert await store.hooks.get("h1") == (signed, SECRET)
    assert await store.hooks.all() == [signed]


async def test_the_time_at_which_a_hook_was_made_is_told(database_url):
    async with await Store.open(database_url, clock=lambda: NOW) as store:
        await store.hooks.create(hook("h1"), SECRET)
        assert [item.created_at for item in await store.hooks.all()] == [NOW]


@pytest.mark.parametrize("installation", [1, None])
@pytest.mark.parametrize("signing", [SIGNING, None])
async def test_a_hook_opens_with_all_that_its_caller_must_prove(store, installation, signing):
    made = hook("h1", installation=installation)
    await store.hooks.create(made, SECRET, signing)
    assert await store.hooks.open("h1") == OpenedHook(made, SECRET, signing)
    assert await store.hooks.open("unknown") is None


async def test_making_a_hook_again_without_a_signing_key_drops_the_old_one(store):
    await store.hooks.create(hook("h1"), SECRET, SIGNING)
    await store.hooks.create(hook("h1"), SECRET)
    assert (await store.hooks.open("h1")).signing is None


async def test_an_opened_hook_does_not_show_its_signing_key(store):
    await store.hooks.create(hook("h1"), SECRET, SIGNING)
    assert "signing-key" not in repr(await store.hooks.open("h1"))


@pytest.mark.parametrize(
    "change",
    ["host = 'evil.example'", "installation = 2", "installation = NULL", "id = 'h2'"],
)
async def test_a_signing_key_does_not_open_for_another_hook(store, database_url, change):
    await store.hooks.create(hook("h1"), SECRET, SIGNING)
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(f"UPDATE hooks SET {change}"))
    engine.dispose()
    with pytest.raises(CannotOpen):
        await store.hooks.open("h2" if "id = 'h2'" in change else "h1")


async def test_without_a_key_a_hook_that_signs_is_not_stored(database_url):
    async with await Store.open(database_url) as store:
        with pytest.raises(NoKey):
            await store.hooks.create(hook("h1"), SECRET, SIGNING)
        assert await store.hooks.all() == []
