"""With what a repository is read: by nobody in particular or with a credential, and where connections may go."""

from dataclasses import dataclass

from bot.registries.credentials import Credential


@dataclass(frozen=True, slots=True)
class Access:
    """How one reader reads a registry.

    credential: None for nobody in particular. networks: private networks (`10.0.0.0/8`) that the operator lets this
    reader reach at this host, beside the public ones.
    """

    credential: Credential | None = None
    networks: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Whose limits count: the credential's id, "" for nobody in particular."""
        return self.credential.id if self.credential else ""

    @property
    def version(self) -> str:
        """What tokens are kept by: the credential's id and its version, "" for nobody in particular."""
        return f"{self.credential.id} {self.credential.version}" if self.credential else ""


ANONYMOUS = Access()
"""Nobody in particular, at public addresses only."""
