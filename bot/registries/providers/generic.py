"""Any registry that keeps to the distribution specification, which knows no times of pushes."""

from collections.abc import Mapping

from bot.registries.kinds import ProviderKind
from bot.registries.providers.provider import NO_HOSTS, Provider

# Some name a token server of another name. An entry is a promise that both belong to one owner: a credential for the
# left goes to the right.
TOKEN_SERVERS: Mapping[str, frozenset[str]] = {
    "registry.digitalocean.com": frozenset({"api.digitalocean.com"}),
    "docker.elastic.co": frozenset({"docker-auth.elastic.co"}),
    "lscr.io": frozenset({"ghcr.io"}),
}

GENERIC = Provider(ProviderKind.GENERIC, token_hosts=lambda host: TOKEN_SERVERS.get(host, NO_HOSTS))
