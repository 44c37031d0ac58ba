"""What a credential for a registry may look like: all that can be told before anything is sent anywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from bot.flows.credential_shapes import InvalidCredential, shaped
from bot.images import DOCKER_HUB, ImageReference, InvalidImageReference, quoted
from bot.registries.kinds import ProviderKind
from bot.registries.lookup import EVERYBODY
from bot.registries.providers import PROVIDERS, provider_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from pydantic import SecretStr

HTTPS_PORT: Final = "443"
LONGEST_USERNAME: Final = 255
LONGEST_SECRET: Final = 32 * 1024
LARGEST_CERTIFICATE: Final = 256 * 1024
MOST_NAMES: Final = 100
"""Prefixes, token hosts or repositories in one list."""

_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_REPOSITORY: Final = re.compile(r"[A-Za-z0-9_-]{1,39}/[A-Za-z0-9._-]{1,100}")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_HUB_NAMES: Final = frozenset({"index.docker.io", "registry-1.docker.io", "registry.hub.docker.com", "hub.docker.com"})
_ANYWHERE: Final = frozenset(
    {
        ProviderKind.QUAY,
        ProviderKind.HARBOR,
        ProviderKind.GITLAB,
        ProviderKind.JFROG,
        ProviderKind.ZOT,
        ProviderKind.GENERIC,
    }
)
"""What people also run themselves, under any name; the other kinds have hosts of their own and no others."""


@dataclass(frozen=True, slots=True)
class NewCredential:
    """A credential that somebody wants to store.

    host: as images name it (`name[:port]`). kind: None, told by the host. prefixes: registry repositories that it
    reads, each with all below it; none means all. pull, push: GitHub repositories (`owner/name`, or `*`) that may read
    and write with it. token_hosts: token servers (`name[:port]`) beside the provider's own. certificate: PEM of the
    authorities that sign the registry's certificate, beside the usual ones. insecure: plain HTTP.
    """

    installation: int
    name: str
    host: str
    username: str
    secret: SecretStr
    kind: ProviderKind | None = None
    prefixes: tuple[str, ...] = ()
    pull: tuple[str, ...] = (EVERYBODY,)
    push: tuple[str, ...] = ()
    token_hosts: tuple[str, ...] = ()
    certificate: str = ""
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Checked:
    """A credential in its normal form, with its kind; `notes` are sentences that whoever stores it should know."""

    credential: NewCredential
    kind: ProviderKind
    notes: tuple[str, ...] = ()


def checked(wanted: NewCredential, now: datetime) -> Checked:
    """Bring a credential into its normal form. Raises InvalidCredential, which holds nothing of the secret."""
    if not _NAME.fullmatch(wanted.name):
        raise InvalidCredential(f"the name {quoted(wanted.name)} must be 1 to 64 letters, digits, '.', '_' and '-'")
    host = registry_host(wanted.host)
    kind = _kind(host, wanted.kind)
    normal = replace(
        wanted,
        host=host,
        kind=kind,
        prefixes=_each(wanted.prefixes, lambda text: _prefix(host, text)),
        pull=_each(wanted.pull, _github_repository),
        push=_each(wanted.push, _github_repository),
        token_hosts=_each(wanted.token_hosts, _token_host),
        certificate=authorities(wanted.certificate, now) if wanted.certificate else "",
    )
    _check_transport(normal)
    username, secret, notes = login(kind, wanted.username, wanted.secret)
    if wanted.host.strip().endswith(f":{HTTPS_PORT}") and not host.endswith(f":{HTTPS_PORT}"):
        notes = (*notes, f"The port {HTTPS_PORT} is left out: this is for images named {host}/...")
    if normal.insecure:
        notes = (*notes, f"The secret goes to {host} by plain HTTP: everybody on the way can read it.")
    return Checked(replace(normal, username=username, secret=secret), kind, notes)


def login(kind: ProviderKind, username: str, secret: SecretStr) -> tuple[str, SecretStr, tuple[str, ...]]:
    """Return user name and secret as the kind of registry takes them, with notes. Raises InvalidCredential."""
    _check_text("the user name", username, LONGEST_USERNAME)
    if ":" in username:
        raise InvalidCredential("the user name must not hold ':', which separates it from the secret on its way")
    taken, notes = shaped(kind, username, secret)
    _check_text("the secret", taken.get_secret_value(), LONGEST_SECRET)
    return username, taken, notes


def registry_host(text: str) -> str:
    """Return a registry's host as images name it: `docker.io` for any of Docker Hub's. Raises InvalidCredential.

    A known provider's name with the port of https loses it, and with any other port is refused: a login of the
    provider's would go to what nobody knows.
    """
    host = text.strip().lower()
    name, colon, port = host.partition(":")
    if colon and _is_providers(name):
        if port != HTTPS_PORT:
            raise InvalidCredential(
                f"{quoted(text)} is no registry host: {name} answers at the usual port, leave the port out"
            )
        host = name
    if host in _HUB_NAMES:
        return DOCKER_HUB
    if _is_short_address(host):
        raise InvalidCredential(
            f"{quoted(text)} is no host name, and no whole IP address: an IPv4 address has 4 numbers"
        )
    if not _is_host(host):
        raise InvalidCredential(
            f"{quoted(text)} is no registry host: write it as images name it, without https:// and path, "
            "like ghcr.io or harbor.corp.example:8443"
        )
    return host


def repository_at(host: str, text: str) -> str:
    """Return the name of a repository at a host, from `acme/api` or `ghcr.io/acme/api`. Raises InvalidCredential."""
    name = text if text.startswith(f"{host}/") else f"{host}/{text}"
    try:
        reference = ImageReference.parse(name)
    except InvalidImageReference as error:
        raise InvalidCredential(f"{quoted(text)} is no repository at {host}: {error.reason}") from None
    if reference.tag or reference.digest:
        raise InvalidCredential(f"{quoted(text)} must be a repository alone, without tag and digest")
    return reference.repository


def authorities(text: str, now: datetime) -> str:
    """Return the certificates in a text, as PEM and nothing else. Raises InvalidCredential when one is no CA's."""
    if len(text) > LARGEST_CERTIFICATE:
        raise InvalidCredential(f"the certificate is larger than {LARGEST_CERTIFICATE // 1024} KiB")
    try:
        found = x509.load_pem_x509_certificates(text.encode())
    except ValueError:
        raise InvalidCredential("the certificate is not PEM: it begins with -----BEGIN CERTIFICATE-----") from None
    for certificate in found:
        _check_authority(certificate, now)
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in found)


