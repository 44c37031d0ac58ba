"""Credentials: stored sealed, found by name, opened by id, replaced at once, removed with what was read with them."""

import pytest
from pydantic import SecretStr

from bot.store import CredentialExists
from tests.store.builders import LATER, NOW, credential

SECRET = SecretStr("hunter2-hunter2")
OTHER = SecretStr("another-secret")


async def test_a_credential_comes_out_as_it_went_in(store):
    given = credential(
        token_hosts=("token.example:8443",),
        certificate="-----BEGIN CERTIFICATE-----\n",
        insecure=True,
        prefixes=("team/", "other"),
        pull=("acme/app",),
        push=("acme/cd",),
        kind="harbor",
        verified_at=None,
    )
    await store.credentials.add(given, SECRET)
    assert await store.credentials.get(1, "team") == given
    assert await store.credentials.open("c-team") == (given, SECRET)


async def test_a_name_that_is_taken_is_refused_and_the_one_that_has_it_stays(store):
    await store.credentials.add(credential(), SECRET)
    with pytest.raises(CredentialExists):
        await store.credentials.add(credential(id="c-2"), OTHER)
    assert await store.credentials.open("c-team") == (credential(), SECRET)
    assert await store.credentials.open("c-2") is None


async def test_another_secret_takes_the_place_of_the_one_it_was_meant_to_replace(store):
    await store.credentials.add(credential(), SECRET)
    change = {"version": "v2", "username": "new", "at": LATER, "expected_version": "v1"}
    assert await store.credentials.replace_secret("c-team", OTHER, **change) is True
    assert await store.credentials.replace_secret("c-team", SECRET, **change) is False
    replaced = credential(version="v2", username="new", verified_at=LATER)
    assert await store.credentials.open("c-team") == (replaced, OTHER)


async def test_a_removed_credential_takes_what_was_read_with_it_along(store):
    await store.credentials.add(credential(), SECRET)
    for reader in ("", "c-team", "c-other"):
        await store.ledger.record("registry.example", "app", ["1"], NOW, reader)
        await store.ledger.scanned("registry.example", "app", NOW, None, reader)
    assert await store.credentials.remove(1, "team") == credential()
    assert await store.credentials.remove(1, "team") is None
    left = [len(await store.ledger.tags("registry.example", "app", reader)) for reader in ("", "c-team", "c-other")]
    assert left == [1, 0, 1]
    assert await store.ledger.scan_state("registry.example", "app", "c-team") is None
