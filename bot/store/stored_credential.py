"""A credential as it is stored: all of it but the secret."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

_LISTS = ("token_hosts", "prefixes", "pull", "push")


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCredential:
    """A credential without its secret.

    id: stays as long as the credential; what was read with it is kept under it. name: unique in its installation.
    kind: whose registry it is, "" where the host's name tells. token_hosts: token servers that its owner trusts with
    the secret. certificate: a CA's certificate as PEM, or "". prefixes: the registry repositories that it reads, none
    for all. pull, push: the GitHub repositories (`owner/name`, `*` for all) that may use it. version: another one for
    each secret. verified_at: when a registry last took it, None when none ever did.
    """

    id: str
    installation: int
    name: str
    host: str
    kind: str
    username: str
    token_hosts: tuple[str, ...]
    certificate: str
    insecure: bool
    prefixes: tuple[str, ...]
    pull: tuple[str, ...] = ("*",)
    push: tuple[str, ...] = ()
    version: str
    created_at: datetime
    verified_at: datetime | None


def columns_of(credential: StoredCredential) -> dict[str, Any]:
    """Return a credential's columns with their values."""
    return {**asdict(credential), **{name: json.dumps(getattr(credential, name)) for name in _LISTS}}


def credential_of(row: Any) -> StoredCredential:
    """Read a credential from a row of its table."""
    values = row._asdict()
    del values["sealed"]
    return StoredCredential(**{**values, **{name: tuple(json.loads(values[name])) for name in _LISTS}})