def _check_authority(certificate: x509.Certificate, now: datetime) -> None:
    try:
        is_authority = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension, ValueError):
        is_authority = False
    if not is_authority:
        raise InvalidCredential(
            "the certificate is not an authority's (CA): give the one that signed the registry's certificate"
        )
    if certificate.not_valid_after_utc < now:
        raise InvalidCredential(f"the certificate ended on {certificate.not_valid_after_utc.date()}")


def _kind(host: str, wanted: ProviderKind | None) -> ProviderKind:
    """Return whose registry a host is; a kind must not send the login of one provider to the host of another."""
    provider = provider_of(host)
    if provider.recognises(host):
        if wanted not in {None, provider.kind}:
            raise InvalidCredential(f"{host} is of the kind {provider.kind}, not {wanted}: leave --kind out")
        return provider.kind
    if wanted is None:
        return ProviderKind.GENERIC
    if wanted not in _ANYWHERE and wanted in PROVIDERS:
        raise InvalidCredential(f"{host} is no host of the kind {wanted}; for a registry of your own leave --kind out")
    return wanted


def _check_transport(wanted: NewCredential) -> None:
    if wanted.insecure and wanted.certificate:
        raise InvalidCredential("a certificate has no use where plain HTTP is spoken (insecure)")
    if wanted.insecure and _is_providers(wanted.host):
        raise InvalidCredential(f"{wanted.host} speaks HTTPS: nothing is sent to it by plain HTTP")
    if wanted.certificate and _is_providers(wanted.host):
        raise InvalidCredential(f"{wanted.host} has a certificate that everybody trusts: leave --certificate out")


def _prefix(host: str, text: str) -> str:
    prefix = text.removesuffix("/")
    if prefix.startswith(f"{host}/"):
        raise InvalidCredential(f"write the prefix {quoted(text)} without the host: {prefix.removeprefix(f'{host}/')}")
    try:
        # Under a host of another name: Docker Hub would take one word for one of its own images.
        reference = ImageReference.parse(f"registry.invalid/{prefix}")
    except InvalidImageReference as error:
        raise InvalidCredential(f"{quoted(text)} is no prefix of repositories: {error.reason}") from None
    if reference.repository != prefix:
        raise InvalidCredential(f"{quoted(text)} is no prefix of repositories: it has a tag or a digest")
    return prefix


def _github_repository(text: str) -> str:
    if text != EVERYBODY and not _REPOSITORY.fullmatch(text):
        raise InvalidCredential(f"{quoted(text)} is no GitHub repository: write owner/name, or * for all")
    return text


def _token_host(text: str) -> str:
    host = text.strip().lower()
    if not _is_host(host) or _is_short_address(host):
        raise InvalidCredential(f"{quoted(text)} is no host of a token server: write name or name:port")
    return host


def _is_host(host: str) -> bool:
    try:
        return ImageReference.parse(f"{host}/a/b").host == host
    except InvalidImageReference:
        return False


def _is_providers(host: str) -> bool:
    return host in _HUB_NAMES or provider_of(host).recognises(host)


def _is_short_address(host: str) -> bool:
    """Whether a host ends in a number and is no IPv4 address: some programs read `127.1` as one, others as a name.

    (WHATWG URL Standard, "ends in a number checker".)
    """
    name = host.partition(":")[0]
    if not _NUMBER.fullmatch(name.rpartition(".")[2]):
        return False
    try:
        return str(IPv4Address(name)) != name
    except ValueError:
        return True


def _check_text(what: str, text: str, longest: int) -> None:
    if not text:
        raise InvalidCredential(f"{what} is empty")
    if len(text) > longest:
        raise InvalidCredential(f"{what} is longer than {longest} characters")
    if any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in text):
        raise InvalidCredential(f"{what} holds a line end or a control character, which no registry takes")


def _each(texts: tuple[str, ...], check: Callable[[str], str]) -> tuple[str, ...]:
    """Check each text of a list once; a list is short, for it stands in one row."""
    if len(texts) > MOST_NAMES:
        raise InvalidCredential(f"a list has at most {MOST_NAMES} names; this one has {len(texts)}")
    return tuple(dict.fromkeys(map(check, texts)))
