"""A user name and secret for one registry host, which never shows itself."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential as the store keeps it, bound to its host.

    id: what caches and limits are kept by; two credentials never share one. token_hosts: token servers
    (`name[:port]`) beside the built-in ones that its owner trusts with the secret.
    """

    id: str
    host: str
    username: str
    secret: str = field(repr=False)
    token_hosts: frozenset[str] = frozenset()
