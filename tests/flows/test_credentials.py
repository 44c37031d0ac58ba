"""A credential is shown to a real registry before it is saved, and before it takes the place of another."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import SecretStr

from bot.flows.credential_checks import NewCredential
from bot.flows.credential_shapes import InvalidCredential
from bot.flows.credentials import (
    ChangedMeanwhile,
    Means,
    NewSecret,
    NoSuchCredential,
    Unproven,
    add,
    remove,
    rotate,
    verify,
)
from bot.jobs.work import ChooseReaders, key, kind
from bot.registries import (
    AddressNotAllowed,
    ImageNotFound,
    Registries,
    RegistryRefused,
    UntrustedCertificate,
    guarded_sessions,
)
from bot.registries.grants import Grants
from bot.registries.verification import Verification
from bot.sandbox.registry import SandboxRegistry
from bot.sandbox.registry_process import Access as Doors
from bot.store import CredentialExists, Keyring, NoKey, Store, new_key
from tests.registries.scripted import Reply, ScriptedServer

NOW = datetime(2026, 1, 1, tzinfo=UTC)
INSTALLATION = 7
SECRET = "kept-to-itself-84"
NEWER = "kept-to-itself-85"
KEYS = Keyring.parse(new_key("k1"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def private(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A registry with tokens and an authority of its own; nobody in particular may read."""
    folder = tmp_path_factory.mktemp("private")
    running = await SandboxRegistry.start(folder, access=Doors.TOKEN, anonymous_pull=False, tls=True)
    await running.push("acme/api", "1.0")
    await running.push("acme/web", "1.0")
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def public(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A registry with tokens, which everybody may read."""
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("public"), access=Doors.TOKEN, tls=True)
    await running.push("acme/api", "1.0")
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def open_registry(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[SandboxRegistry]:
    """A registry that asks nobody who they are."""
    running = await SandboxRegistry.start(tmp_path_factory.mktemp("open"), tls=True)
    await running.push("acme/api", "1.0")
    yield running
    await running.stop()


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with await Store.open(f"sqlite:///{tmp_path}/niro.db", keys=KEYS) as store:
        yield store


@pytest.fixture
async def means(store: Store) -> AsyncIterator[Means]:
    async with guarded_sessions() as sessions:
        grants = Grants.parse((f"{INSTALLATION}:*=127.0.0.0/8",), ())
        yield Means(store, Registries(sessions), grants, NOW)


def wanted(registry: SandboxRegistry, secret: str = SECRET, **changes: Any) -> NewCredential:
    """A credential of the account `robot`, which a token server beside the registry knows by SECRET."""
    return NewCredential(
        **{
            "installation": INSTALLATION,
            "name": "ours",
            "host": registry.host,
            "username": "robot",
            "secret": SecretStr(secret),
            "certificate": registry.certificate_authority,
            **changes,
        }
    )


def known(registry: SandboxRegistry, secret: str = SECRET, **changes: Any) -> NewCredential:
    """The same, at a registry whose token server is told of the account first, and is trusted."""
    registry.tokens.set_password("robot", SECRET)
    return wanted(registry, secret, token_hosts=(registry.tokens.host,), **changes)


def takes(secret: str) -> Callable[[web.Request], Reply]:
    """Answer as a registry that takes one password, and lists one tag."""
    expected = f"Basic {b64encode(f'robot:{secret}'.encode()).decode()}"

    def answer(request: web.Request) -> Reply:
        if request.headers.get("Authorization") == expected:
            return Reply(200, {"name": "acme/api", "tags": ["1.0"]})
        return Reply(401, headers={"WWW-Authenticate": 'Basic realm="scripted"'})

    return answer


@pytest.fixture
async def scripted() -> AsyncIterator[ScriptedServer]:
    """A registry that answers what a test tells it to."""
    server = ScriptedServer()
    runner = await server.start()
    yield server
    await runner.cleanup()


async def secret_of(store: Store, name: str = "ours") -> str | None:
    """What is kept under a name, or None."""
    stored = await store.credentials.get(INSTALLATION, name)
    opened = await store.credentials.open(stored.id) if stored else None
    return opened[1].get_secret_value() if opened else None


async def readers_asked(store: Store) -> bool:
    """Whether it was asked to choose the installation's readers again; forgets that it was."""
    asked = await store.due.keys(kind(ChooseReaders))
    for row in await store.due.lease(NOW, window=100, share=100, until=NOW + timedelta(minutes=1)):
        await store.due.finish(row)
    return asked == {key(ChooseReaders(INSTALLATION))}


class TestAdding:
    async def test_a_credential_that_reads_what_nobody_else_reads_is_proven(
        self, means: Means, private: SandboxRegistry
    ) -> None:
        saved = await add(means, known(private, prefixes=("acme/",), pull=("acme/shop",)), "acme/api")
        assert saved.verification is Verification.PROVEN
        assert await means.store.credentials.of_installation(INSTALLATION) == [saved.stored]
        assert (saved.stored.kind, saved.stored.prefixes, saved.stored.pull) == ("generic", ("acme",), ("acme/shop",))
        assert (saved.stored.created_at, saved.stored.verified_at) == (NOW, NOW)
        assert await secret_of(means.store) == SECRET

    async def test_a_credential_that_the_token_server_took_is_accepted_where_everybody_reads(
        self, means: Means, public: SandboxRegistry
    ) -> None:
        assert (await add(means, known(public), "acme/api")).verification is Verification.ACCEPTED
        assert await secret_of(means.store) == SECRET

    async def test_a_credential_that_nobody_asked_for_is_not_saved(
        self, means: Means, open_registry: SandboxRegistry
    ) -> None:
        with pytest.raises(Unproven, match="name a repository that needs it"):
            await add(means, wanted(open_registry), "acme/api")
        assert await secret_of(means.store) is None
        assert not await readers_asked(means.store)

    async def test_a_wrong_secret_is_not_saved(self, means: Means, private: SandboxRegistry) -> None:
        with pytest.raises(RegistryRefused):
            await add(means, known(private, "another"), "acme/api")
        assert await secret_of(means.store) is None
        assert not await readers_asked(means.store)

    async def test_a_repository_that_is_not_there_proves_nothing(self, means: Means, private: SandboxRegistry) -> None:
        with pytest.raises(ImageNotFound):
            await add(means, known(private), "acme/nothing")
        assert await secret_of(means.store) is None

    async def test_who_does_not_trust_the_authority_sends_nothing(self, means: Means, private: SandboxRegistry) -> None:
        with pytest.raises(UntrustedCertificate):
            await add(means, known(private, certificate=""), "acme/api")
        assert await secret_of(means.store) is None

    async def test_an_installation_reaches_only_the_networks_that_are_granted_to_it(
        self, means: Means, private: SandboxRegistry
    ) -> None:
        with pytest.raises(AddressNotAllowed):
            await add(means, known(private, installation=8), "acme/api")

    async def test_readers_are_chosen_again(self, means: Means, private: SandboxRegistry) -> None:
        await add(means, known(private), "acme/api")
        assert await readers_asked(means.store)

    async def test_the_name_is_taken_before_anything_is_sent(self, means: Means, private: SandboxRegistry) -> None:
        await add(means, known(private), "acme/api")
        asked = len(private.requests())
        with pytest.raises(CredentialExists, match="ours"):
            await add(means, known(private, NEWER), "acme/api")
        assert len(private.requests()) == asked
        assert await secret_of(means.store) == SECRET

    async def test_without_a_key_nothing_is_sent(self, means: Means, private: SandboxRegistry, tmp_path: Path) -> None:
        asked = len(private.requests())
        async with await Store.open(f"sqlite:///{tmp_path}/without.db") as store:
            with pytest.raises(NoKey, match="niro keys new"):
                await add(replace(means, store=store), known(private), "acme/api")
        assert len(private.requests()) == asked

    async def test_the_repository_must_be_one_that_it_is_for(self, means: Means, private: SandboxRegistry) -> None:
        with pytest.raises(InvalidCredential, match="below none of its prefixes"):
            await add(means, known(private, prefixes=("acme/web",)), "acme/api")

    async def test_an_installation_that_is_not_known_is_told(self, means: Means, private: SandboxRegistry) -> None:
        saved = await add(means, known(private), "acme/api")
        assert saved.notes == (
            f"The bot does not know the installation {INSTALLATION} yet: the status page lists those it knows.",
        )


class TestVerifying:
    async def test_what_is_kept_is_tried(self, means: Means, private: SandboxRegistry) -> None:
        await add(means, known(private), "acme/api")
        assert await verify(means, INSTALLATION, "ours", "acme/web") is Verification.PROVEN

    async def test_a_secret_that_was_taken_back_is_refused(self, means: Means, private: SandboxRegistry) -> None:
        await add(means, known(private), "acme/api")
        private.tokens.set_password("robot", NEWER)
        async with guarded_sessions() as sessions:
            with pytest.raises(RegistryRefused):
                await verify(replace(means, registries=Registries(sessions)), INSTALLATION, "ours", "acme/api")

    @pytest.mark.parametrize(("installation", "name"), [(INSTALLATION, "theirs"), (8, "ours")])
    async def test_another_name_or_installation_has_none(
        self, means: Means, private: SandboxRegistry, installation: int, name: str
    ) -> None:
        await add(means, known(private), "acme/api")
        with pytest.raises(NoSuchCredential):
            await verify(means, installation, name, "acme/api")


class TestRotating:
    async def test_the_new_secret_takes_the_place_of_the_old(self, means: Means, private: SandboxRegistry) -> None:
        before = (await add(means, known(private), "acme/api")).stored
        await readers_asked(means.store)
        private.tokens.set_password("robot", NEWER)
        saved = await rotate(means, INSTALLATION, "ours", NewSecret(SecretStr(NEWER)), "acme/api")
        assert await secret_of(means.store) == NEWER
        assert (saved.stored.id, saved.stored.username) == (before.id, "robot")
        assert saved.stored.version != before.version
        assert await readers_asked(means.store)

    async def test_the_old_secret_stays_where_the_new_one_is_refused(
        self, means: Means, private: SandboxRegistry
    ) -> None:
        before = (await add(means, known(private), "acme/api")).stored
        await readers_asked(means.store)
        with pytest.raises(RegistryRefused):
            await rotate(means, INSTALLATION, "ours", NewSecret(SecretStr("another")), "acme/api")
        assert await means.store.credentials.get(INSTALLATION, "ours") == before
        assert await verify(means, INSTALLATION, "ours", "acme/api") is Verification.PROVEN
        assert not await readers_asked(means.store)

    async def test_another_user_name_comes_with_the_secret(self, means: Means, private: SandboxRegistry) -> None:
        await add(means, known(private), "acme/api")
        private.tokens.set_password("second", NEWER)
        await rotate(means, INSTALLATION, "ours", NewSecret(SecretStr(NEWER), "second"), "acme/api")
        kept = await means.store.credentials.get(INSTALLATION, "ours")
        assert kept is not None
        assert kept.username == "second"

    async def test_what_somebody_else_changed_meanwhile_stays(self, means: Means, scripted: ScriptedServer) -> None:
        """The registry answers the second of two rotations once the first one is done."""
        path = "/v2/acme/api/tags/list"
        scripted.on(path, takes(SECRET))
        new = NewCredential(INSTALLATION, "ours", scripted.host, "robot", SecretStr(SECRET), insecure=True)
        before = (await add(means, new, "acme/api")).stored

        async def first_the_other(request: web.Request) -> Reply:
            scripted.on(path, takes(NEWER))
            change = {"version": "other", "username": "robot", "at": NOW, "expected_version": before.version}
            assert await means.store.credentials.replace_secret(before.id, SecretStr("the other's"), **change)
            return takes(NEWER)(request)

        scripted.on(path, first_the_other)
        with pytest.raises(ChangedMeanwhile):
            await rotate(means, INSTALLATION, "ours", NewSecret(SecretStr(NEWER)), "acme/api")
        assert await secret_of(means.store) == "the other's"

    async def test_there_must_be_something_to_rotate(self, means: Means) -> None:
        with pytest.raises(NoSuchCredential):
            await rotate(means, INSTALLATION, "ours", NewSecret(SecretStr(NEWER)), "acme/api")


class TestRemoving:
    async def test_it_is_gone_and_readers_are_chosen_again(self, means: Means, private: SandboxRegistry) -> None:
        stored = (await add(means, known(private), "acme/api")).stored
        await readers_asked(means.store)
        assert await remove(means.store, INSTALLATION, "ours", NOW) == stored
        assert await secret_of(means.store) is None
        assert await readers_asked(means.store)

    async def test_there_must_be_something_to_remove(self, means: Means) -> None:
        with pytest.raises(NoSuchCredential, match="there is no credential ours in the installation 7"):
            await remove(means.store, INSTALLATION, "ours", NOW)
        assert not await readers_asked(means.store)
