"""Overwriting: what was deleted or replaced stands in no file of SQLite, while the bot goes on running."""

from contextlib import contextmanager

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.store import Keyring, Push, Store, new_key
from tests.store.builders import KEYS, LATER, NOW, credential, decision, hook, installation, repository, settle

SECRET = SecretStr("hunter2-hunter2")
IMAGE = ("registry.example", "app")
OLD, NEW = new_key("old"), new_key("new")


@pytest.fixture
async def file_store(tmp_path):
    async with await Store.open(f"sqlite:///{tmp_path}/niro.db", keys=KEYS) as store:
        yield store


def in_files(folder, *texts):
    """Return those texts that stand in any file of the database."""
    content = b"".join(path.read_bytes() for path in sorted(folder.glob("niro.db*")))
    return [each for each in texts if each.encode() in content]


@contextmanager
def reading(folder):
    """Have another process read from the log, as it stands now."""
    engine = create_engine(f"sqlite:///{folder}/niro.db", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("BEGIN"))
        connection.execute(text("SELECT count(*) FROM credentials")).scalar()
        yield
        connection.execute(text("ROLLBACK"))
    engine.dispose()


def sealed(folder):
    engine = create_engine(f"sqlite:///{folder}/niro.db")
    with engine.connect() as connection:
        found = list(connection.execute(text("SELECT sealed FROM credentials")).scalars())
        found += connection.execute(text("SELECT signing FROM hooks WHERE signing IS NOT NULL")).scalars()
    engine.dispose()
    return found


async def fill(store):
    await settle(store)
    await store.credentials.add(credential(username="robot-name"), SECRET)
    await store.hooks.create(hook(), b"x" * 32, SecretStr("signing"))
    await store.ledger.pushed(*IMAGE, Push("private-tag", "sha256:private", NOW))
    await store.ledger.record(*IMAGE, ["private-tag"], NOW, "c-team")
    await store.ledger.describe(*IMAGE, "private-tag", "sha256:private", None, "c-team", seen_at=NOW)
    await store.ledger.scanned(*IMAGE, NOW, None, "c-team")
    await store.decisions.save(decision(selected="private-tag", reader="c-team"))


PRIVATE = ("private-tag", "sha256:private", "robot-name")


async def test_a_removed_installation_leaves_nothing_private_in_the_files(file_store, tmp_path):
    await fill(file_store)
    texts = (*sealed(tmp_path), *PRIVATE)
    assert in_files(tmp_path, *texts) == list(texts)
    await file_store.installations.remove(1)
    assert in_files(tmp_path, *texts) == []


async def test_a_removed_credential_leaves_nothing_private_in_the_files(file_store, tmp_path):
    await fill(file_store)
    envelope = sealed(tmp_path)[0]
    await file_store.credentials.remove(1, "team")
    assert in_files(tmp_path, envelope, *PRIVATE) == []


async def test_a_replaced_secret_a_removed_hook_and_a_removed_repository_leave_nothing(file_store, tmp_path):
    await fill(file_store)
    texts = sealed(tmp_path)
    change = {"version": "v2", "username": "new", "at": LATER, "expected_version": "v1"}
    await file_store.credentials.replace_secret("c-team", SecretStr("another"), **change)
    await file_store.hooks.remove("h1")
    assert in_files(tmp_path, *texts) == []
    await file_store.repositories.save(repository(11, full_name="acme/secret-name"))
    await file_store.repositories.remove(11)
    assert in_files(tmp_path, "secret-name") == []


async def test_what_an_old_key_sealed_leaves_the_files_once_it_is_sealed_anew(tmp_path):
    url = f"sqlite:///{tmp_path}/niro.db"
    async with await Store.open(url, keys=Keyring.parse(OLD)) as store:
        await fill(store)
    texts = sealed(tmp_path)
    async with await Store.open(url, keys=Keyring.parse(f"{NEW},{OLD}")) as store:
        await store.credentials.reseal()
        assert in_files(tmp_path, *texts) == []


async def test_who_reads_meanwhile_holds_up_no_removal_and_housekeeping_overwrites_later(file_store, tmp_path):
    await fill(file_store)
    with reading(tmp_path):
        await file_store.credentials.remove(1, "team")
        assert await file_store.credentials.all() == []
        assert in_files(tmp_path, *PRIVATE) == list(PRIVATE)
        await file_store.installations.save(installation(2))
    await file_store.ledger.forget_strays(NOW)
    assert in_files(tmp_path, *PRIVATE) == []
    assert await file_store.installations.get(2) == installation(2)


async def test_a_store_whose_log_was_emptied_reads_and_writes_on(store, second_store):
    await settle(store)
    assert await store._database.overwrite_deleted() is True
    await second_store.installations.save(installation(2))
    assert [each.id for each in await store.installations.all()] == [1, 2]
