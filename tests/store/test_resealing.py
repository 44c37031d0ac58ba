"""New keys: what older ones sealed is sealed anew, while the bot runs; and a store without its keys does not open."""

import asyncio
from dataclasses import replace

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from bot.store import CannotOpen, Keyring, MissingKeys, NoKey, Resealed, Store, StoreError, new_key
from bot.store.bindings import of_credential
from tests.store.builders import LATER, credential, hook

OLD, NEW, OTHER = new_key("old"), new_key("new"), new_key("other")
SECRET = SecretStr("hunter2-hunter2")
SIGNING = SecretStr("signing-key")
DIGEST = b"x" * 32


async def opened(url, *keys, **options):
    return await Store.open(url, exclusive=False, keys=Keyring.parse(",".join(keys)), **options)


async def fill(store, count=3):
    for number in range(count):
        ways = {"token_hosts": ("token.example",), "certificate": "PEM", "kind": "harbor", "insecure": number == 0}
        await store.credentials.add(credential(f"n{number}", **ways), SecretStr(f"secret {number}"))
    await store.hooks.create(hook("signed"), DIGEST, SIGNING)
    await store.hooks.create(hook("operators", installation=None), DIGEST, SIGNING)
    await store.hooks.create(hook("plain"), DIGEST)


def change(url, statement):
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
async def filled(database_url):
    """Return the URL of a database whose secrets the old key sealed."""
    async with await opened(database_url, OLD) as store:
        await fill(store)
    return database_url


async def test_the_keys_in_use_are_counted_by_their_ids(filled):
    async with await opened(filled, NEW, OLD) as store:
        await store.credentials.add(credential("new"), SECRET)
        assert await store.credentials.key_ids() == {"old": 5, "new": 1}


async def test_each_credential_tells_which_key_seals_it(filled, database_url):
    async with await opened(filled, NEW, OLD) as store:
        await store.credentials.add(credential("new", installation=2), SECRET)
        change(database_url, "UPDATE credentials SET sealed = 'junk' WHERE id = 'c-n0'")
        assert await store.credentials.keys_of(1) == {"c-n0": "", "c-n1": "old", "c-n2": "old"}
        assert await store.credentials.keys_of(2) == {"c-new": "new"}
        assert len(await store.credentials.keys_of()) == 4
        assert await store.credentials.keys_of(3) == {}


async def test_everything_is_sealed_by_the_first_key_and_the_old_one_may_go(filled):
    async with await opened(filled, NEW, OLD) as store:
        assert await store.credentials.reseal() == Resealed(credentials=3, hooks=2)
        assert await store.credentials.key_ids() == {"new": 5}
    async with await opened(filled, NEW) as store:
        secrets = [(await store.credentials.open(f"c-n{number}"))[1].get_secret_value() for number in range(3)]
        assert secrets == ["secret 0", "secret 1", "secret 2"]
        assert (await store.hooks.open("signed")).signing == SIGNING
        assert (await store.hooks.open("operators")).signing == SIGNING
        assert (await store.hooks.open("plain")).signing is None


async def test_resealing_again_changes_nothing(filled):
    async with await opened(filled, NEW, OLD) as store:
        await store.credentials.reseal()
        assert await store.credentials.reseal() == Resealed(credentials=0, hooks=0)


async def test_nothing_but_the_sealed_text_changes(filled):
    async with await opened(filled, NEW, OLD) as store:
        before = await store.credentials.all(), await store.hooks.all()
        await store.credentials.reseal()
        assert (await store.credentials.all(), await store.hooks.all()) == before


async def test_a_rotation_while_everything_is_sealed_anew_is_not_lost(filled):
    async with await opened(filled, NEW, OLD) as store, await opened(filled, OLD, NEW) as running:

        async def rotate(number):
            change = {"version": "v2", "username": "new", "at": LATER, "expected_version": "v1"}
            return await running.credentials.replace_secret(f"c-n{number}", SecretStr(f"rotated {number}"), **change)

        answers = await asyncio.gather(store.credentials.reseal(), *(rotate(number) for number in range(3)))
        assert answers[1:] == [True] * 3
        found = [await store.credentials.open(f"c-n{number}") for number in range(3)]
        assert [secret.get_secret_value() for _, secret in found] == [f"rotated {number}" for number in range(3)]
        assert {stored.version for stored, _ in found} == {"v2"}


