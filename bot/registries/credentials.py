"""A user name and secret for one registry host, which never shows itself."""

from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.registries.kinds import ProviderKind


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential, bound to its host.

    id: what limits are kept by; two credentials never share one. version: another one for each secret that it had;
    tokens are kept by both. kind: whose registry it is, where the host's name does not tell. token_hosts: token
    servers (`name[:port]`) beside the provider's own that its owner trusts with the secret. certificate: a CA's
    certificate as PEM that is trusted for this host beside the usual ones. insecure: the host is spoken to by http.
    ambient: no secret is held; the login is what this machine has (an instance's role, a workload's identity).
    """

    id: str
    host: str
    username: str
    secret: SecretStr = field(repr=False)
    token_hosts: frozenset[str] = frozenset()
    kind: ProviderKind | None = None
    version: str = ""
    certificate: str = ""
    insecure: bool = False
    ambient: bool = False

    @classmethod
    def of_this_machine(cls, id: str, host: str) -> "Credential":  # noqa: A002 - the name of the field
        """Return the credential that holds no secret: the login is what this machine has."""
        return cls(id, host, "", SecretStr(""), ambient=True)
