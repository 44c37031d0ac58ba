"""Credentials: stored sealed, found by name, opened by id, replaced at once, removed with what was read with them."""

import asyncio
import re

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.store import CannotOpen, CredentialExists, NoKey, Store, UnstorableValue
from tests.store.builders import LATER, NOW, credential

SECRET = SecretStr("hunter2-hunter2")
OTHER = SecretStr("another-secret")
IMAGE = ("registry.example", "app")


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


async def test_unless_it_says_otherwise_every_repository_pulls_and_none_pushes(store):
    await store.credentials.add(credential(), SECRET)
    stored = await store.credentials.get(1, "team")
    assert (stored.pull, stored.push) == (("*",), ())


@pytest.mark.parametrize("secret", ["", "\N{SNOWMAN} \0 \ud800", "x" * 70_000], ids=["empty", "odd", "long"])
async def test_any_text_may_be_a_secret(store, secret):
    await store.credentials.add(credential(), SecretStr(secret))
    assert (await store.credentials.open("c-team"))[1].get_secret_value() == secret


async def test_what_is_not_there_is_none(store):
    assert await store.credentials.get(1, "team") is None
    assert await store.credentials.open("c-team") is None
    assert await store.credentials.remove(1, "team") is None


async def test_a_name_that_is_taken_is_refused_and_the_one_that_has_it_stays(store):
    await store.credentials.add(credential(), SECRET)
    with pytest.raises(CredentialExists, match="installation 1 has a credential of that name"):
        await store.credentials.add(credential(id="c-2"), OTHER)
    assert await store.credentials.open("c-team") == (credential(), SECRET)
    assert await store.credentials.open("c-2") is None


async def test_each_installation_has_its_own_names_and_sees_only_its_own(store):
    ours, theirs = credential(), credential(id="c-2", installation=2)
    await store.credentials.add(theirs, OTHER)
    await store.credentials.add(credential("a-team"), SECRET)
    await store.credentials.add(ours, SECRET)
    assert await store.credentials.get(2, "team") == theirs
    assert await store.credentials.of_installation(1) == [credential("a-team"), ours]
    assert await store.credentials.all() == [credential("a-team"), ours, theirs]
    assert await store.credentials.remove(3, "team") is None