async def stored(url):
    async with await opened(url, OLD) as store:
        return {each.id: each for each in await store.credentials.all()}


class Meddling(Keyring):
    """A ring that lets somebody replace each secret between its opening and its sealing anew."""

    def __init__(self, ring, meddle):
        super().__init__(ring._keys)
        self._meddle = meddle

    def open(self, sealed, purpose, *binding):
        self._meddle(sealed)
        return super().open(sealed, purpose, *binding)


async def test_a_secret_that_was_replaced_between_reading_and_writing_stays_replaced(filled):
    """The rotation comes exactly between the two, sealed by the old key as a process that still has it first does."""
    anew = Keyring.parse(OLD).seal(SecretStr("rotated"), *of_credential((await stored(filled))["c-n1"]))
    engine = create_engine(filled)
    replaced = []

    def meddle(sealed):
        with engine.begin() as connection:
            statement = "UPDATE credentials SET sealed = :new WHERE id = 'c-n1' AND sealed = :old"
            if not replaced and connection.execute(text(statement), {"new": anew, "old": sealed}).rowcount:
                replaced.append(sealed)

    ring = Meddling(Keyring.parse(f"{NEW},{OLD}"), meddle)
    async with await Store.open(filled, exclusive=False, keys=ring) as store:
        assert await store.credentials.reseal() == Resealed(credentials=3, hooks=2)
        assert (await store.credentials.open("c-n1"))[1].get_secret_value() == "rotated"
        assert await store.credentials.key_ids() == {"new": 5}
    engine.dispose()
    assert len(replaced) == 1


async def test_a_secret_that_does_not_open_is_told_after_all_others_were_sealed_anew(filled):
    change(filled, "UPDATE credentials SET host = 'evil.example' WHERE id = 'c-n0'")
    async with await opened(filled, NEW, OLD) as store:
        with pytest.raises(CannotOpen):
            await store.credentials.reseal()
        assert await store.credentials.key_ids() == {"old": 1, "new": 4}


async def test_without_a_key_nothing_can_be_sealed_anew(database_url):
    async with await opened(database_url) as store:
        with pytest.raises(NoKey, match="NIRO_KEYS"):
            await store.credentials.reseal()


@pytest.mark.parametrize("keys", [(), (NEW,), (NEW, OTHER)], ids=["none", "another", "two others"])
async def test_a_store_whose_secrets_other_keys_sealed_is_not_opened(filled, keys):
    with pytest.raises(MissingKeys, match="keys that are not set: old; add them to NIRO_KEYS") as refused:
        await opened(filled, *keys)
    assert refused.value.key_ids == ("old",)
    assert isinstance(refused.value, StoreError)


async def test_every_missing_key_is_named(filled):
    async with await opened(filled, OTHER, OLD) as store:
        await store.hooks.create(hook("more"), DIGEST, SIGNING)
    with pytest.raises(MissingKeys, match="old, other") as refused:
        await opened(filled)
    assert refused.value.key_ids == ("old", "other")


async def test_a_command_may_open_it_all_the_same_and_look_at_what_needs_no_key(filled):
    async with await opened(filled, check_keys=False) as store:
        assert len(await store.credentials.all()) == 3
        with pytest.raises(NoKey):
            await store.credentials.open("c-n0")


async def test_without_secrets_no_key_is_needed(database_url):
    async with await opened(database_url) as store:
        await store.hooks.create(hook("plain"), DIGEST)
    async with await opened(database_url) as store:
        assert await store.credentials.key_ids() == {}


async def test_an_exclusive_opening_that_is_refused_gives_the_file_back(tmp_path):
    url = f"sqlite:///{tmp_path}/niro.db"
    async with await opened(url, OLD) as store:
        await store.credentials.add(replace(credential(), verified_at=None), SECRET)
    with pytest.raises(MissingKeys):
        await Store.open(url)
    await (await Store.open(url, keys=Keyring.parse(OLD))).close()
