"""What a registry said to a credential, in one sentence with what to do."""

from __future__ import annotations

from typing import Final

from bot.explaining.shown import shown
from bot.registries import (
    AddressNotAllowed,
    ImageNotFound,
    InvalidCertificate,
    PushRefused,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    UntrustedRealm,
)
from bot.secrets_in_text import without_secrets

_ADVICE: Final[tuple[tuple[type[RegistryError], str], ...]] = (
    (PushRefused, "check that it may write to this repository"),
    (RegistryRefused, "check the user name, the secret, and that it may read this repository"),
    (ImageNotFound, "check the repository's name, and that the credential may read it"),
    (AddressNotAllowed, "the operator lets it be reached with NIRO_PRIVATE_NETWORKS=INSTALLATION:HOST=NETWORK"),
    (UntrustedRealm, "--token-host names a server that may have the secret, and it must speak HTTPS"),
    (InvalidCertificate, "give the authority's certificate as PEM"),
    (RegistryUnavailable, "check the host, and --certificate where its authority is your own; or try again later"),
)


def refusal(error: RegistryError) -> str:
    """Return the sentence, without a full stop; it holds no secret, and nothing that would move a cursor."""
    advice = next((advice for kind, advice in _ADVICE if isinstance(error, kind)), "try again later")
    return shown(without_secrets(f"{error}; {advice}"))
