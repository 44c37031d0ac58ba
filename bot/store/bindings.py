"""For what each kind of stored secret is sealed: a purpose, and the place that it may stand in."""

import hashlib
import json

from bot.store.columns import cleaned
from bot.store.stored_credential import StoredCredential

Binding = tuple[str, ...]


def of_credential(credential: StoredCredential) -> Binding:
    """Return the purpose and place of a credential's secret: its installation, id and host, and where it may go."""
    return ("credential", str(credential.installation), credential.id, credential.host, _ways(credential))


def _ways(credential: StoredCredential) -> str:
    """Return a hash of what says to whom the secret is sent, and how that one must prove who he is."""
    ways = {
        "kind": credential.kind,
        "token_hosts": credential.token_hosts,
        "insecure": credential.insecure,
        "certificate": cleaned(credential.certificate),
    }
    return hashlib.sha256(json.dumps(ways, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def of_hook(hook: str, installation: int | None, host: str) -> Binding:
    """Return the purpose and place of a hook's signing key; no installation: the operator's."""
    return ("hook", "" if installation is None else str(installation), hook, host)
