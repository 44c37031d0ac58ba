"""Where a registry answers, and which token servers it may send us to."""

from collections.abc import Mapping, Set
from contextlib import suppress
from dataclasses import dataclass

from yarl import URL

from bot.images import DOCKER_HUB
from bot.registries.errors import UntrustedRealm

DOCKER_HUB_ENDPOINT = "registry-1.docker.io"

# The providers whose token server has another name than their registry. All others must be of the same origin.
# An entry is a promise that both belong to one provider: a credential for the left goes to the right.
TOKEN_SERVERS: Mapping[str, frozenset[str]] = {
    DOCKER_HUB: frozenset({"auth.docker.io"}),
    DOCKER_HUB_ENDPOINT: frozenset({"auth.docker.io"}),
    "registry.gitlab.com": frozenset({"gitlab.com"}),
    "registry.digitalocean.com": frozenset({"api.digitalocean.com"}),
    "docker.elastic.co": frozenset({"docker-auth.elastic.co"}),
    "lscr.io": frozenset({"ghcr.io"}),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A registry host as images name it, and the origin its requests go to."""

    host: str
    origin: URL

    def address(self, repository: str, rest: str) -> URL:
        """Return the address of `/v2/<repository>/<rest>`; both were checked by their grammar before."""
        return self.origin.with_path(f"/v2/{repository}/{rest}", encoded=True)


def endpoint(host: str, insecure_hosts: Set[str]) -> Endpoint:
    """Return where a host (`name[:port]`) answers: by https, unless the operator named it insecure."""
    scheme = "http" if host in insecure_hosts else "https"
    return Endpoint(host, URL(f"{scheme}://{DOCKER_HUB_ENDPOINT if host == DOCKER_HUB else host}"))


def authority(url: URL) -> str:
    """Return `name[:port]` of an address, without the port that its scheme implies."""
    return url.host_port_subcomponent or ""


def same_origin(one: URL, other: URL) -> bool:
    """Whether scheme, name and port agree; a port left out is the one that the scheme implies."""
    return (one.scheme, one.host, one.port) == (other.scheme, other.host, other.port)


def may_speak_to(url: URL, insecure_hosts: Set[str]) -> bool:
    """Whether the transport is allowed: https, or http to a host that the operator named insecure."""
    return url.scheme == "https" or (url.scheme == "http" and authority(url) in insecure_hosts)


def trusted_realm(registry: Endpoint, realm: str, token_hosts: Set[str], insecure_hosts: Set[str]) -> URL:
    """Return the token server's address when this registry may name it, else raise UntrustedRealm.

    Allowed are the registry's own origin, its provider's entry in TOKEN_SERVERS, and what the operator or the
    credential's owner listed in token_hosts (`name[:port]`). After containerd's CVE-2020-15157, where any registry
    could collect the credentials of another: the realm is the registry's word, and a registry may be anybody's.
    """
    url = _absolute(registry, realm)
    if url.user is not None or url.password is not None or not may_speak_to(url, insecure_hosts):
        raise UntrustedRealm(registry.host, authority(url), "names a token server without https, or with a user in it")
    allowed = token_hosts | TOKEN_SERVERS.get(registry.host, frozenset())
    if not same_origin(url, registry.origin) and authority(url) not in allowed:
        sentence = f"names {authority(url)} as its token server; list it as a token host if both belong together"
        raise UntrustedRealm(registry.host, authority(url), sentence)
    return url.with_fragment(None)


def _absolute(registry: Endpoint, realm: str) -> URL:
    with suppress(ValueError):  # refused below, like every other text that is no address
        url = URL(realm)
        if url.absolute and url.host:
            return url
    raise UntrustedRealm(registry.host, "", "names a token server that is no absolute address")
