"""Where a registry answers, and which token servers it may send us to."""

import re
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yarl import URL

from bot.registries.errors import UntrustedRealm

if TYPE_CHECKING:
    # The providers' files import what stands on this one.
    from bot.registries.providers.provider import Provider


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A registry host as images name it, and the origin its requests go to.

    token_hosts, api_hosts: the `name[:port]`s beside that origin that its provider's file promises to be of the same
    owner. redirect_hosts: matches those that lists and manifests may be redirected to, without a credential; None:
    none. values_per_tag: how many values its list of tags tells of each.
    """

    host: str
    origin: URL
    token_hosts: frozenset[str] = frozenset()
    api_hosts: frozenset[str] = frozenset()
    redirect_hosts: re.Pattern[str] | None = None
    values_per_tag: int = 1

    def address(self, repository: str, rest: str) -> URL:
        """Return the address of `/v2/<repository>/<rest>`; both were checked by their grammar before."""
        return self.origin.with_path(f"/v2/{repository}/{rest}", encoded=True)


def endpoint(host: str, provider: "Provider", insecure_hosts: Set[str]) -> Endpoint:
    """Return where a host (`name[:port]`) answers: by https, unless the name that is spoken to is insecure."""
    name = provider.endpoint(host)
    scheme = "http" if name in insecure_hosts else "https"
    return Endpoint(
        host,
        URL(f"{scheme}://{name}"),
        provider.token_hosts(host),
        provider.api_hosts(host),
        provider.redirect_hosts(host),
        provider.values_per_tag(host),
    )


def authority(url: URL) -> str:
    """Return `name[:port]` of an address, without the port that its scheme implies."""
    return url.host_port_subcomponent or ""


def same_origin(one: URL, other: URL) -> bool:
    """Whether scheme, name and port agree; a port left out is the one that the scheme implies."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def may_speak_to(url: URL, insecure_hosts: Set[str]) -> bool:
    """Whether the address is one to speak to: https, or http to a host that was named insecure; no user in it."""
    secure = url.scheme == "https" or (url.scheme == "http" and authority(url) in insecure_hosts)
    return secure and bool(url.host) and url.user is None and url.password is None


def trusted_realm(registry: Endpoint, realm: str, token_hosts: Set[str], insecure_hosts: Set[str]) -> URL:
    """Return the token server's address when this registry may name it, else raise UntrustedRealm.

    Allowed are the registry's own origin, the token hosts of its provider, and what the operator or the credential's
    owner listed in token_hosts (`name[:port]`). After containerd's CVE-2020-15157, where any registry could collect
    the credentials of another: the realm is the registry's word, and a registry may be anybody's.
    """
    url = _absolute(registry, realm)
    if not may_speak_to(url, insecure_hosts):
        raise UntrustedRealm(registry.host, authority(url), "names a token server without https, or with a user in it")
    if not same_origin(url, registry.origin) and authority(url) not in token_hosts | registry.token_hosts:
        sentence = f"names {authority(url)} as its token server, which is not known to belong to it"
        raise UntrustedRealm(registry.host, authority(url), sentence)
    return url.with_fragment(None)


def _absolute(registry: Endpoint, realm: str) -> URL:
    with suppress(ValueError):  # refused below, like every other text that is no address
        url = URL(realm)
        if url.absolute and url.host:
            return url
    raise UntrustedRealm(registry.host, "", "names a token server that is no absolute address")
