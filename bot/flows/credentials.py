"""Stored credentials: each is shown to a real repository before it is saved, and before it replaces another."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from bot.flows.asking import Ask, request
from bot.flows.credential_checks import NewCredential, checked, login, repository_at
from bot.flows.credential_shapes import InvalidCredential
from bot.flows.readers import credential_of
from bot.jobs.work import ChooseReaders
from bot.registries import Access, ProviderKind
from bot.registries.lookup import Scope
from bot.registries.verification import Verification
from bot.store import CredentialExists, MissingKeys, StoredCredential

if TYPE_CHECKING:
    from datetime import datetime

    from pydantic import SecretStr

    from bot.registries import Registries
    from bot.registries.grants import Grants
    from bot.store import Store

__all__ = [
    "ChangedMeanwhile",
    "InvalidCredential",
    "Means",
    "NewCredential",
    "NewSecret",
    "NoSuchCredential",
    "Saved",
    "Unproven",
    "add",
    "remove",
    "rotate",
    "verify",
]

AT_ONCE: Final = timedelta(0)


class NoSuchCredential(Exception):
    """There is no credential of this name in the installation."""

    def __init__(self, installation: int, name: str) -> None:
        super().__init__(f"there is no credential {name} in the installation {installation}")


class Unproven(Exception):
    """Nobody asked for the credential, so nothing is known about it; nothing was saved."""

    def __init__(self, host: str, repository: str) -> None:
        super().__init__(f"{host} did not ask for a credential to read {repository}: name a repository that needs it")


class ChangedMeanwhile(Exception):
    """Somebody else changed the credential since it was read; theirs stays, and this change was not made."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the credential {name} was changed by somebody else meanwhile; nothing was replaced")


@dataclass(frozen=True, slots=True)
class Means:
    """Where credentials are kept, how they are tried, what the operator lets them reach, and the time."""

    store: Store
    registries: Registries
    grants: Grants
    now: datetime


@dataclass(frozen=True, slots=True)
class NewSecret:
    """What takes the place of a credential's secret; username None: the one it has."""

    secret: SecretStr
    username: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, how far the registry proved it, and sentences that whoever saved it should know."""

    stored: StoredCredential
    verification: Verification
    notes: tuple[str, ...] = ()


async def add(means: Means, wanted: NewCredential, repository: str) -> Saved:
    """Store a credential that can read a repository (`acme/api`) at its host, or write to it if it is for that, too.

    Raises InvalidCredential, CredentialExists and NoKey before anything is sent, Unproven, and any RegistryError; in
    all these cases nothing is saved.
    """
    look = checked(wanted, means.now)
    stored, secret = _stored(look.credential, look.kind, means.now), look.credential.secret
    _check_can_keep(means.store, secret)
    if await means.store.credentials.get(stored.installation, stored.name) is not None:
        raise CredentialExists(
            f"the installation {stored.installation} has a credential {stored.name} already: rotate or remove it"
        )
    verification = await _prove(means, stored, secret, repository)
    await means.store.credentials.add(stored, secret)
    await _choose_readers(means.store, stored.installation, means.now)
    return Saved(stored, verification, (*look.notes, *await _unknown(means.store, stored.installation)))


async def verify(means: Means, installation: int, name: str, repository: str) -> Verification:
    """Show a stored credential to a repository. Raises NoSuchCredential, InvalidCredential, Unproven, RegistryError."""
    known = await _known(means.store, installation, name)
    opened = await means.store.credentials.open(known.id)
    if opened is None:
        raise NoSuchCredential(installation, name)
    return await _prove(means, *opened, repository)


async def rotate(means: Means, installation: int, name: str, new: NewSecret, repository: str) -> Saved:
    """Put a new secret in the place of a credential's old one, once the new one can do at a repository what it is for.

    Raises what `add` raises, NoSuchCredential and ChangedMeanwhile; in all these cases the
    old secret stays and is used as before.
    """
    before = await _known(means.store, installation, name)
    user, secret, notes = login(ProviderKind(before.kind), new.username or before.username, new.secret)
    _check_can_keep(means.store, secret)
    after = replace(before, username=user, version=_version(), verified_at=means.now)
    verification = await _prove(means, after, secret, repository)
    replaced = await means.store.credentials.replace_secret(
        before.id, secret, version=after.version, username=user, at=means.now, expected_version=before.version
    )
    if not replaced:
        raise ChangedMeanwhile(name)
    await _choose_readers(means.store, installation, means.now)
    return Saved(after, verification, (*notes, *await _other_keys(means.store)))


async def remove(store: Store, installation: int, name: str, now: datetime) -> StoredCredential:
    """Forget a credential, and what was read with it. Raises NoSuchCredential."""
    removed = await store.credentials.remove(installation, name)
    if removed is None:
        raise NoSuchCredential(installation, name)
    await _choose_readers(store, installation, now)
    return removed


def _stored(new: NewCredential, kind: ProviderKind, now: datetime) -> StoredCredential:
    return StoredCredential(
        id=f"c-{secrets.token_urlsafe(12)}",
        installation=new.installation,
        name=new.name,
        host=new.host,
        kind=kind.value,
        username=new.username,
        token_hosts=new.token_hosts,
        certificate=new.certificate,
        insecure=new.insecure,
        prefixes=new.prefixes,
        pull=new.pull,
        push=new.push,
        version=_version(),
        created_at=now,
        verified_at=now,
    )


def _version() -> str:
    return secrets.token_urlsafe(9)


def _check_can_keep(store: Store, secret: SecretStr) -> None:
    """Without a key nothing could be kept, and so nothing is sent. Raises NoKey."""
    store.keys.seal(secret, "trial")


async def _other_keys(store: Store) -> tuple[str, ...]:
    """Say that keys are missing here: a lost one may be why it is rotated, but the bot may also have other keys."""
    try:
        await store.check_keys()
    except MissingKeys as error:
        return (f"Does the bot have the keys that this command has? {error}.",)
    return ()


async def _unknown(store: Store, installation: int) -> tuple[str, ...]:
    if await store.installations.get(installation) is not None:
        return ()
    return (f"The bot does not know the installation {installation} yet: the status page lists those it knows.",)


async def _known(store: Store, installation: int, name: str) -> StoredCredential:
    known = await store.credentials.get(installation, name)
    if known is None:
        raise NoSuchCredential(installation, name)
    return known


async def _prove(means: Means, stored: StoredCredential, secret: SecretStr, repository: str) -> Verification:
    """Show a credential to a repository that it is for. Raises InvalidCredential, Unproven and any RegistryError."""
    name = repository_at(stored.host, repository)
    if Scope(stored.id, stored.name, stored.host, stored.prefixes).length_of_match(stored.host, name) is None:
        raise InvalidCredential(f"{name} is below none of its prefixes ({', '.join(stored.prefixes)})")
    access = Access(credential_of(stored, secret), means.grants.networks_of(stored.host, stored.installation))
    verification = await means.registries.verify(stored.host, name, access, pushes=bool(stored.push))
    if verification is Verification.UNPROVEN:
        raise Unproven(stored.host, name)
    return verification


async def _choose_readers(store: Store, installation: int, now: datetime) -> None:
    """Have it looked at again which credential reads which image: by the running bot, whose store this may be."""
    await store.due.ask([request(Ask(ChooseReaders(installation)), now, AT_ONCE)])
