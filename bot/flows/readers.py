"""Who reads an image for a repository: nobody in particular, a stored credential, or what the operator grants."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.registries import ANONYMOUS, Access, Credential, Grants, ProviderKind, Scope, Unusable, credential_for
from bot.store import CannotOpen, NoKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydantic import SecretStr

    from bot.flows.parts import Parts
    from bot.images import ImageReference
    from bot.policies import ImagePolicy
    from bot.store import Repository, StoredCredential

NOBODY = ""
"""The reader of what everybody may read."""

_OPERATOR = "operator:"


class ReaderUnfit(Exception):
    """Nobody can read an image as it was chosen; the text says why."""


class ReaderGone(ReaderUnfit):
    """The credential that read an image was removed; whoever follows the image gets another reader, or none."""


class SecretLocked(ReaderUnfit):
    """The secret of a credential does not open: a key is missing, or it was changed where it is stored."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: `id` is what the ledger keeps by, `access` what is shown to the registry.

    `installation`: whose reader it is; None: everybody's.
    """

    id: str = NOBODY
    access: Access = ANONYMOUS
    installation: int | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Chooses who reads each image for one GitHub repository (`owner/name`) of an installation."""

    installation: int
    full_name: str
    scopes: tuple[Scope, ...]
    grants: Grants

    def of(self, image: ImageReference, named: str | None = None) -> str | Unusable:
        """Return the id of an image's reader. `named`: the credential that the policy names, which must fit then."""
        chosen = credential_for(image.host, image.repository, self.full_name, self.scopes, named)
        if isinstance(chosen, Scope):
            return chosen.id
        if chosen is not None:
            return chosen
        return f"{_OPERATOR}{self.installation}" if self._is_granted(image.host) else NOBODY

    def of_all(self, policies: Iterable[ImagePolicy]) -> dict[str, str | Unusable]:
        """Return the reader of each image by its name ("host/repository"): where policies disagree, the first counts.

        A policy that names a credential goes before those that name none.
        """
        chosen: dict[str, str | Unusable] = {}
        for policy in sorted(policies, key=lambda policy: policy.credential is None):
            chosen.setdefault(policy.image.name, self.of(policy.image, policy.credential))
        return chosen

    def _is_granted(self, host: str) -> bool:
        """Whether the operator lets this installation do at a host what not everybody may."""
        grants = self.grants
        own = grants.networks_of(host, self.installation) != grants.networks_of(host, None)
        return own or grants.has_ambient(host, self.installation)


async def readers_of(parts: Parts, repository: Repository) -> Readers:
    """Gather what the readers of a repository's images are chosen from."""
    stored = await parts.store.credentials.of_installation(repository.installation)
    return Readers(repository.installation, repository.full_name, tuple(map(scope_of, stored)), parts.grants)


async def opened_of(parts: Parts, repository: Repository, policies: Sequence[ImagePolicy]) -> dict[str, Reader]:
    """Return who reads the image of each policy, by the image's name; without those that nobody can read."""
    chosen = (await readers_of(parts, repository)).of_all(policies)
    hosts = {policy.image.name: policy.image.host for policy in policies}
    found: dict[str, Reader] = {}
    for name, reader in chosen.items():
        with suppress(ReaderUnfit):
            if isinstance(reader, str):
                found[name] = await opened(parts, hosts[name], reader)
    return found


def is_confidential(repository: Repository, readers: Mapping[str, Reader], policy: ImagePolicy) -> bool:
    """Whether nothing may be told in a repository about a policy's tags but the one that is proposed.

    What only some may read was read, and everybody may read the repository.
    """
    reader = readers.get(policy.image.name)
    return not repository.private and reader is not None and reader.id != NOBODY


async def opened(parts: Parts, host: str, reader: str) -> Reader:
    """Return a reader with its secret, to read at a host. Raises ReaderGone or SecretLocked."""
    if reader == NOBODY:
        return Reader(NOBODY, Access(None, parts.grants.networks_of(host, None)))
    if reader.startswith(_OPERATOR):
        return _operators(parts.grants, host, reader)
    try:
        found = await parts.store.credentials.open(reader)
    except (CannotOpen, NoKey) as error:
        raise SecretLocked(f"the secret of the credential for {host} cannot be opened") from error
    if found is None or found[0].host != host:
        raise ReaderGone(f"the credential that read images at {host} was removed")
    stored, secret = found
    parts.hide((secret.get_secret_value(),))
    credential = credential_of(stored, secret)
    return Reader(reader, Access(credential, parts.grants.networks_of(host, stored.installation)), stored.installation)


def _operators(grants: Grants, host: str, reader: str) -> Reader:
    installation = installation_of(reader)
    assert installation is not None
    ambient = Credential.of_this_machine(reader, host) if grants.has_ambient(host, installation) else None
    return Reader(reader, Access(ambient, grants.networks_of(host, installation)), installation)


def installation_of(reader: str) -> int | None:
    """Return whose reader it is that the operator grants something; None: it is another kind of reader."""
    return int(reader.removeprefix(_OPERATOR)) if reader.startswith(_OPERATOR) else None


def disagreements(policies: Iterable[ImagePolicy]) -> Mapping[str, str]:
    """Say of each policy whose image another policy reads with another credential which one counts, by its name."""
    first: dict[str, ImagePolicy] = {}
    said: dict[str, str] = {}
    for policy in policies:
        if policy.credential is None:
            continue
        before = first.setdefault(policy.image.name, policy)
        if before.credential != policy.credential:
            said[policy.name] = (
                f"{policy.image.name} is read with the credential {before.credential}, which the policy "
                f"{before.name} names; one image has one reader in a repository"
            )
    return said


def credential_of(stored: StoredCredential, secret: SecretStr) -> Credential:
    """Return a stored credential as the registries' room shows it to its host."""
    return Credential(
        id=stored.id,
        host=stored.host,
        username=stored.username,
        secret=secret,
        token_hosts=frozenset(stored.token_hosts),
        kind=ProviderKind(stored.kind),
        version=stored.version,
        certificate=stored.certificate,
        insecure=stored.insecure,
    )


def scope_of(stored: StoredCredential) -> Scope:
    """Return for what a stored credential may be used."""
    return Scope(stored.id, stored.name, stored.host, stored.prefixes, stored.pull, stored.push)