async def test_of_two_that_add_one_name_at_once_one_has_it(store, second_store):
    adding = [
        item.credentials.add(credential(id=f"c-{number}"), SECRET)
        for number, item in enumerate([store, second_store] * 3)
    ]
    answers = await asyncio.gather(*adding, return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["CredentialExists"] * 5 + ["NoneType"]
    assert len(await store.credentials.all()) == 1


async def rotate(store, secret, expected, version):
    change = {"version": version, "username": "new", "at": LATER, "expected_version": expected}
    return await store.credentials.replace_secret("c-team", secret, **change)


async def test_another_secret_takes_the_place_of_the_one_it_was_meant_to_replace(store):
    await store.credentials.add(credential(), SECRET)
    await store.ledger.record(*IMAGE, ["1"], NOW, "c-team")
    assert await rotate(store, OTHER, "v1", "v2") is True
    assert await rotate(store, SECRET, "v1", "v3") is False
    assert await store.credentials.open("c-team") == (
        credential(version="v2", username="new", verified_at=LATER),
        OTHER,
    )
    assert [tag.name for tag in await store.ledger.tags(*IMAGE, "c-team")] == ["1"]


async def test_a_secret_is_not_replaced_in_a_credential_that_is_gone(store):
    assert await rotate(store, OTHER, "v1", "v2") is False


async def test_of_two_rotations_at_once_one_counts_whole(store, second_store):
    await store.credentials.add(credential(), SECRET)
    secrets = {f"v2-{number}": SecretStr(f"secret {number}") for number in range(6)}
    stores = [store, second_store] * 3
    rotations = [rotate(item, secrets[version], "v1", version) for item, version in zip(stores, secrets, strict=True)]
    assert sorted(await asyncio.gather(*rotations)) == [False] * 5 + [True]
    stored, secret = await store.credentials.open("c-team")
    assert secret == secrets[stored.version]


async def test_a_removed_credential_takes_what_was_read_with_it_along(store):
    await store.credentials.add(credential(), SECRET)
    for reader in ("", "c-team", "c-other"):
        await store.ledger.record(*IMAGE, ["1"], NOW, reader)
        await store.ledger.scanned(*IMAGE, NOW, None, reader)
    assert await store.credentials.remove(1, "team") == credential()
    assert await store.credentials.remove(1, "team") is None
    left = [len(await store.ledger.tags(*IMAGE, reader)) for reader in ("", "c-team", "c-other")]
    assert left == [1, 0, 1]
    assert await store.ledger.scan_state(*IMAGE, "c-team") is None


async def test_what_the_database_changes_in_a_certificate_does_not_shut_the_secret_in(store):
    await store.credentials.add(credential(certificate="a\0b\udc80", token_hosts=("b.example", "a.example")), SECRET)
    stored, secret = await store.credentials.open("c-team")
    assert (stored.certificate, secret) == ("a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}", SECRET)
    assert await rotate(store, OTHER, "v1", "v2") is True
    assert (await store.credentials.open("c-team"))[1] == OTHER


async def test_that_a_registry_took_it_is_noted(store):
    await store.credentials.add(credential(verified_at=None), SECRET)
    await store.credentials.add(credential("other", verified_at=None), SECRET)
    assert await store.credentials.note_verified("c-team", LATER) is True
    assert await store.credentials.open("c-team") == (credential(verified_at=LATER), SECRET)
    assert (await store.credentials.get(1, "other")).verified_at is None
    assert await store.credentials.note_verified("c-gone", LATER) is False


async def test_without_a_key_nothing_is_stored(database_url):
    async with await Store.open(database_url) as store:
        with pytest.raises(NoKey):
            await store.credentials.add(credential(), SECRET)
        assert await store.credentials.all() == []


BAD_NAMES = {"NUL": "a\0b", "lone surrogate": "a\udc80b", "too long": "x" * 5000}


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
@pytest.mark.parametrize("field", ["id", "name", "host", "kind", "username", "version"])
async def test_a_name_that_cannot_be_held_is_refused(store, field, name):
    with pytest.raises(UnstorableValue, match="refuse it where it came in"):
        await store.credentials.add(credential(**{field: name}), SECRET)
    assert await store.credentials.all() == []


def change(url, statement, **values):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement), values)
    engine.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credentials SET host = 'evil.example' WHERE id = 'c-team'",
        "UPDATE credentials SET installation = 2 WHERE id = 'c-team'",
        """UPDATE credentials SET token_hosts = '["evil.example"]' WHERE id = 'c-team'""",
        "UPDATE credentials SET insecure = true WHERE id = 'c-team'",
        "UPDATE credentials SET certificate = 'of somebody else' WHERE id = 'c-team'",
        "UPDATE credentials SET kind = 'acr' WHERE id = 'c-team'",
        "UPDATE credentials SET sealed = (SELECT sealed FROM credentials WHERE id = 'c-other') WHERE id = 'c-team'",
        "UPDATE credentials SET id = CASE id WHEN 'c-team' THEN 'c-gone' ELSE 'c-team' END",
        "UPDATE credentials SET sealed = replace(sealed, 'niro1', 'niro2') WHERE id = 'c-team'",
        "UPDATE credentials SET sealed = '' WHERE id = 'c-team'",
        "UPDATE credentials SET sealed = 'niro1.first.AAAA.BBBB' WHERE id = 'c-team'",
    ],
)
async def test_who_can_write_the_database_can_neither_move_a_secret_nor_have_it_sent_elsewhere(
    store, database_url, statement
):
    await store.credentials.add(credential(), SECRET)
    await store.credentials.add(credential("other"), SECRET)
    change(database_url, statement)
    with pytest.raises(CannotOpen) as refused:
        await store.credentials.open("c-team")
    assert not re.search(r"hunter2|niro1\.", str(refused.value))


async def test_the_secret_stands_in_no_column(store, database_url):
    await store.credentials.add(credential(), SECRET)
    engine = create_engine(database_url)
    with engine.connect() as connection:
        [row] = connection.execute(text("SELECT * FROM credentials")).all()
    engine.dispose()
    assert not any("hunter2" in str(value) for value in row)
    assert row.sealed.startswith("niro1.first.")
